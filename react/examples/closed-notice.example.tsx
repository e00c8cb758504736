import type { ReplyBlock } from '@bedside/core'
import { ClosedNotice } from '@bedside/react'
import type { Example } from './example.ts'

/** One entry each: the compiler counts them. */
const BLOCKS = {
  appointment_not_confirmed: 0,
  appointment_cancelled: 0,
  appointment_missed: 0,
  reply_window_over: 0,
  room_closed: 0,
  room_archived: 0,
  room_locked: 0,
  patient_may_not_reply: 0,
  consent_missing: 0,
} satisfies Record<ReplyBlock, unknown>

export const example: Example = {
  about: 'Stands where the composer would: why nothing can be written, and what to do instead.',
  states: Object.fromEntries(
    (Object.keys(BLOCKS) as ReplyBlock[]).flatMap(block =>
      (['patient', 'doctor'] as const).map(role => [
        `${block}, for a ${role}`,
        () => <ClosedNotice block={block} role={role} />,
      ]),
    ),
  ),
}
