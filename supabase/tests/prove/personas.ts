/** Who asks. In the order of the matrix's columns. */
import { person } from './world/ids.ts'

export const PERSONAS = [
  'anon',
  'patient',
  'otherPatient',
  'doctor',
  'otherDoctor',
  'admin',
  'grantedAdmin',
  'former',
  'suspended',
  'expired',
  'proxy',
  'careTeam',
  'stranger',
  'service',
] as const

export type Persona = (typeof PERSONAS)[number]

/** A token that has run out reaches no database: the gateway refuses it. The wire's suite asks with one. */
export const SQL_PERSONAS = PERSONAS.filter(persona => persona !== 'expired')

export interface Identity {
  readonly role: 'anon' | 'authenticated' | 'service_role'
  readonly userId: string | null
}

export function identityOf(persona: Persona): Identity {
  if (persona === 'anon') return { role: 'anon', userId: null }
  if (persona === 'service') return { role: 'service_role', userId: null }
  return { role: 'authenticated', userId: person[persona === 'expired' ? 'patient' : persona] }
}

/** What the columns of the matrix are called. */
export const COLUMN: Record<Persona, string> = {
  anon: 'anon',
  patient: 'pat',
  otherPatient: 'pat2',
  doctor: 'doc',
  otherDoctor: 'doc2',
  admin: 'adm',
  grantedAdmin: 'adm+',
  former: 'form',
  suspended: 'susp',
  expired: 'expd',
  proxy: 'prox',
  careTeam: 'care',
  stranger: 'none',
  service: 'svc',
}

/** `'patient doctor'` as a list. @throws on a name that is nobody's */
export function personas(names: string): Persona[] {
  return names.split(/\s+/).map(name => {
    const found = PERSONAS.find(persona => persona === name)
    if (!found) throw new Error(`There is no persona "${name}".`)
    return found
  })
}
