import type { Person } from '@bedside/core'
import type { Strings } from '../strings/en.ts'

/** "Doctor, Cardiology": what somebody is, always shown beside their name. */
export function roleLabel(person: Pick<Person, 'role' | 'specialty'>, strings: Strings): string {
  const role = strings.roles[person.role]
  return person.specialty ? `${role}, ${person.specialty}` : role
}
