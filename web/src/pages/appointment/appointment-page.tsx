import type { AppointmentDetail, SingleAppointmentState } from '@bedside/core'
import {
  Avatar,
  ClinicZone,
  EmptyState,
  isolate,
  roleLabel,
  useAppointment,
  useClinic,
  useText,
} from '@bedside/react'
import { getRouteApi, Link } from '@tanstack/react-router'
import { ArrowLeft, CloudOff, SearchX } from 'lucide-react'
import { useSignedIn } from '../../app-context.tsx'
import { otherPerson } from '../../appointment/other-person.ts'
import { StatusChip } from '../../appointment/status-chip.tsx'
import { AppHeader } from '../../layout/app-header.tsx'
import { PageHeading } from '../../layout/page-heading.tsx'
import { useDocumentTitle } from '../../layout/use-document-title.ts'
import { AppointmentBody } from './appointment-body.tsx'
import { chatWay } from './appointment-chat.ts'
import { AppointmentSkeleton } from './appointment-skeleton.tsx'
import { OpenChat } from './open-chat.tsx'

const route = getRouteApi('/signed-in/appointments/$appointmentId')

export function AppointmentPage() {
  const { strings } = useText()
  const { appointmentId } = route.useParams()
  const { chat } = useSignedIn()
  const { state, actions } = useAppointment(chat, appointmentId)
  const clinic = useClinic(chat)
  const detail = state.page?.detail ?? null
  useDocumentTitle(strings.appointment.page, detail?.room?.unread ?? 0)
  return (
    <>
      <AppHeader />
      <main id="main" className="mx-auto max-w-4xl px-4 pt-3 pb-16 sm:px-6 sm:pt-6">
        <Link
          to="/appointments"
          className="-ms-2 inline-flex min-h-11 items-center gap-2 rounded-xl px-2 font-semibold text-muted hover:text-ink"
        >
          <ArrowLeft aria-hidden className="icon-directional size-5" />
          {strings.chat.backToAppointments}
        </Link>
        <Title state={state} />
        {state.page === null ? (
          <Waiting state={state} onRetry={actions.reload} />
        ) : detail === null ? (
          <NotFound />
        ) : (
          <ClinicZone timeZone={clinic?.timeZone ?? null}>
            <Doubt state={state} onRetry={actions.reload} />
            <AppointmentBody detail={detail} freshness={state.freshness} service={chat} actions={actions} />
          </ClinicZone>
        )}
      </main>
    </>
  )
}

/** The heading stays the same element in every state. */
function Title({ state }: { state: SingleAppointmentState }) {
  const { strings } = useText()
  const { profile } = useSignedIn()
  const detail = state.page?.detail ?? null
  const other = detail && otherPerson(detail, profile.role === 'patient')
  return (
    <div className="mt-2 flex flex-wrap items-center gap-4">
      {other && (
        <span className="max-sm:self-start max-sm:pt-1">
          <Avatar name={other.displayName} role={other.role} isLarge />
        </span>
      )}
      <div className="min-w-0 flex-1">
        <PageHeading className="text-2xl leading-tight font-bold tracking-tight wrap-anywhere sm:text-3xl">
          {other
            ? (profile.role === 'admin' ? strings.appointment.of : strings.appointment.with)(
                isolate(other.displayName),
              )
            : strings.appointment.page}
        </PageHeading>
        {other && <Subtitle detail={detail} />}
      </div>
      {detail && chatWay(detail, profile.role, state.freshness).is === 'open' && (
        <OpenChat appointment={detail} />
      )}
    </div>
  )
}

function Subtitle({ detail }: { detail: AppointmentDetail }) {
  const { strings } = useText()
  const { profile } = useSignedIn()
  // A patient's account in somebody else's appointment writes for its patient.
  const isForSomebody = profile.role === 'patient' && profile.id !== detail.patient.id
  return (
    <div className="mt-1.5 flex flex-wrap items-center gap-x-3 gap-y-1.5">
      <StatusChip status={detail.status} />
      <p className="text-[0.9375rem] text-muted">
        {roleLabel(otherPerson(detail, profile.role === 'patient'), strings)}
        {isForSomebody && ` · ${strings.appointments.forPatient(isolate(detail.patient.displayName))}`}
      </p>
    </div>
  )
}

function Waiting({ state, onRetry }: { state: SingleAppointmentState; onRetry(): void }) {
  const { strings } = useText()
  if (state.error === null) return <AppointmentSkeleton />
  return (
    <div role="alert" className="mt-10">
      <EmptyState icon={<CloudOff />} title={strings.appointment.failed}>
        <p>{strings.errors[state.error.kind]}</p>
        <button type="button" className="bs-button mt-3" data-tone="accent" onClick={onRetry}>
          {strings.app.tryAgain}
        </button>
      </EmptyState>
    </div>
  )
}

/** One answer for what does not exist and for what is somebody else's. */
function NotFound() {
  const { strings } = useText()
  return (
    <div role="alert" className="mt-10">
      <EmptyState icon={<SearchX />} title={strings.appointment.notFound}>
        <p>{strings.chat.notFoundHelp}</p>
        <Link to="/appointments" className="bs-button mt-3" data-tone="accent">
          {strings.chat.backToAppointments}
        </Link>
      </EmptyState>
    </div>
  )
}

/** What is shown may not be what is: of an earlier visit, or not to be refreshed. */
function Doubt({ state, onRetry }: { state: SingleAppointmentState; onRetry(): void }) {
  const { strings } = useText()
  const { freshness, error } = state
  if (freshness === 'live' && error === null) return null
  return (
    <div
      role="status"
      className="mt-5 flex flex-wrap items-center gap-x-4 gap-y-2 rounded-card border border-warning-line bg-warning-soft px-5 py-3 text-warning"
    >
      <div className="min-w-56 flex-1">
        <p className="font-semibold">
          {freshness === 'cached' ? strings.appointment.cached : strings.appointment.failed}
        </p>
        {error && <p>{strings.errors[error.kind]}</p>}
      </div>
      {error && (
        <button type="button" className="bs-button" onClick={onRetry}>
          {strings.app.tryAgain}
        </button>
      )}
    </div>
  )
}
