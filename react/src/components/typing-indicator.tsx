/** Who is typing, in words, spoken politely. Its line is always there, so that nothing moves when somebody begins. */
import type { Participant } from '@bedside/core'
import { isolate } from '../strings/isolate.ts'
import { useText } from '../strings/strings-provider.tsx'

export interface TypingIndicatorProps {
  /** By user id; who is not among the participants is not shown. */
  typing: readonly string[]
  participants: readonly Participant[]
}

export function TypingIndicator({ typing, participants }: TypingIndicatorProps) {
  const { strings } = useText()
  const [first, second, ...more] = typing.flatMap(userId => {
    const person = participants.find(each => each.id === userId)
    return person ? [isolate(person.displayName)] : []
  })
  return (
    <p className="bs-typing" role="status">
      {first !== undefined &&
        (second === undefined
          ? strings.typing.one(first)
          : more.length === 0
            ? strings.typing.two(first, second)
            : strings.typing.many(2 + more.length))}
    </p>
  )
}
