import { describe, expect, it } from 'vitest'
import type { Message } from './records.ts'
import { messageAt, pageOf } from './testing/room-samples.ts'
import {
  AHEAD_MAX,
  changed,
  emptyTimeline,
  extended,
  hasGap,
  lastSeqOfOthers,
  prepended,
  received,
  type Timeline,
  withoutAhead,
} from './timeline.ts'

const loaded: Timeline = {
  isLoaded: true,
  messages: [messageAt(11), messageAt(12)],
  ahead: [],
  hasOlder: true,
}
const seqsOf = (messages: readonly Message[]) => messages.map(each => each.seq)
const withAhead = (ahead: readonly Message[]): Timeline => ({ ...loaded, ahead })
const edited = (seq: number, change: number): Message => ({
  ...messageAt(seq),
  body: `edit ${change}`,
  change,
})

describe('CR9: what is held of a room', () => {
  it('is ahead until the newest page is there, the very first message too', () => {
    const early = received(emptyTimeline, messageAt(1))
    expect(seqsOf(early.messages)).toEqual([])
    expect(seqsOf(early.ahead)).toEqual([1])
    expect(seqsOf(extended(early, pageOf(11, 12)).messages)).toEqual([11, 12])
  })

  it('is ascending, whatever comes first', () => {
    const ahead = [16, 14, 15].map(seq => messageAt(seq)).reduce(received, loaded)
    expect(seqsOf(ahead.ahead)).toEqual([14, 15, 16])
    expect(seqsOf(received(ahead, messageAt(13)).messages)).toEqual([11, 12, 13, 14, 15, 16])
  })

  it('has each message once where pages overlap, and nothing that a page has brought is ahead any more', () => {
    expect(seqsOf(extended(loaded, pageOf(12, 14)).messages)).toEqual([11, 12, 13, 14])
    expect(seqsOf(prepended(loaded, pageOf(9, 11)).messages)).toEqual([9, 10, 11, 12])
    const fetched = extended(withAhead([messageAt(13), messageAt(15)]), pageOf(13, 13))
    expect(seqsOf(fetched.messages)).toEqual([11, 12, 13])
    expect(seqsOf(fetched.ahead)).toEqual([15])
    const whole = extended(withAhead([messageAt(14)]), pageOf(13, 14))
    expect(hasGap(whole)).toBe(false)
  })

  it('loses of what is ahead only what a fetch has shown not to be there', () => {
    const [known, late] = [messageAt(14), messageAt(16)]
    expect(withoutAhead(withAhead([known, late]), [known]).ahead).toEqual([late])
  })
})

describe('CR12: when too much is ahead', () => {
  const full = withAhead(Array.from({ length: AHEAD_MAX }, (_, index) => messageAt(20 + index)))

  it('a message is left to the fetch, and a changed one is kept: nobody passes its change again', () => {
    expect(received(full, messageAt(1_000))).toBe(full)
    expect(changed(full, edited(1_000, 5)).ahead).toHaveLength(AHEAD_MAX + 1)
  })
})

describe('CM24: the last message of others', () => {
  const [doctor, patient] = ['doctor', 'patient']
  const timeline = {
    ...loaded,
    messages: [doctor, patient, doctor, patient].map((sender, index) => messageAt(index + 1, sender)),
  }

  it.each([
    [undefined, 3],
    [4, 3],
    [3, 3],
    [2, 1],
    [0, 0],
  ])('up to %s is %i', (upTo, expected) => {
    expect(lastSeqOfOthers(timeline, patient, upTo)).toBe(expected)
  })
})

describe('CM28: of a room that was erased', () => {
  const erasedAt = '2026-01-01T00:00:00.000Z'
  const file: Message = { ...messageAt(11), kind: 'file', body: null }
  const event = { type: 'room_erased', actorId: 'admin', subjectId: null, minutes: null } as const
  const erasure: Message = { ...messageAt(13, null), body: 'as was asked for', event }
  const erasureAfter = (message: Message) => {
    const page = { ...pageOf(11, 13), messages: [{ ...message, seq: 11 }, erasure] }
    return extended(emptyTimeline, page).messages
  }

  it.each([
    ['a text', messageAt(11), erasure.createdAt],
    ['a file', file, erasure.createdAt],
    ['an image', { ...file, kind: 'image' } as const, erasure.createdAt],
    ['a retracted image', { ...file, kind: 'image', retractedAt: erasedAt } as const, null],
    ['a file erased before', { ...file, erasedAt }, erasedAt],
    ['an event', messageAt(11, null), null],
  ])('%s goes at its erasure, if there was anything left of it', (_, message: Message, expected) => {
    expect(erasureAfter(message)[0]).toMatchObject({ body: null, erasedAt: expected })
  })

  it('the erasure and what is said after it stay', () => {
    const after = received(extended(loaded, { ...pageOf(13, 13), messages: [erasure] }), messageAt(14))
    expect(after.messages.slice(2)).toEqual([erasure, messageAt(14)])
  })
})
