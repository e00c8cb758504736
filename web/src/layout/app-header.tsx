import { Avatar, roleLabel, useText } from '@bedside/react'
import { Link } from '@tanstack/react-router'
import { LogOut } from 'lucide-react'
import { useApp, useSignedIn } from '../app-context.tsx'
import { BrandMark } from './brand-mark.tsx'

/** Who is signed in, and the ways out. `className` lets a page hide it where room is short. */
export function AppHeader({ className = '' }: { className?: string }) {
  const { strings } = useText()
  const { profile } = useSignedIn()
  return (
    <header className={`border-b border-line bg-surface ${className}`}>
      <div className="mx-auto flex min-h-16 max-w-[90rem] items-center gap-2 px-4 sm:gap-4 sm:px-6">
        <Link
          to="/appointments"
          className="flex min-h-11 min-w-11 items-center gap-2.5 text-lg font-bold tracking-tight"
        >
          <BrandMark className="size-9" />
          <span className="max-sm:sr-only">{strings.app.name}</span>
        </Link>
        <div className="ms-auto flex min-w-0 items-center gap-2 sm:gap-4">
          <Link
            to="/account"
            className="flex min-h-11 min-w-0 items-center gap-2.5 rounded-xl px-1.5 max-[24rem]:px-0 hover:bg-sunken"
          >
            {/* Where there is room for one of the two only, the name. */}
            <span className="flex-none max-[24rem]:hidden">
              <Avatar name={profile.displayName} role={profile.role} />
            </span>
            <p className="flex min-w-0 flex-col items-start text-[0.9375rem] leading-tight">
              <span className="sr-only">{strings.app.signedInAs} </span>
              <span
                dir="auto"
                className="line-clamp-2 max-[24rem]:line-clamp-3 max-w-full font-semibold wrap-break-word"
              >
                {profile.displayName}
              </span>
              <span className="max-w-full truncate text-muted max-sm:hidden">
                {roleLabel(profile, strings)}
              </span>
            </p>
          </Link>
          <SignOutButton />
        </div>
      </div>
    </header>
  )
}

export function SignOutButton() {
  const { strings } = useText()
  const { session } = useApp()
  return (
    <button
      type="button"
      className="bs-button flex-none text-[0.9375rem] whitespace-nowrap max-sm:px-3 max-[24rem]:px-2"
      onClick={() => session.signOut().catch(reportError)}
    >
      <LogOut aria-hidden className="icon-directional size-4.5 max-[24rem]:hidden" />
      {strings.app.signOut}
    </button>
  )
}
