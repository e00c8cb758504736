/** Every reason why somebody may not write, as far as it concerns the functions that write. */
import { type Case, no } from './function-types.ts'
import { newConsent, roomOfA, visitOfA } from './givens.ts'

const BLOCKED: [block: string, given: string][] = [
  ['room_archived', roomOfA("status = 'archived', locked_at = now()")],
  ['room_locked', roomOfA("locked_at = now(), status = 'closed'")],
  ['appointment_cancelled', `${visitOfA("status = 'cancelled'")}; ${roomOfA("status = 'closed'")}`],
  ['appointment_missed', `${visitOfA("status = 'no_show'")}; ${roomOfA("status = 'closed'")}`],
  ['room_closed', roomOfA("status = 'closed'")],
  ['appointment_not_confirmed', roomOfA("status = 'pending'")],
  ['room_closed', roomOfA("status = 'read_only'")],
  ['reply_window_over', roomOfA("status = 'read_only', reply_until = now()")],
  ['reply_window_over', roomOfA("reply_until = now() - interval '1 second'")],
  ['patient_may_not_reply', roomOfA('patient_may_reply = false')],
  ['patient_may_not_reply', `${roomOfA('patient_may_reply = false')}; ${newConsent({ en: 'X' })}`],
  ['consent_missing', newConsent({ en: 'X' })],
]

export const blockedCases = (who: Case['who']): Case[] =>
  BLOCKED.map(([block, given]) => no(who, block, `403 reply_blocked ${block}`, {}, given))
