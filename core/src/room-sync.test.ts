import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ChatError } from './chat-error.ts'
import type { Message } from './records.ts'
import {
  isBehind,
  type RoomEffect,
  type RoomEvent,
  type RoomState,
  reduceRoom,
  startRoom,
} from './room-state.ts'
import { messageAt, openedAt } from './testing/room-samples.ts'

/**
 * The simplest server: a number of messages, and the changes made to them, in order. Broadcasts wait in a bag, from
 * which they are taken in any order, twice or never; fetches read at one moment and answer at a later one, or fail.
 */
type Move = {
  what:
    | 'commit'
    | 'edit'
    | 'retract'
    | 'hear'
    | 'hear again'
    | 'lose'
    | 'hint'
    | 'own answer'
    | 'read'
    | 'answer'
    | 'fail'
    | 'join'
    | 'older'
    | 'forge'
    | 'forge a change'
  pick: number
}
const often = <T>(times: number, what: T): T[] => Array.from({ length: times }, () => what)
const anyMove: fc.Arbitrary<Move> = fc.record({
  what: fc.constantFrom<Move['what']>(
    ...often(3, 'commit' as const),
    ...often(4, 'edit' as const),
    'retract',
    ...often(4, 'hear' as const),
    'hear again',
    'lose',
    'hint',
    'own answer',
    ...often(3, 'read' as const),
    ...often(3, 'answer' as const),
    'fail',
    'join',
    ...often(2, 'older' as const),
    'forge',
    'forge a change',
  ),
  pick: fc.nat(),
})
const PAGE = 3

type Fetch = RoomEffect & { do: 'load-newer' | 'load-older' | 'load-changes' }
const isFetch = (effect: RoomEffect): effect is Fetch =>
  effect.do === 'load-newer' || effect.do === 'load-older' || effect.do === 'load-changes'

function createServer(history: number) {
  const rows: Message[] = Array.from({ length: history }, (_, index) => messageAt(index + 1))
  /** The seq that each change was made to. */
  const changes: number[] = []
  const row = (pick: number): Message | undefined => rows[pick % Math.max(1, rows.length)]
  return {
    rows,
    changes,
    row,
    commit(): Message {
      const row = messageAt(rows.length + 1)
      rows.push(row)
      return row
    },
    change(pick: number, isRetraction: boolean): Message | null {
      const before = row(pick)
      if (!before || before.retractedAt !== null) return null
      const change = changes.push(before.seq)
      const at = before.createdAt
      const now = isRetraction ? { body: null, retractedAt: at } : { body: `change ${change}`, editedAt: at }
      const after = { ...before, ...now, change }
      rows[before.seq - 1] = after
      return after
    },
    read(fetch: Fetch): RoomEvent {
      const lastChange = changes.length
      if (fetch.do === 'load-changes') {
        const changed = rows
          .filter(({ change }) => change !== null && change > fetch.afterChange)
          .sort((a, b) => (a.change ?? 0) - (b.change ?? 0))
        const page = { messages: changed.slice(0, PAGE), lastChange, hasMore: changed.length > PAGE }
        return { is: 'changes-loaded', page }
      }
      const meta = { lastSeq: rows.length, lastChange, epoch: 1 }
      if (fetch.do === 'load-older') {
        const older = rows.filter(each => each.seq < fetch.beforeSeq)
        const page = { ...meta, messages: older.slice(-PAGE), hasMore: older.length > PAGE }
        return { is: 'older-loaded', page }
      }
      const { afterSeq } = fetch
      const newer = rows.filter(each => afterSeq === null || each.seq > afterSeq)
      const messages = afterSeq === null ? newer.slice(-PAGE) : newer.slice(0, PAGE)
      return { is: 'newer-loaded', page: { ...meta, messages, hasMore: newer.length > PAGE } }
    },
  }
}

function failureOf(fetch: Fetch): RoomEvent {
  const error = new ChatError('unavailable')
  switch (fetch.do) {
    case 'load-newer':
      return { is: 'newer-failed', error }
    case 'load-older':
      return { is: 'older-failed', error }
    case 'load-changes':
      return { is: 'changes-failed', error }
  }
}

function play(history: number, moves: readonly Move[]): void {
  const server = createServer(history)
  let state: RoomState = startRoom.state
  const shown = new Map<number, number>()
  const bag: RoomEvent[] = []
  const asked: Fetch[] = []
  const answers: { fetch: Fetch; event: RoomEvent }[] = []

  const open = () => {
    if (state.is !== 'open') throw new Error(state.is)
    return state
  }
  const dispatch = (event: RoomEvent) => {
    const step = reduceRoom(state, event)
    must(step.state !== state || step.effects.length === 0, 'effects of nothing')
    state = step.state
    asked.push(...step.effects.filter(isFetch))
    const running = [...asked, ...answers.map(each => each.fetch)].map(each => each.do)
    must(new Set(running).size === running.length, `two at once: ${running}`)
    check()
  }
  const must = (isSo: boolean, what: string) => {
    if (!isSo) throw new Error(what)
  }
  const check = () => {
    const { timeline, changes } = open()
    const first = timeline.messages[0]?.seq ?? 1
    timeline.messages.forEach(({ seq, change, body }, index) => {
      const number = change ?? 0
      must(seq === first + index, 'no unbroken run')
      must(seq <= server.rows.length, 'a message that is not there')
      must(number >= (shown.get(seq) ?? 0), 'a message goes back')
      shown.set(seq, number)
      const words = number === 0 ? `message ${seq}` : `change ${number}`
      must(body === null || body === words, 'a message mixed of two')
      // The promise of `last`.
      const newest = server.changes.lastIndexOf(seq) + 1
      must(newest > changes.last || number === newest, `${seq} is old, though ${changes.last} passed`)
    })
  }
  const take = <T>(list: T[], pick: number): T | undefined =>
    list.splice(pick % Math.max(1, list.length), 1)[0]

  dispatch({ is: 'opened', opened: openedAt({ lastSeq: history }) })
  for (const { what, pick } of moves) {
    switch (what) {
      case 'commit':
        bag.push({ is: 'message-received', message: server.commit() })
        break
      case 'edit':
      case 'retract': {
        const message = server.change(pick, what === 'retract')
        if (message) bag.push({ is: 'message-changed', message })
        break
      }
      case 'hear': {
        const event = take(bag, pick)
        if (event !== undefined) dispatch(event)
        break
      }
      case 'hear again': {
        const event = bag[pick % Math.max(1, bag.length)]
        if (event !== undefined) dispatch(event)
        break
      }
      case 'own answer': {
        const message = server.row(pick)
        if (message) bag.push({ is: 'message-received', message })
        break
      }
      case 'hint':
        bag.push({
          is: 'room-changed',
          change: {
            roomId: 'room',
            appointmentId: 'appointment',
            epoch: 1,
            status: 'open',
            lastSeq: server.rows.length,
            lastChange: server.changes.length,
            waitingSince: null,
          },
          isCertain: false,
        })
        break
      case 'lose':
        take(bag, pick)
        break
      case 'read': {
        const fetch = take(asked, pick)
        if (fetch) answers.push({ fetch, event: server.read(fetch) })
        break
      }
      case 'answer': {
        const answer = take(answers, pick)
        if (answer) dispatch(answer.event)
        break
      }
      case 'fail': {
        const failed = asked.shift() ?? take(answers, pick)?.fetch
        if (failed) dispatch(failureOf(failed))
        break
      }
      case 'join':
        dispatch({ is: 'joined' })
        break
      case 'older':
        dispatch({ is: 'older-asked' })
        break
      // A server gone mad names what is not there.
      case 'forge':
        if (open().timeline.isLoaded) {
          dispatch({ is: 'message-received', message: messageAt(server.rows.length + 1_000 + (pick % 50)) })
        }
        break
      case 'forge a change':
        dispatch({
          is: 'room-changed',
          change: {
            roomId: 'room',
            appointmentId: 'appointment',
            epoch: 1,
            status: 'open',
            lastSeq: 0,
            lastChange: server.changes.length + 1 + (pick % 50),
            waitingSince: null,
          },
          isCertain: false,
        })
        break
    }
  }

  // The socket comes back once more, and the network answers.
  dispatch({ is: 'joined' })
  for (let round = 0; asked.length + answers.length > 0; round++) {
    if (round > 500) throw new Error('it never ends')
    const answer = answers.shift()
    const fetch = answer ? null : asked.shift()
    if (answer) dispatch(answer.event)
    else if (fetch) dispatch(server.read(fetch))
  }
  const end = open()
  expect(end.timeline.messages.at(-1)?.seq ?? 0).toBe(server.rows.length)
  expect(end.timeline.ahead).toEqual([])
  const start = (end.timeline.messages[0]?.seq ?? 1) - 1
  expect(end.timeline.messages).toEqual(server.rows.slice(start))
  expect(isBehind(end)).toBe(false)
}

describe('CR9, CR16: whatever the network does to a room', () => {
  it('what is shown is an unbroken run of the database, as new as it is said to be, and in the end all of its end as it is', () => {
    const moves = fc.array(anyMove, { maxLength: 160, size: 'max' })
    fc.assert(fc.property(fc.nat(12), moves, play), { numRuns: 1_500 })
  }, 30_000)
})
