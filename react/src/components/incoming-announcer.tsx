/** Speaks messages of others as they arrive, politely. History that is loaded later is not spoken. */
import { isWritten, type Message, type ReadyChat } from '@bedside/core'
import { useState } from 'react'
import { isolate } from '../strings/isolate.ts'
import { useText } from '../strings/strings-provider.tsx'
import { roleLabel } from './role-label.ts'

const SPOKEN_AT_ONCE = 3

export function IncomingAnnouncer({ chat }: { chat: ReadyChat }) {
  const { strings } = useText()
  const newest = chat.messages.at(-1)?.seq ?? 0
  // The messages spoken last, and the seq up to which everything was spoken.
  const [spoken, setSpoken] = useState({ upTo: newest, from: newest })
  if (newest > spoken.upTo) setSpoken({ upTo: newest, from: spoken.upTo })

  const arrived = since(chat.messages, spoken.from).filter(
    message => message.senderId !== chat.me && isWritten(message),
  )
  return (
    <div className="bs-sr-only" aria-live="polite">
      {arrived.length > SPOKEN_AT_ONCE ? (
        <p key={newest}>{strings.list.newMessages(arrived.length)}</p>
      ) : (
        arrived.map(message => {
          if (message.senderId === null) {
            return <p key={message.id}>{strings.list.announceNotice(isolate(message.body ?? ''))}</p>
          }
          const sender = chat.room.participants.find(person => person.id === message.senderId)
          const name = sender?.displayName ?? strings.message.unknownSender
          return (
            <p key={message.id}>
              {strings.list.announce(
                isolate(name),
                sender ? roleLabel(sender, strings) : '',
                isolate(message.body ?? ''),
              )}
            </p>
          )
        })
      )}
    </div>
  )
}

/** From the end: there may be a hundred thousand before. */
export function since(messages: readonly Message[], seq: number): readonly Message[] {
  return messages.slice(messages.findLastIndex(message => message.seq <= seq) + 1)
}
