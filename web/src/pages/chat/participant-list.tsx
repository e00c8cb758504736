import type { ChatService, ReadyChat } from '@bedside/core'
import { usePresence } from '@bedside/react'
import { PersonRow } from '../../appointment/person-row.tsx'

export function ParticipantList({ chat, service }: { chat: ReadyChat; service: ChatService }) {
  const present = usePresence(service, chat.appointment.id)
  return (
    <ul className="grid gap-3">
      {chat.room.participants.map(person => (
        <li key={person.id}>
          <PersonRow person={person} isMe={person.id === chat.me} isPresent={present.includes(person.id)} />
        </li>
      ))}
    </ul>
  )
}
