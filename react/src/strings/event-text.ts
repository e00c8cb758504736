import type { Participant, SystemEvent } from '@bedside/core'
import type { Strings } from './en.ts'
import { isolate } from './isolate.ts'

/** What an event says, with the names of those who are or were in the room. Anybody else who acts is the clinic. */
export function eventText(
  event: SystemEvent,
  participants: readonly Participant[],
  strings: Strings,
): string {
  const { type, actorId, subjectId, minutes } = event
  const nameOf = (id: string) => {
    const found = participants.find(person => person.id === id)
    return found && isolate(found.displayName)
  }
  const whom = subjectId === null ? undefined : nameOf(subjectId)
  if (type === 'participant_removed' && subjectId !== null && actorId === subjectId) {
    return strings.participantLeft(whom ?? strings.message.unknownSender)
  }
  const who = actorId === null ? null : (nameOf(actorId) ?? strings.theClinic)
  return strings.events[type](who, whom ?? strings.somebody, minutes)
}
