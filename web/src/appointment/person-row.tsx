import type { ParticipantRole, Person } from '@bedside/core'
import { Avatar, PresenceDot, roleLabel, useText } from '@bedside/react'
import type { ReactNode } from 'react'

export interface PersonRowProps {
  person: Omit<Person, 'role'> & { role: Person['role'] | ParticipantRole; leftAt?: string | null }
  isMe: boolean
  /** Has the chat open. */
  isPresent?: boolean
  /** What can be done with them. */
  children?: ReactNode
}

export function PersonRow({ person, isMe, isPresent = false, children }: PersonRowProps) {
  const { strings } = useText()
  return (
    <div className="flex items-center gap-3">
      <Avatar name={person.displayName} role={person.role} />
      <p className="min-w-0 flex-1 leading-snug">
        <span className="font-semibold wrap-anywhere">
          <bdi>{person.displayName}</bdi>
          {isMe && <span className="font-normal text-muted"> {strings.chat.itIsYou}</span>}
          {isPresent && (
            <>
              {' '}
              <PresenceDot />
            </>
          )}
        </span>
        <span className="block text-[0.9375rem] text-muted">
          {person.leftAt ? strings.chat.hasLeft : roleLabel(person, strings)}
        </span>
      </p>
      {children}
    </div>
  )
}
