/** The state of the chat in words, why one cannot write there, and what its clinicians can do with it. */
import type { ReplyBlock } from '@bedside/core'
import { ClosedNotice, useClinic, useText } from '@bedside/react'
import { Link } from '@tanstack/react-router'
import { MessageSquareOff, MessagesSquare } from 'lucide-react'
import { useSignedIn } from '../../app-context.tsx'
import { StepChooser } from '../../appointment/step-chooser.tsx'
import { WaitingNote } from '../../appointment/waiting-note.tsx'
import type { AppointmentBodyProps } from './appointment-body.tsx'
import { type ChatStep, chatSteps, chatWay, takeChatStep } from './appointment-chat.ts'

const ENDS: readonly ChatStep[] = ['read_only', 'closed', 'replies_off']

export function ChatCard({ detail, freshness, service, actions }: AppointmentBodyProps) {
  const { strings } = useText()
  const { profile } = useSignedIn()
  const { chat } = detail
  const way = chatWay(detail, profile.role, freshness)
  const block = way.is === 'closed' ? way.block : (chat?.replyBlock ?? null)
  return (
    <>
      {way.is !== 'removed' && <ChatState detail={detail} isOpen={way.is === 'open'} />}
      {way.is === 'desk' && <p className="text-muted">{strings.appointment.deskChat}</p>}
      {way.is === 'removed' && (
        <div>
          <p className="font-semibold">{strings.chat.revoked}</p>
          <p className="text-muted">{strings.chat.revokedHelp}</p>
        </div>
      )}
      {block !== null && <Blocked {...{ detail, freshness, service, block }} />}
      <StepChooser
        title={strings.chatSteps.title}
        steps={chatSteps(detail)}
        words={strings.chatSteps}
        dangerous={ENDS}
        take={step => takeChatStep(actions, step)}
      />
    </>
  )
}

function ChatState({ detail, isOpen }: { detail: AppointmentBodyProps['detail']; isOpen: boolean }) {
  const { strings, dates } = useText()
  const { profile } = useSignedIn()
  const { room, chat } = detail
  const Icon = room === null ? MessageSquareOff : MessagesSquare
  const isStaff = profile.role !== 'patient'
  return (
    <div className="grid gap-1.5">
      <p className="flex items-center gap-2 font-semibold">
        <Icon aria-hidden className="size-5 flex-none text-muted" />
        {room === null ? strings.appointment.noRoom : strings.appointment.rooms[room.status]}
      </p>
      {room?.waitingSince && isStaff && <WaitingNote since={room.waitingSince} />}
      {isOpen && room !== null && (
        <p className="text-[0.9375rem] text-muted">
          {room.unread > 0 ? strings.appointments.unread(room.unread) : strings.appointment.noUnread}
          {room.lastMessageAt !== null &&
            ` · ${strings.appointments.lastMessage(dates.recent(room.lastMessageAt))}`}
        </p>
      )}
      {chat?.replyUntil && chat.replyBlock === null && (
        <p className="text-[0.9375rem] text-muted">
          {strings.composer.replyUntil(dates.dayAndTime(chat.replyUntil))}
        </p>
      )}
      {chat?.patientMayReply === false && isStaff && (
        <p className="text-[0.9375rem] text-muted">{strings.appointment.repliesOff}</p>
      )}
    </div>
  )
}

function Blocked(
  props: Pick<AppointmentBodyProps, 'detail' | 'freshness' | 'service'> & { block: ReplyBlock },
) {
  const { detail, freshness, service, block } = props
  const { strings } = useText()
  const { profile } = useSignedIn()
  const clinic = useClinic(service)
  return (
    <ClosedNotice block={block} role={detail.role ?? profile.role}>
      {block === 'consent_missing' && freshness === 'live' && (
        <Link
          to="/consent"
          search={{ next: `/appointments/${detail.id}` }}
          className="bs-button me-2 mt-3"
          data-tone="accent"
        >
          {strings.consent.readAndAgree}
        </Link>
      )}
      {profile.role === 'patient' && clinic?.phone && (
        <a className="bs-button mt-3" href={`tel:${clinic.phone.replaceAll(/[^+\d]/gu, '')}`}>
          {strings.emergency.call(clinic.phone)}
        </a>
      )}
    </ClosedNotice>
  )
}
