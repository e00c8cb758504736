import type { Appointment, AppointmentListState, AppointmentScope, Person } from '@bedside/core'
import { EmptyState, useText } from '@bedside/react'
import { CalendarDays, Inbox } from 'lucide-react'
import { AppointmentCard } from './appointment-card.tsx'
import { AppointmentsFailed } from './appointments-failed.tsx'
import { AppointmentsSkeleton } from './appointments-skeleton.tsx'

export interface AppointmentListProps {
  scope: AppointmentScope
  /** Of the inbox, those in which somebody waits. */
  isWaitingOnly: boolean
  me: Person
  state: AppointmentListState
  onLoadMore(): void
  onReload(): void
}

export function AppointmentList(props: AppointmentListProps) {
  const { scope, isWaitingOnly, me, state, onLoadMore, onReload } = props
  const { strings, dates } = useText()
  const { page, isLoading, error, freshness } = state
  if (page === null) {
    return error === null ? <AppointmentsSkeleton /> : <AppointmentsFailed error={error} onRetry={onReload} />
  }
  const shown = isWaitingOnly ? page.appointments.filter(each => each.room?.waitingSince) : page.appointments
  // Who waits comes first: the first who does not is the end of those who do.
  const hasMore = page.hasMore && shown.length === page.appointments.length
  const isWaiting = scope === 'inbox' && (isWaitingOnly || me.role === 'admin')
  if (shown.length === 0) return isWaiting ? <NobodyWaits /> : <NoAppointments scope={scope} me={me} />

  return (
    <>
      {freshness === 'cached' && (
        <p role="status" className="mt-6 text-muted">
          {strings.appointments.cached}
        </p>
      )}
      {scope === 'inbox' ? (
        <section className="mt-7">
          <h2 className="sr-only">{strings.appointments.scopes.inbox}</h2>
          <Cards appointments={shown} me={me} hasDay />
        </section>
      ) : (
        daysOf(shown, dates.relativeDay).map(day => (
          <section key={day.key} className="mt-7">
            <h2 className="mb-3 text-lg font-semibold">{day.name}</h2>
            <Cards appointments={day.appointments} me={me} />
          </section>
        ))
      )}
      {error !== null && <AppointmentsFailed error={error} onRetry={hasMore ? onLoadMore : onReload} />}
      {hasMore && error === null && (
        <div className="mt-8 text-center">
          <button type="button" className="bs-button" aria-disabled={isLoading} onClick={onLoadMore}>
            {isLoading ? strings.appointments.loadingMore : strings.appointments.loadMore}
          </button>
        </div>
      )}
    </>
  )
}

function Cards(props: { appointments: Appointment[]; me: Person; hasDay?: boolean }) {
  const { appointments, me, hasDay = false } = props
  return (
    <ul className="grid gap-3">
      {appointments.map(appointment => (
        <li key={appointment.id}>
          <AppointmentCard appointment={appointment} me={me} hasDay={hasDay} />
        </li>
      ))}
    </ul>
  )
}

function NobodyWaits() {
  const { appointments } = useText().strings
  return (
    <div role="status" className="mt-10">
      <EmptyState icon={<Inbox />} title={appointments.nobodyWaits}>
        <p>{appointments.nobodyWaitsHelp}</p>
      </EmptyState>
    </div>
  )
}

function NoAppointments({ scope, me }: { scope: AppointmentScope; me: Person }) {
  const { appointments } = useText().strings
  const isPast = scope === 'past'
  const isInbox = scope === 'inbox'
  return (
    <div className="mt-10">
      <EmptyState
        icon={<CalendarDays />}
        title={
          isInbox ? appointments.emptyInbox : isPast ? appointments.emptyPast : appointments.emptyUpcoming
        }
      >
        <p>
          {isInbox
            ? appointments.emptyInboxHelp
            : isPast
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
