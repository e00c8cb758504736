import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { messageAt, participantOf } from '../testing/room-samples.ts'
import { receiptOf } from './receipt-of.ts'
import { MESSAGE_MAX_CHARACTERS, messageLength, validateDraft } from './validate-draft.ts'

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
