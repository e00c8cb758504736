import type { Appointment, AppointmentListState, AppointmentScope, Person } from '@bedside/core'
import { EmptyState, useText } from '@bedside/react'
import { CalendarDays } from 'lucide-react'
import { AppointmentCard } from './appointment-card.tsx'
import { AppointmentsFailed } from './appointments-failed.tsx'
import { AppointmentsSkeleton } from './appointments-skeleton.tsx'

export interface AppointmentListProps {
  scope: AppointmentScope
  me: Person
  state: AppointmentListState
  onLoadMore(): void
  onReload(): void
}

export function AppointmentList({ scope, me, state, onLoadMore, onReload }: AppointmentListProps) {
  const { strings, dates } = useText()
  const { page, isLoading, error, freshness } = state
  if (page === null) {
    return error === null ? <AppointmentsSkeleton /> : <AppointmentsFailed error={error} onRetry={onReload} />
  }
  if (page.appointments.length === 0) return <NoAppointments scope={scope} me={me} />

  return (
    <>
      {freshness === 'cached' && (
        <p role="status" className="mt-6 text-muted">
          {strings.appointments.cached}
        </p>
      )}
      {daysOf(page.appointments, dates.relativeDay).map(day => (
        <section key={day.key} className="mt-7">
          <h2 className="mb-3 text-lg font-semibold">{day.name}</h2>
          <ul className="grid gap-3">
            {day.appointments.map(appointment => (
              <li key={appointment.id}>
                <AppointmentCard appointment={appointment} me={me} />
              </li>
            ))}
          </ul>
        </section>
      ))}
      {error !== null && <AppointmentsFailed error={error} onRetry={page.hasMore ? onLoadMore : onReload} />}
      {page.hasMore && error === null && (
        <div className="mt-8 text-center">
          <button type="button" className="bs-button" aria-disabled={isLoading} onClick={onLoadMore}>
            {isLoading ? strings.appointments.loadingMore : strings.appointments.loadMore}
          </button>
        </div>
      )}
    </>
  )
}

function NoAppointments({ scope, me }: { scope: AppointmentScope; me: Person }) {
  const { appointments } = useText().strings
  const isPast = scope === 'past'
  return (
    <div className="mt-10">
      <EmptyState
        icon={<CalendarDays />}
        title={isPast ? appointments.emptyPast : appointments.emptyUpcoming}
      >
        <p>
          {isPast
            ? appointments.emptyPastHelp
            : me.role === 'patient'
              ? appointments.emptyUpcomingHelp
              : appointments.emptyUpcomingHelpStaff}
        </p>
      </EmptyState>
    </div>
  )
}

/** Runs of the same day, in the order given. */
function daysOf(appointments: Appointment[], dayName: (iso: string) => string) {
  const days: { key: string; name: string; appointments: Appointment[] }[] = []
  for (const appointment of appointments) {
    const name = dayName(appointment.startsAt)
    const last = days.at(-1)
    if (last?.name === name) last.appointments.push(appointment)
    else days.push({ key: appointment.id, name, appointments: [appointment] })
  }
  return days
}
