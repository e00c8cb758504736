import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Message } from './api.ts'
import { ChatError } from './chat-error.ts'
import { type RoomEffect, type RoomEvent, type RoomState, reduceRoom, startRoom } from './room-state.ts'
import { messageAt, openedAt } from './testing/room-samples.ts'

/**
 * The simplest server: a number of messages, each with the number of its last edit. Broadcasts wait in a bag, from which they are taken in any order, twice
 * or never; fetches read at one moment and answer at a later one, or fail.
 */
type Move = {
  what:
    | 'commit'
    | 'edit'
    | 'hear'
    | 'hear again'
    | 'lose'
    | 'read'
    | 'answer'
    | 'fail'
    | 'join'
    | 'older'
    | 'forge'
  pick: number
}
const anyMove: fc.Arbitrary<Move> = fc.record({
  what: fc.constantFrom<Move['what']>(
    'commit',
    'commit',
    'commit',
    'edit',
    'hear',
    'hear',
    'hear again',
    'lose',
    'read',
    'read',
    'answer',
    'answer',
    'fail',
    'join',
    'older',
    'forge',
  ),
  pick: fc.nat(),
})
const PAGE = 3

describe('CR9: whatever the network does to a room', () => {
  it('what is shown is always an unbroken run of the database, and in the end all of its end', () => {
    fc.assert(
      fc.property(fc.nat(12), fc.array(anyMove, { maxLength: 120, size: 'max' }), (history, moves) => {
        let committed = history
        let state: RoomState = startRoom.state
        const edits = new Map<number, number>()
        const shown = new Map<number, number>()
        const row = (seq: number): Message => ({ ...messageAt(seq), change: edits.get(seq) ?? null })
        const bag: RoomEvent[] = []
        type Fetch = RoomEffect & { do: 'load-newer' | 'load-older' }
        const asked: Fetch[] = []
        const answers: { fetch: Fetch; event: RoomEvent }[] = []

        const dispatch = (event: RoomEvent) => {
          const step = reduceRoom(state, event)
          if (step.state === state) expect(step.effects).toEqual([])
          state = step.state
          for (const effect of step.effects) {
            if (effect.do === 'load-newer' || effect.do === 'load-older') asked.push(effect)
          }
          const newer = [...asked, ...answers.map(each => each.fetch)].filter(
            each => each.do === 'load-newer',
          )
          expect(newer.length, 'fetches at once').toBeLessThanOrEqual(1)
          check()
        }
        const check = () => {
          if (state.is !== 'open') throw new Error(state.is)
          const seqs = state.timeline.messages.map(each => each.seq)
          const first = seqs[0] ?? 1
          expect(seqs).toEqual(seqs.map((_, index) => first + index))
          expect(seqs.at(-1) ?? 0).toBeLessThanOrEqual(committed)
          for (const { seq, change } of state.timeline.messages) {
            expect(change ?? 0, 'an edit goes back').toBeGreaterThanOrEqual(shown.get(seq) ?? 0)
            shown.set(seq, change ?? 0)
          }
        }
        const read = (fetch: Fetch): RoomEvent => {
          const all = Array.from({ length: committed }, (_, index) => row(index + 1))
          const meta = { lastSeq: committed, epoch: 1 }
          if (fetch.do === 'load-older') {
            const rows = all.filter(each => each.seq < fetch.beforeSeq)
            return {
              is: 'older-loaded',
              page: { ...meta, messages: rows.slice(-PAGE), hasMore: rows.length > PAGE },
            }
          }
          const { afterSeq } = fetch
          const rows = all.filter(each => afterSeq === null || each.seq > afterSeq)
          const messages = afterSeq === null ? rows.slice(-PAGE) : rows.slice(0, PAGE)
          return { is: 'newer-loaded', page: { ...meta, messages, hasMore: rows.length > PAGE } }
        }
        const take = <T>(list: T[], pick: number): T | undefined =>
          list.splice(pick % Math.max(1, list.length), 1)[0]

        dispatch({ is: 'opened', opened: openedAt({ lastSeq: history }) })
        for (const { what, pick } of moves) {
          switch (what) {
            case 'commit':
              bag.push({ is: 'message-received', message: row(++committed) })
              break
            case 'edit':
              if (committed > 0) {
                const seq = (pick % committed) + 1
                edits.set(seq, Math.max(0, ...edits.values()) + 1)
                bag.push({ is: 'message-changed', message: row(seq) })
              }
              break
            case 'hear': {
              const event = take(bag, pick)
              if (event !== undefined) dispatch(event)
              break
            }
            case 'hear again':
              if (committed > 0) dispatch({ is: 'message-received', message: row((pick % committed) + 1) })
              break
            case 'lose':
              take(bag, pick)
              break
            case 'read': {
              const fetch = asked.shift()
              if (fetch) answers.push({ fetch, event: read(fetch) })
              break
            }
            case 'answer': {
              const answer = take(answers, pick)
              if (answer) dispatch(answer.event)
              break
            }
            case 'fail': {
              const failed = asked.shift() ?? take(answers, pick)?.fetch
              const error = new ChatError('unavailable')
              if (failed)
                dispatch({ is: failed.do === 'load-newer' ? 'newer-failed' : 'older-failed', error })
              break
            }
            case 'join':
              dispatch({ is: 'joined' })
              break
            case 'older':
              dispatch({ is: 'older-asked' })
              break
            case 'forge':
              // A server gone mad names a message that is not there.
              if (state.is === 'open' && state.timeline.isLoaded) {
                dispatch({ is: 'message-received', message: messageAt(committed + 1_000 + (pick % 50)) })
              }
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
          else if (fetch) dispatch(read(fetch))
        }
        const end: RoomState = state
        if (end.is !== 'open') throw new Error(end.is)
        expect(end.timeline.messages.at(-1)?.seq ?? 0).toBe(committed)
        expect(end.timeline.ahead).toEqual([])
      }),
      { numRuns: 500 },
    )
  })
})
