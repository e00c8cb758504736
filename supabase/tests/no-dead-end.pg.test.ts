/** Wherever somebody cannot write there is a reason, words for it, and a way on that works. */
import { describe, expect, it } from 'vitest'
import type { Attempt } from './empty-clinic.ts'
import { APPOINTMENT, blockOf, canBe, type Part, ROOM, type Step } from './states/model.ts'
import { type Place, put } from './states/place.ts'
import { type Visit, wing } from './states/visit.ts'

const { clinic, ids } = await wing()
const connection = await clinic.connect()

const PARTS: Part[] = ['patient', 'proxy', 'doctor', 'care_team']
const STEPS = [
  'confirm_appointment',
  'wait_for_confirmation',
  'reopen_room',
  'book_appointment',
  'call_clinic',
]

interface Answer {
  may_reply: boolean
  block: string | null
  hint: string | null
  next_step: string | null
}

const places: Place[] = APPOINTMENT.flatMap(appointment =>
  ROOM.flatMap(status =>
    (['none', 'running', 'over'] as const).flatMap(window =>
      [true, false].flatMap(isLocked =>
        [true, false].map(mayPatientReply => ({
          appointment,
          hasStarted: true,
          room: { status, window, isLocked, mayPatientReply },
        })),
      ),
    ),
  ),
)

/** The way on that is in the person's own hands, if it is. */
const OWN_STEP: { [step: string]: (by: Part) => Step } = {
  confirm_appointment: by => ({ do: 'appointment', by, to: 'confirmed' }),
  reopen_room: by => ({ do: 'room', by, to: 'open' }),
}

const answerOf = (said: Attempt, what: string): Answer => {
  expect(said, what).toMatchObject({ isDone: true })
  return (said as { answer: unknown }).answer as Answer
}

describe('M18 nobody is left without a way on', () => {
  const count = { may: 0, blocked: 0, led: 0 }

  async function tryPlace(place: Place) {
    for (const part of PARTS) {
      const what = JSON.stringify({ place, part })
      let visit: Visit
      try {
        visit = await put(connection, ids, place)
        const wanted = blockOf(place, part)
        const ask = async () =>
          answerOf(await connection.attempt(ids[part], 'can_reply', { room_id: visit.roomId() }), what)
        const answer = await ask()
        expect(answer, what).toMatchObject({ may_reply: wanted === null, block: wanted })
        const sent = await visit.take({ do: 'send', by: part })
        if (wanted === null) {
          expect([answer.hint, answer.next_step], what).toEqual([null, null])
          expect(sent, what).toMatchObject({ isDone: true })
          count.may++
          continue
        }
        count.blocked++
        expect(answer.hint, what).toMatch(/^\S.{10,}\.$/)
        expect(STEPS, what).toContain(answer.next_step)
        expect(sent, what).toEqual({
          isDone: false,
          code: 'PT403',
          message: 'reply_blocked',
          detail: wanted,
          hint: answer.hint,
        })
        const own = canBe(place.appointment, place.room?.status) && OWN_STEP[answer.next_step ?? '']?.(part)
        if (!own) continue
        expect(await visit.take(own), `${what}: ${answer.next_step}`).toMatchObject({ isDone: true })
        expect((await ask()).block, `${what} after ${answer.next_step}`).toBe(null)
        count.led++
      } finally {
        await connection.owner('rollback')
      }
    }
  }

  it.each(APPOINTMENT)(
    'M18 an appointment that is %s: sent, or the same reason from both sides, and a next step that works',
    async appointment => {
      for (const place of places) if (place.appointment === appointment) await tryPlace(place)
    },
  )
  it('M18 in every state there is', () => {
    process.stdout.write(`M18: ${JSON.stringify(count)}\n`)
    expect(count.may + count.blocked).toBe(6 * 5 * 3 * 2 * 2 * 4)
    expect(count.led).toBeGreaterThan(10)
  })
})
