import { ClinicZone, useChat, useClinic, useText } from '@bedside/react'
import { getRouteApi, Link, useLocation } from '@tanstack/react-router'
import { useCallback, useState } from 'react'
import { useSignedIn } from '../../app-context.tsx'
import { AppHeader, SignOutButton } from '../../layout/app-header.tsx'
import { useDocumentTitle } from '../../layout/use-document-title.ts'
import { AppointmentDetails } from './appointment-details.tsx'
import { ChatBody } from './chat-body.tsx'
import { ChatHeader } from './chat-header.tsx'
import { DetailsSheet } from './details-sheet.tsx'
import { unreadIn } from './unread-in.ts'
import { WhenClosed } from './when-closed.tsx'

const route = getRouteApi('/signed-in/appointments/$appointmentId/chat')

export function ChatPage() {
  const { strings } = useText()
  const { appointmentId } = route.useParams()
  const { chat } = useSignedIn()
  const room = useChat(chat, appointmentId)
  const clinic = useClinic(chat)
  const pathname = useLocation({ select: location => location.pathname })
  const [isSheetOpen, setIsSheetOpen] = useState(false)
  const closeSheet = useCallback(() => setIsSheetOpen(false), [])
  const ready = room.state.is === 'ready' ? room.state : null
  useDocumentTitle(strings.chat.title, ready ? unreadIn(ready) : 0)

  return (
    <ClinicZone timeZone={clinic?.timeZone ?? null}>
      <div className="flex h-dvh min-h-80 flex-col print:block print:h-auto">
        <AppHeader className="max-lg:hidden print:hidden" />
        <div className="flex min-h-0 flex-1 print:block">
          <main id="main" className="flex min-w-0 flex-1 flex-col print:block">
            <ChatHeader service={chat} chat={ready} onShowDetails={() => setIsSheetOpen(true)} />
            <div className="min-h-0 flex-1">
              <ChatBody
                chat={chat}
                room={room}
                clinic={clinic}
                whenClosed={
                  <WhenClosed chat={ready} address={pathname} onShowDetails={() => setIsSheetOpen(true)} />
                }
              />
            </div>
          </main>
          {ready !== null && (
            <aside
              aria-label={strings.chat.details}
              className="w-92 flex-none overflow-y-auto border-s border-line bg-surface p-6 max-lg:hidden print:hidden"
            >
              <AppointmentDetails chat={ready} service={chat} />
            </aside>
          )}
        </div>
        {ready !== null && (
          <DetailsSheet isOpen={isSheetOpen} onClose={closeSheet}>
            <AppointmentDetails chat={ready} service={chat} />
            <div className="mt-6 flex flex-wrap gap-3 border-t border-line pt-5">
              <Link to="/account" className="bs-button text-[0.9375rem]">
                {strings.account.title}
              </Link>
              <SignOutButton />
            </div>
          </DetailsSheet>
        )}
      </div>
    </ClinicZone>
  )
}
