/** Every two steps whose order matters, at the same moment: the second begins while the first is not committed. */
import { describe, expect, it } from 'vitest'
import { decide } from './states/decide.ts'
import { held } from './states/held.ts'
import { linearize } from './states/linearize.ts'
import type { Done, Refused, Step, World } from './states/model.ts'
import { type Place, put } from './states/place.ts'
import { ALL } from './states/steps.ts'
import { visitOf, wing } from './states/visit.ts'

const { clinic, ids } = await wing()
const { here, there, both } = await held(clinic)

const PLACES: Place[] = [
  { appointment: 'requested', hasStarted: false, room: { status: 'pending' } },
  { appointment: 'confirmed', hasStarted: true, room: { status: 'open' } },
  { appointment: 'in_progress', hasStarted: true, room: { status: 'read_only' } },
  { appointment: 'completed', hasStarted: true, room: { status: 'open', window: 'over' } },
  { appointment: 'completed', hasStarted: true, room: { status: 'closed' } },
]

/** What is asked for at the same moment. One look more or less says nothing; the clock is nobody's call. */
const steps: Step[] = Object.values(ALL)
  .flat()
  .filter(step => !['clock', 'job', 'look_away'].includes(step.do))

const wordOf = (outcome: Done | Refused, from: World) =>
  outcome.is === 'refused'
    ? `${outcome.message} ${outcome.detail}`
    : outcome.world === from
      ? 'nothing'
      : JSON.stringify([outcome.events, outcome.entries])

/** The pairs of which the second comes to something else once the first has been taken. */
function pairs(world: World): [Step, Step][] {
  const taken = steps.flatMap(step => {
    const outcome = decide(world, step)
    return outcome.is === 'done' && outcome.world !== world ? [{ step, next: outcome.world }] : []
  })
  return taken.flatMap(({ step: first, next }) =>
    taken.flatMap(({ step: second }): [Step, Step][] => {
      const [before, then] = [decide(world, second), decide(next, second)]
      return wordOf(before, world) === wordOf(then, next) ? [] : [[first, second]]
    }),
  )
}

describe('M17 two steps at the same moment', () => {
  it.each(PLACES)(
    'M17 an appointment that is $appointment, a room that is $room.status: every pair that gets in each other’s way',
    async place => {
      const { world } = await (async () => {
        const visit = await put(here, ids, place)
        const seen = await visit.see()
        await here.owner('rollback')
        return seen
      })()
      let [count, waits] = [0, 0]
      for (const [first, second] of pairs(world)) {
        const mine = await put(here, ids, place)
        await here.owner('commit')
        const start = await mine.see()
        const theirs = visitOf(there, ids, mine.id)
        await theirs.see()
        const came = await both(
          () => mine.take(first),
          () => theirs.take(second),
        )
        const end = await mine.see()
        const what = JSON.stringify({ place, first, second, came, end })
        for (const said of [came.first, came.second])
          if (!said.isDone) expect(said.code, what).toMatch(/^PT4\d\d$/)
        const order = linearize({
          start: start.world,
          threads: [
            [{ step: first, said: came.first, from: 0, to: 1 }],
            [{ step: second, said: came.second, from: 0, to: 1 }],
          ],
          events: end.events.slice(start.events.length),
          end: end.world,
          entries: end.entries.slice(start.entries.length),
        })
        expect(order, what).not.toBeNull()
        count++
        waits += Number(came.didWait)
      }
      process.stdout.write(
        `M17 ${place.appointment} ${place.room?.status}: ${count} pairs, ${waits} waited\n`,
      )
      expect(count).toBeGreaterThan(20)
    },
    60_000,
  )
})
