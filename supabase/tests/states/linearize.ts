/**
 * Whether what happened at once could have happened one after the other: looks for an order of all calls, each between
 * its beginning and its end, in which the rules answer every one as it was answered, the room's messages come as they
 * came, and the world and the log end as they ended.
 */
import type { Attempt } from '../empty-clinic.ts'
import { decide } from './decide.ts'
import { type Done, type Refused, refused, type Step, unchanged, type World } from './model.ts'

export interface Call {
  step: Step
  said: Attempt
  from: number
  to: number
}

export interface History {
  start: World
  /** The calls of each connection, in order. */
  threads: Call[][]
  /** Kinds of the messages that came, in order. */
  events: string[]
  end: World
  /** What was written in the log, in any order. */
  entries: string[]
}

/** What the call may come to in this world. */
function outcomes(world: World, step: Step): (Done | Refused)[] {
  const only = decide(world, step)
  // A job leaves out a room that somebody holds. Which grant is ended is the one known when the call was made.
  if (step.do === 'job') return [only, unchanged(world)]
  if (step.do === 'look_away') return [only, unchanged(world), refused('not_found')]
  return [only]
}

const isAnsweredSo = (said: Attempt, outcome: Done | Refused) =>
  outcome.is === 'done'
    ? said.isDone
    : !said.isDone && said.message === outcome.message && (!outcome.detail || said.detail === outcome.detail)

const lengthOf = (world: World) => world.room?.lastSeq ?? 0

/** The order found, or null: there is none. */
export function linearize({ start, threads, events, end, entries }: History): Call[] | null {
  const wanted = JSON.stringify([sortedKeys(end), [...entries].sort()])
  const before = lengthOf(start)
  const dead = new Set<string>()
  const order: Call[] = []

  function walk(places: number[], world: World, written: string[]): boolean {
    const heads = threads.map((calls, i) => calls[places[i] ?? 0])
    if (heads.every(head => !head)) return JSON.stringify([sortedKeys(world), [...written].sort()]) === wanted
    const key = JSON.stringify([places, sortedKeys(world), [...written].sort()])
    if (dead.has(key)) return false
    // Nobody comes after a call that had ended before theirs began.
    const firstEnd = Math.min(...heads.map(head => head?.to ?? Number.POSITIVE_INFINITY))
    for (const [i, head] of heads.entries()) {
      if (!head || head.from > firstEnd) continue
      for (const outcome of outcomes(world, head.step)) {
        if (!isAnsweredSo(head.said, outcome)) continue
        const next = outcome.is === 'done' ? outcome : unchanged(world)
        const at = lengthOf(world) - before
        if (next.events.some((event, n) => events[at + n] !== event)) continue
        order.push(head)
        const on = places.map((place, j) => (i === j ? place + 1 : place))
        if (walk(on, next.world, [...written, ...next.entries])) return true
        order.pop()
      }
    }
    dead.add(key)
    return false
  }

  return walk(
    threads.map(() => 0),
    start,
    [],
  )
    ? order
    : null
}

/** The same JSON for the same world, whatever the order of its keys. */
function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value) || typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, sortedKeys(each)]),
  )
}
