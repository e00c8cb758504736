/** Steps by anybody, such as a day in a clinic might bring, and some that it should not. */
import fc from 'fast-check'
import { decide } from './decide.ts'
import { APPOINTMENT, CLOCK, JOBS, PEOPLE, ROOM, type Step, type World } from './model.ts'

const PARTS = ['care_team', 'proxy'] as const

/** Every step there is, by kind. */
export const ALL: { [Kind in Step['do']]: (Step & { do: Kind })[] } = {
  appointment: [...PEOPLE, 'clinic' as const].flatMap(by =>
    APPOINTMENT.map(to => ({ do: 'appointment' as const, by, to })),
  ),
  room: PEOPLE.flatMap(by => ROOM.map(to => ({ do: 'room' as const, by, to }))),
  open: PEOPLE.map(by => ({ do: 'open' as const, by })),
  send: PEOPLE.map(by => ({ do: 'send' as const, by })),
  say: PEOPLE.map(by => ({ do: 'say' as const, by })),
  edit: PEOPLE.map(by => ({ do: 'edit' as const, by })),
  retract: PEOPLE.map(by => ({ do: 'retract' as const, by })),
  read: PEOPLE.map(by => ({ do: 'read' as const, by })),
  allow: PEOPLE.flatMap(by => [true, false].map(may => ({ do: 'allow' as const, by, may }))),
  lock: PEOPLE.flatMap(by => [true, false].map(is => ({ do: 'lock' as const, by, is }))),
  add: PEOPLE.flatMap(by =>
    PEOPLE.flatMap(who => PARTS.map(part => ({ do: 'add' as const, by, who, as: part }))),
  ),
  remove: PEOPLE.flatMap(by => PEOPLE.map(who => ({ do: 'remove' as const, by, who }))),
  look: PEOPLE.map(by => ({ do: 'look' as const, by })),
  look_away: PEOPLE.map(by => ({ do: 'look_away' as const, by })),
  job: JOBS.map(name => ({ do: 'job' as const, name })),
  clock: CLOCK.map(what => ({ do: 'clock' as const, what })),
}

const isTaken = (world: World, step: Step) => {
  const outcome = decide(world, step)
  return outcome.is === 'done' && outcome.world !== world
}

/** Chooses a step of one of these kinds for the state that the visit is in then; null: none can be taken. */
export type Choice = (world: World, kinds: readonly Step['do'][]) => Step | null

/** Half of the steps are any at all, half are ones that can be taken, so that walks get somewhere. */
export const choice: fc.Arbitrary<Choice> = fc
  .record({ isAny: fc.boolean(), kind: fc.nat(1000), place: fc.nat(1000) })
  .map(({ isAny, kind, place }) => {
    const choose: Choice = (world, kinds) => {
      const of = (name: Step['do']) => (isAny ? ALL[name] : ALL[name].filter(step => isTaken(world, step)))
      const open = kinds.filter(name => of(name).length > 0)
      const name = open[kind % open.length]
      const steps = name ? of(name) : []
      return steps[place % steps.length] ?? null
    }
    return Object.assign(choose, { [fc.toStringMethod]: () => JSON.stringify({ isAny, kind, place }) })
  })
