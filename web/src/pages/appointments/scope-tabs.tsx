import type { AppointmentScope } from '@bedside/core'
import { useText } from '@bedside/react'
import { Link } from '@tanstack/react-router'

/** Links, not tabs: each has its own address, and Back works. */
export function ScopeTabs({ current, scopes }: { current: AppointmentScope; scopes: AppointmentScope[] }) {
  const { strings } = useText()
  return (
    <nav aria-label={strings.appointments.scopeNavigation}>
      <ul className="flex flex-wrap rounded-2xl bg-sunken p-1">
        {scopes.map(scope => (
          <li key={scope}>
            <Link
              to="/appointments"
              search={scope === 'upcoming' ? {} : { show: scope }}
              // An address without `show` would count as part of every other.
              activeOptions={{ exact: true }}
              aria-current={scope === current ? 'page' : undefined}
              className="grid min-h-11 place-items-center rounded-xl px-4 font-semibold sm:px-5 text-muted hover:text-ink aria-[current=page]:bg-surface aria-[current=page]:text-ink aria-[current=page]:shadow-card forced-colors:aria-[current=page]:border-b-4 dark:aria-[current=page]:bg-soft dark:aria-[current=page]:text-on-soft"
            >
              {strings.appointments.scopes[scope]}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
