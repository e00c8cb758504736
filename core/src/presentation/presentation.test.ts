import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { OutgoingMessage } from '../api.ts'
import type { Message } from '../records.ts'
import { messageAt, participantOf } from '../testing/room-samples.ts'
import { type ChatItem, groupMessages } from './group-messages.ts'
import { receiptOf } from './receipt-of.ts'
import { MESSAGE_MAX_CHARACTERS, messageLength, validateDraft } from './validate-draft.ts'

const at = (seq: number, senderId: string | null, createdAt: string): Message => ({
  ...messageAt(seq, senderId),
  createdAt,
})
const typed = (id: string, queuedAt: string): OutgoingMessage => ({
  id,
  body: id,
  replyTo: null,
  queuedAt,
  state: { is: 'queued' },
})
const told = (items: ChatItem[]) =>
  items.map(item => {
    if (item.is === 'day') return item.key
    if (item.is === 'unread') return 'unread'
    if (item.is === 'event') return `event ${item.message.seq}`
    const seqs = item.messages.map(each => each.seq)
    return `${item.senderId}: ${[...seqs, ...item.outgoing.map(each => each.id)].join(' ')}`
  })
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
    expect(told(groupMessages(messages, [], { ...options, timeZone: 'Asia/Kathmandu' }))).toEqual([
      'day-2026-01-15',
      'doctor: 1',
      'day-2026-01-16',
      'doctor: 2',
    ])
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

describe('CU2: a receipt', () => {
  const patient = participantOf('patient', 'patient', 9)
  const doctor = { ...participantOf('doctor', 'doctor', 3), deliveredSeq: 5 }
  it.each([
    [3, 'read'],
    [5, 'delivered'],
    [6, 'sent'],
  ])('of seq %i is "%s"', (seq, expected) => {
    expect(receiptOf(messageAt(seq, 'patient'), [patient, doctor], 'patient')).toBe(expected)
  })

  it('counts everyone who is still there, and nobody else', () => {
    const nurse = participantOf('nurse', 'doctor', 1)
    expect(receiptOf(messageAt(3, 'patient'), [patient, doctor, nurse], 'patient')).toBe('sent')
    const left = { ...nurse, leftAt: '2026-01-15T09:00:00Z' }
    expect(receiptOf(messageAt(3, 'patient'), [patient, doctor, left], 'patient')).toBe('read')
    expect(receiptOf(messageAt(3, 'patient'), [patient], 'patient')).toBe('sent')
  })
})

describe('CB1: a draft', () => {
  it.each([
    '',
    ' ',
    '\n\t ',
    '\u00a0',
    '\u0000\u0007',
    '\u202e\u2066',
    '\r\n',
    '\ufeff',
    '\u200b\u200d\u200e',
    '\u3164\u3000\u2003',
  ])('%j is empty', text => {
    expect(validateDraft(text)).toEqual({ is: 'empty', length: 0, limit: MESSAGE_MAX_CHARACTERS })
  })

  it.each([
    ['  two  words \n', 'two  words'],
    ['a\r\nb\rc', 'a\nb\nc'],
    ['tab\tstays', 'tab\tstays'],
    ['bell\u0007 gone\u0085', 'bell gone'],
    ['e\u0301', '\u00e9'],
    ['\u202Eevil', 'evil'],
    ['👩‍⚕️', '👩‍⚕️'],
    ['half \ud83d', 'half \ufffd'],
  ])('%j is stored as %j', (text, body) => {
    expect(validateDraft(text)).toMatchObject({ is: 'ok', body })
  })

  it('is counted in code points, after normalising', () => {
    expect(validateDraft('😀'.repeat(4_000)).is).toBe('ok')
    expect(validateDraft('😀'.repeat(4_001))).toEqual({ is: 'too-long', length: 4_001, limit: 4_000 })
    expect(validateDraft(`${'e\u0301'.repeat(4_000)}  `).is).toBe('ok')
    expect(messageLength(' e\u0301 ')).toBe(1)
  })

  it('once accepted is accepted again, unchanged', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        const first = validateDraft(text)
        if (first.is !== 'ok') return
        // What stands between two parts of a letter goes first; the letter is put together by the next pass.
        const second = validateDraft(first.body)
        expect(second).toMatchObject({ is: 'ok', body: first.body.normalize('NFC') })
      }),
    )
  })
})
