import { messageLength } from '@bedside/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fitPaste } from './fit-paste.ts'

describe('U71 a pasted text that is too long', () => {
  test('keeps its beginning, and says how much of the end was left out', () => {
    expect(fitPaste('', 'x'.repeat(4_010), '')).toEqual({ text: 'x'.repeat(4_000), leftOut: 10 })
    expect(fitPaste('ab', 'line 1\nline 2', 'cd', 10)).toEqual({ text: 'line 1', leftOut: 7 })
    expect(fitPaste('ab', 'fits', '', 6)).toEqual({ text: 'fits', leftOut: 0 })
    expect(fitPaste('full', 'nothing of it', '', 4)).toEqual({ text: '', leftOut: 13 })
  })

  test('cuts no emoji and no letter in two', () => {
    expect(fitPaste('', 'ab👩‍⚕️', '', 4)).toEqual({ text: 'ab', leftOut: 4 })
    expect(fitPaste('', '👍🏽👍🏽', '', 3)).toEqual({ text: '👍🏽', leftOut: 2 })
    expect(fitPaste('', 'aq\u0323\u0307', '', 2)).toEqual({ text: 'a', leftOut: 3 })
  })

  test('whatever it is, fits afterwards, and nothing of it is lost uncounted', () => {
    const text = fc.string({ unit: 'binary', maxLength: 60 })
    fc.assert(
      fc.property(text, text, text, fc.integer({ min: 1, max: 60 }), (before, pasted, after, limit) => {
        const fit = fitPaste(before, pasted, after, limit)
        expect(pasted.startsWith(fit.text)).toBe(true)
        expect([...pasted.slice(fit.text.length)].length).toBe(fit.leftOut)
        if (messageLength(before + after) > limit || fit.leftOut === 0) return
        expect(messageLength(before + fit.text + after)).toBeLessThanOrEqual(limit)
      }),
    )
  })
})
