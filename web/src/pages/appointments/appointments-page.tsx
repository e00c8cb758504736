import type { AppointmentScope } from '@bedside/core'
import { ClinicZone, useAppointments, useClinic, useText } from '@bedside/react'
import { getRouteApi } from '@tanstack/react-router'
import { Check } from 'lucide-react'
import { useSignedIn } from '../../app-context.tsx'
import { AppHeader } from '../../layout/app-header.tsx'
import { PageHeading } from '../../layout/page-heading.tsx'
import { useDocumentTitle } from '../../layout/use-document-title.ts'
import { AppointmentList } from './appointment-list.tsx'
import { ScopeTabs } from './scope-tabs.tsx'

const route = getRouteApi('/signed-in/appointments')

export function AppointmentsPage() {
  const { strings, dates } = useText()
  const { chat, profile } = useSignedIn()
  const { show, only } = route.useSearch()
  const navigate = route.useNavigate()
  const scopes: AppointmentScope[] =
    profile.role === 'patient' ? ['upcoming', 'past'] : ['inbox', 'upcoming', 'past']
  const scope = show !== undefined && scopes.includes(show) ? show : 'upcoming'
  const isWaitingOnly = scope === 'inbox' && only === 'waiting'
  const list = useAppointments(chat, scope)
  const clinic = useClinic(chat)
  const appointments = list.state.page?.appointments ?? []
  useDocumentTitle(
    strings.appointments.title,
    appointments.reduce((sum, appointment) => sum + (appointment.room?.unread ?? 0), 0),
  )
  return (
    <>
      <AppHeader />
      <main id="main" className="mx-auto max-w-4xl px-4 pt-6 pb-16 sm:px-6 sm:pt-10">
        <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-4">
          <PageHeading className="text-3xl font-bold tracking-tight">
            {strings.appointments.title}
          </PageHeading>
          <ScopeTabs current={scope} scopes={scopes} />
        </div>
        {/* The front desk's inbox has no others. */}
        {scope === 'inbox' && profile.role === 'doctor' && (
          <button
            type="button"
            aria-pressed={isWaitingOnly}
            className="bs-button mt-5"
            onClick={() =>
              void navigate({
                search: isWaitingOnly ? { show: 'inbox' } : { show: 'inbox', only: 'waiting' },
                replace: true,
              })
            }
          >
            {isWaitingOnly && <Check aria-hidden className="size-5" />}
            {strings.appointments.onlyWaiting}
          </button>
        )}
        <ClinicZone timeZone={clinic?.timeZone ?? null}>
          <AppointmentList
            key={scope}
            scope={scope}
            isWaitingOnly={isWaitingOnly}
            me={profile}
            state={list.state}
            onLoadMore={list.loadMore}
            onReload={list.reload}
          />
        </ClinicZone>
        {appointments.length > 0 && (
          <p className="mt-8 text-center text-[0.9375rem] text-muted">
            {strings.appointment.timeZoneNote(dates.zoneName(new Date().toISOString()))}
          </p>
        )}
      </main>
    </>
  )
}
