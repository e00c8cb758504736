/** Any order of steps, by everybody, by the jobs, by the clinic's own system and by the clock: one after the other. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { tries } from './property.ts'
import { decide } from './states/decide.ts'
import { expectSaid, expectSeen } from './states/expect.ts'
import { canBe } from './states/model.ts'
import { choice } from './states/steps.ts'
import { makeVisit, wing } from './states/visit.ts'

const { clinic, ids } = await wing()
const connection = await clinic.connect()

const KINDS = [
  ...([
    'appointment',
    'room',
    'room',
    'open',
    'send',
    'say',
    'edit',
    'retract',
    'read',
    'allow',
    'lock',
  ] as const),
  ...(['add', 'remove', 'look', 'look_away', 'job', 'clock', 'clock'] as const),
]

it('M16 whatever the order of the steps, the database is where the rules say, after every one', async () => {
  const count = { taken: 0, refused: 0, idle: 0 }
  const reached = new Set<string>()
  await fc.assert(
    fc.asyncProperty(fc.array(choice, { minLength: 20, maxLength: 50 }), async walked => {
      const visit = await makeVisit(connection, ids)
      let before = await visit.see()
      for (const [i, choose] of walked.entries()) {
        const step = choose(before.world, KINDS)
        if (!step) continue
        const what = `step ${i} ${JSON.stringify(step)} from ${JSON.stringify(before.world)}`
        const wanted = decide(before.world, step)
        const said = await visit.take(step)
        const now = await visit.see()
        expectSaid(said, wanted, what)
        expectSeen(before, now, wanted, what)
        count[wanted.is === 'refused' ? 'refused' : wanted.world === before.world ? 'idle' : 'taken']++
        const { appointment, room } = now.world
        expect(canBe(appointment, room?.status), what).toBe(true)
        reached.add(`${appointment} ${room?.status}`)
        before = now
      }
      // One chain, checked: what was written down is as it was written.
      expect(await connection.owner('select * from private.verify_audit_log($1)', [visit.roomId()])).toEqual(
        [],
      )
    }),
    tries('M16', 120),
  )
  process.stdout.write(`M16: ${JSON.stringify(count)}, states reached: ${reached.size}\n`)
  // A walk that never gets anywhere would agree with every model.
  expect(count.taken).toBeGreaterThan(count.refused)
  expect(reached.size).toBeGreaterThan(12)
}, 120_000)
