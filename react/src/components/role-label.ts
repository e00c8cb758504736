import type { ParticipantRole, Role } from '@bedside/core'
import type { Strings } from '../strings/en.ts'
import { isolate } from '../strings/isolate.ts'

/** "Doctor, Cardiology": what somebody is to the clinic or in a room, always shown beside their name. */
export function roleLabel(
  person: { role: Role | ParticipantRole; specialty: string | null },
  strings: Strings,
): string {
  const role = strings.roles[person.role]
  return person.specialty ? strings.roleWithSpecialty(role, isolate(person.specialty)) : role
}
