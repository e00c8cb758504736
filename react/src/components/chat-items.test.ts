import type { Message, OutgoingMessage } from '@bedside/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { message } from '../testing/clinic.ts'
import { type ChatItem, createItemReader } from './chat-items.ts'

const at = (seq: number, senderId: string | null, createdAt: string): Message => ({
  ...message(seq, senderId, senderId === null ? null : 'x'),
  createdAt,
})
const typed = (id: string, queuedAt: string): OutgoingMessage => ({
  id,
  body: id,
  replyTo: null,
  queuedAt,
  state: { is: 'queued', waitsFor: 'turn' },
})
const groupMessages: ReturnType<typeof createItemReader> = (...of) => createItemReader()(...of)
/** Those that one person wrote one after another on a line. */
const told = (items: ChatItem[], timeZone = 'UTC') => {
  const lines: string[] = []
  for (const item of items) {
    if (item.is === 'day') lines.push(`day-${new Date(item.at).toLocaleDateString('en-CA', { timeZone })}`)
    else if (item.is === 'unread') lines.push('unread')
    else if (item.is === 'event') lines.push(`event ${item.message.seq}`)
    else {
      const [sender, name] =
        item.is === 'message' ? [item.message.senderId, item.message.seq] : ['patient', item.message.id]
      if (item.isFirst) lines.push(`${sender}: ${name}`)
      else lines.push(`${lines.pop()} ${name}`)
    }
  }
  return lines
}
const options = { timeZone: 'UTC', openedAtReadSeq: 100, me: 'patient' }

describe('CU1: a conversation as a list', () => {
  it('keeps together what one person wrote within five minutes', () => {
    const messages = [
      at(1, 'doctor', '2026-01-15T09:00:00Z'),
      at(2, 'doctor', '2026-01-15T09:05:00Z'),
      at(3, 'doctor', '2026-01-15T09:10:01Z'),
      at(4, 'patient', '2026-01-15T09:10:02Z'),
      at(5, null, '2026-01-15T09:10:03Z'),
      at(6, 'patient', '2026-01-15T09:10:04Z'),
    ]
    const items = groupMessages(messages, [typed('o', '2026-01-15T09:11:00Z')], options)
    expect(told(items)).toEqual([
      'day-2026-01-15',
      'doctor: 1 2',
      'doctor: 3',
      'patient: 4',
      'event 5',
      'patient: 6 o',
    ])
    expect(new Set(items.map(item => item.key)).size).toBe(items.length)
  })

  it('has notices of the clinic among the events, and the unread line above them', () => {
    const notice: Message = {
      ...at(2, null, '2026-01-15T09:01:00Z'),
      body: 'closed on Monday',
      event: { type: 'notice', actorId: 'admin', subjectId: null, minutes: null },
    }
    const messages = [at(1, 'doctor', '2026-01-15T09:00:00Z'), notice]
    expect(told(groupMessages(messages, [], { ...options, openedAtReadSeq: 1 }))).toEqual([
      'day-2026-01-15',
      'doctor: 1',
      'unread',
      'event 2',
    ])
    const event = at(2, null, '2026-01-15T09:01:00Z')
    expect(
      told(groupMessages([...messages.slice(0, 1), event], [], { ...options, openedAtReadSeq: 1 })),
    ).toEqual(['day-2026-01-15', 'doctor: 1', 'event 2'])
  })

  it("begins days by the reader's clock, also at a quarter past the hour", () => {
    const messages = [at(1, 'doctor', '2026-01-15T18:14:59Z'), at(2, 'doctor', '2026-01-15T18:15:00Z')]
    expect(
      told(groupMessages(messages, [], { ...options, timeZone: 'Asia/Kathmandu' }), 'Asia/Kathmandu'),
    ).toEqual(['day-2026-01-15', 'doctor: 1', 'day-2026-01-16', 'doctor: 2'])
    expect(told(groupMessages(messages, [], { ...options, timeZone: 'Nowhere/At_all' }))).toEqual([
      'day-2026-01-15',
      'doctor: 1 2',
    ])
  })

  it('puts what was typed on a slow clock after what the server has, on the same day', () => {
    const messages = [at(1, 'doctor', '2026-01-15T09:00:00Z')]
    expect(told(groupMessages(messages, [typed('o', '2026-01-14T08:00:00Z')], options))).toEqual([
      'day-2026-01-15',
      'doctor: 1',
      'patient: o',
    ])
  })

  const three = [1, 2, 3].map(seq => at(seq, 'doctor', '2026-01-15T09:00:00Z'))
  it.each([
    ['above the first unread message', three, 1, ['doctor: 1', 'unread', 'doctor: 2 3']],
    ['nowhere when all is read', three, 3, ['doctor: 1 2 3']],
    ['nowhere when the first unread one is not loaded', three.slice(2), 1, ['doctor: 3']],
    [
      'nowhere when one has written since',
      [at(1, 'patient', '2026-01-15T09:00:00Z'), ...three.slice(1)],
      0,
      ['patient: 1', 'doctor: 2 3'],
    ],
  ] as const)('draws the unread line %s', (_, messages, openedAtReadSeq, expected) => {
    expect(told(groupMessages(messages, [], { ...options, openedAtReadSeq }))).toEqual([
      'day-2026-01-15',
      ...expected,
    ])
  })
})

describe('CU1: read again and again', () => {
  const minute = (seq: number, senderId: string | null) =>
    at(seq, senderId, new Date(Date.parse('2026-01-15T12:00:00Z') + seq * 170_000).toISOString())
  const anybody = fc.constantFrom('doctor', 'patient', null)

  it('a conversation that grew and changed is read as if for the first time', () => {
    fc.assert(
      fc.property(
        fc.array(anybody, { minLength: 1, maxLength: 40 }),
        fc.array(fc.record({ older: fc.nat(5), newer: fc.nat(3), edited: fc.option(fc.nat(39)) }), {
          maxLength: 8,
        }),
        fc.nat(60),
        (senders, steps, openedAtReadSeq) => {
          const all = senders.map((senderId, i) => minute(i + 1, senderId))
          const of = { ...options, openedAtReadSeq }
          const read = createItemReader()
          let from = all.length >> 1
          let to = from + 1
          for (const { older, newer, edited } of steps) {
            from = Math.max(0, from - older)
            to = Math.min(all.length, to + newer)
            const changed = all[edited ?? -1]
            if (changed && edited !== null) all[edited] = { ...changed, editedAt: changed.createdAt }
            const shown = all.slice(from, to)
            expect(read(shown, [], of)).toEqual(createItemReader()(shown, [], of))
          }
        },
      ),
    )
  })

  it('what stays in its place is the same object', () => {
    const all = Array.from({ length: 100 }, (_, i) => minute(i + 1, i % 3 ? 'doctor' : null))
    const read = createItemReader()
    const before = read(all.slice(50), [], options)
    const after = read(all, [], options)
    // But for the first message, which has another one above it now.
    const kept = before.filter(item => after.includes(item))
    expect(before.length - kept.length).toBeLessThanOrEqual(2)
    expect(kept.length).toBeGreaterThan(45)
  })
})
