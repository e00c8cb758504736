/** Steps of different people at the same moment, over several connections. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Connection } from './empty-clinic.ts'
import { tries } from './property.ts'
import { pidOf, waiting } from './states/held.ts'
import { type Call, linearize } from './states/linearize.ts'
import type { Step, World } from './states/model.ts'
import { type Choice, choice } from './states/steps.ts'
import { makeVisit, type Seen, type Visit, visitOf, wing } from './states/visit.ts'

const CONNECTIONS = 6
const { clinic, ids } = await wing()
const connections = await Promise.all(Array.from({ length: CONNECTIONS }, () => clinic.connect()))
const [first] = connections as [Connection]

const KINDS = [
  ...(['appointment', 'room', 'open', 'send', 'say', 'edit', 'retract', 'read', 'allow', 'lock'] as const),
  ...(['add', 'remove', 'look', 'look_away', 'job'] as const),
]

/** What can be asked for before there is a room to name. */
const isNameable = (world: World, step: Step) =>
  world.room !== null || ['open', 'appointment', 'job'].includes(step.do)

const pids = await Promise.all(connections.map(pidOf))
/** Until all those who have not come to an end wait for somebody. */
const quiet = (unfinished: () => number) =>
  expect
    .poll(async () => (await waiting(clinic, pids)) === unfinished(), { interval: 1, timeout: 15_000 })
    .toBe(true)

/**
 * Everybody has seen the same and takes two steps, all at the same moment, except that the first one's transaction stays
 * open until nothing moves any more: what else would happen once in a thousand years happens every time.
 */
async function rush(visits: Visit[], kinds: readonly Step['do'][], rounds: Choice[][]): Promise<Call[][]> {
  const threads: Call[][] = visits.map(() => [])
  for (const chosen of rounds) {
    const [{ world }] = (await Promise.all(visits.map(visit => visit.see()))) as [Seen]
    const take = async (i: number, n: number, commit = async () => {}) => {
      const visit = visits[i]
      const step = chosen[2 * i + n]?.(world, kinds)
      if (!visit || !step || !isNameable(world, step)) return
      const from = performance.now()
      const said = await visit.take(step)
      await commit()
      threads[i]?.push({ step, said, from, to: performance.now() })
    }
    const others = visits.slice(1).map((_, i) => i + 1)
    await first.owner('begin')
    let running: Promise<unknown> = Promise.resolve()
    await take(0, 0, async () => {
      let unfinished = others.length
      running = Promise.all(
        others.map(async i => {
          await take(i, 0)
          await take(i, 1)
          unfinished--
        }),
      )
      await quiet(() => unfinished)
      await first.owner('commit')
    })
    await first.owner('rollback')
    await Promise.all([running, take(0, 1)])
  }
  return threads
}

const shown = (threads: Call[][]) =>
  threads
    .flat()
    .sort((a, b) => a.from - b.from)
    .map(({ step, said, from, to }) => {
      const answer = said.isDone ? 'done' : `${said.message} ${said.detail}`
      return `${from.toFixed(1)}-${to.toFixed(1)} ${JSON.stringify(step)}: ${answer}`
    })
    .join('\n')

describe('M17 steps at the same moment', () => {
  it('M17 come to what they would have come to in some order, and to one room, one seq, one message each', async () => {
    let calls = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(choice, { maxLength: 12 }),
        // A few kinds at a time: what gets into each other's way has to meet.
        fc.subarray(KINDS, { minLength: 1, maxLength: 4 }),
        fc.array(fc.array(choice, { minLength: 2 * CONNECTIONS, maxLength: 2 * CONNECTIONS }), {
          minLength: 1,
          maxLength: 4,
        }),
        async (prelude, kinds, rounds) => {
          const visit = await makeVisit(first, ids)
          for (const choose of prelude) {
            const step = choose((await visit.see()).world, [...KINDS, 'clock', 'clock'])
            if (step) await visit.take(step)
          }
          const start = await visit.see()

          const threads = await rush(
            connections.map(connection => visitOf(connection, ids, visit.id)),
            kinds,
            rounds,
          )
          calls += threads.flat().length
          const end = await visit.see()
          const what = `from ${JSON.stringify(start.world)}\n${shown(threads)}\nto ${JSON.stringify(end)}`

          // No deadlock, no failure without a name.
          for (const { said } of threads.flat())
            if (!said.isDone) expect(said.code, what).toMatch(/^PT4\d\d$/)
          expect(end.seqs, what).toEqual(end.seqs.map((_, i) => i + 1))
          expect(end.world.room?.lastSeq ?? 0, what).toBe(end.seqs.length)
          expect(
            linearize({
              start: start.world,
              threads,
              events: end.events.slice(start.events.length),
              end: end.world,
              entries: end.entries.slice(start.entries.length),
            }),
            what,
          ).not.toBeNull()
        },
      ),
      { ...tries('M17', 60), endOnFailure: true },
    )
    process.stdout.write(`M17: ${calls} calls\n`)
    expect(await first.owner('select * from private.verify_audit_log()')).toEqual([])
    const doubled = `select appointment_id from public.chat_rooms group by 1 having count(*) > 1`
    expect(await first.owner(doubled)).toEqual([])
  }, 120_000)
})
