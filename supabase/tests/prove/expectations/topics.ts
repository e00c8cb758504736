/**
 * Who may join which topic, and who may send to it; from docs/architecture.md, "Topics". All are private. Who is not
 * named may not.
 */

import { appointment, person, room } from '../world/ids.ts'
import type { Case } from './function-types.ts'
import { leftA, suspendedNow } from './givens.ts'

export interface TopicExpectation {
  readonly topic: string
  /** What it is, for the matrix. */
  readonly label: string
  readonly joins?: string
  readonly sends?: string
}

/** What stands before the first colon. A new one in a policy, in `may_join` or in what is told fails the run. */
export const TOPIC_KINDS = ['room', 'live', 'user']

/** Policies on realtime.messages, as `verb:name`. */
export const TOPIC_POLICIES = 'select:read_joined insert:send_live'

const IN_A = 'patient doctor proxy careTeam'

export const TOPICS: TopicExpectation[] = [
  // An administrator with a grant listens, and is never "present".
  { label: 'room of a', topic: `room:${room.a}:1`, joins: `${IN_A} grantedAdmin` },
  { label: 'live of a', topic: `live:${room.a}:1`, joins: IN_A, sends: IN_A },
  { label: 'room of a, next epoch', topic: `room:${room.a}:2` },
  { label: 'live of a, next epoch', topic: `live:${room.a}:2` },
  { label: 'room of a, no epoch', topic: `room:${room.a}` },
  { label: 'room of b', topic: `room:${room.b}:1`, joins: 'otherPatient otherDoctor' },
  {
    label: 'live of b',
    topic: `live:${room.b}:1`,
    joins: 'otherPatient otherDoctor',
    sends: 'otherPatient otherDoctor',
  },
  // History may be listened to: nothing more is told there, but that something was erased.
  { label: 'room of a, archived', topic: `room:${room.aOld}:1`, joins: 'patient doctor' },
  { label: 'an appointment as room', topic: `room:${appointment.a}:1` },
  { label: 'user patient', topic: `user:${person.patient}`, joins: 'patient' },
  { label: 'user doctor', topic: `user:${person.doctor}`, joins: 'doctor' },
  { label: 'user admin', topic: `user:${person.admin}`, joins: 'admin' },
  { label: 'user suspended', topic: `user:${person.suspended}` },
  { label: 'user stranger', topic: `user:${person.stranger}` },
  { label: 'user of nobody', topic: 'user:' },
  { label: 'admin', topic: 'admin' },
  { label: 'unknown', topic: `appointment:${appointment.a}` },
]

/** The same questions in another world; the statement is what Realtime asks the database (cells/topics.ts). */
export interface TopicCase {
  readonly why: string
  readonly who: Exclude<Case['who'], 'owner' | 'superuser'>
  readonly topic: string
  readonly given: string
  readonly mayJoin: boolean
}

const oldTopic = `room:${room.a}:1`
const newTopic = `room:${room.a}:2`
const epoch2 = `update public.chat_rooms set epoch = 2 where id = '${room.a}'`
const grants = (set: string) => `update public.access_grants set ${set} where ended_at is null`

export const TOPIC_CASES: TopicCase[] = [
  { why: 'the old epoch', who: 'patient', topic: oldTopic, given: epoch2, mayJoin: false },
  { why: 'the new epoch', who: 'patient', topic: newTopic, given: epoch2, mayJoin: true },
  { why: 'the old epoch', who: 'grantedAdmin', topic: oldTopic, given: epoch2, mayJoin: false },
  { why: 'removed', who: 'patient', topic: oldTopic, given: leftA('patient'), mayJoin: false },
  { why: 'suspended', who: 'patient', topic: oldTopic, given: suspendedNow('patient'), mayJoin: false },
  {
    why: 'suspended, their own',
    who: 'patient',
    topic: `user:${person.patient}`,
    given: suspendedNow('patient'),
    mayJoin: false,
  },
  {
    why: 'suspended under a grant',
    who: 'grantedAdmin',
    topic: oldTopic,
    given: suspendedNow('grantedAdmin'),
    mayJoin: false,
  },
  {
    why: 'the grant was ended',
    who: 'grantedAdmin',
    topic: oldTopic,
    given: grants('ended_at = now()'),
    mayJoin: false,
  },
  {
    why: 'the grant has run out',
    who: 'grantedAdmin',
    topic: oldTopic,
    given: grants("starts_at = now() - interval '2 hours', expires_at = now() - interval '1 hour'"),
    mayJoin: false,
  },
  {
    why: 'the grant is another’s',
    who: 'grantedAdmin',
    topic: oldTopic,
    given: grants(`admin_id = '${person.admin}'`),
    mayJoin: false,
  },
]
