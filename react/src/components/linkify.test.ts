import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { linkify } from './linkify.ts'

describe('CU3: links', () => {
  const links = (text: string) => linkify(text).flatMap(part => part.href ?? [])
  it.each([
    ['see https://example.org.', ['https://example.org']],
    ['(https://example.org/a_(b))', ['https://example.org/a_(b)']],
    ['HTTP://EXAMPLE.ORG/x?y=1#z, and http://b.org', ['HTTP://EXAMPLE.ORG/x?y=1#z', 'http://b.org']],
    ['call tel:+34600111222!', ['tel:+34600111222']],
    ['mailto:clinic@example.org?subject=x', ['mailto:clinic@example.org?subject=x']],
    ['javascript:alert(1) data:text/html,x file:///etc ftp://x vbscript:x', []],
    ['https://bank.example@evil.example/', []],
    ['https:// http://. mailto:nobody tel:x', []],
    ['java\nscript:x https://a.org"onclick=1', ['https://a.org']],
  ])('%j', (text, expected) => {
    expect(links(text)).toEqual(expected)
  })

  it('of any text leave the text as it was, and lead nowhere else than http, https, mailto and tel', () => {
    const piece = fc.constantFrom(
      'https://',
      'a.org',
      ')',
      '(',
      '.',
      ' ',
      'javascript:',
      'tel:+1',
      '@',
      '<',
      '😀',
      'mailto:',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(piece).map(all => all.join('')),
        ),
        text => {
          const parts = linkify(text)
          expect(parts.map(part => part.text).join('')).toBe(text)
          for (const { href } of parts)
            if (href !== null) expect(href).toMatch(/^(https?:\/\/|mailto:|tel:)/i)
        },
      ),
    )
  })

  it('are found in a text full of brackets without delay', () => {
    const text = `https://a.org/${'('.repeat(20_000)}${')'.repeat(20_000)}`
    const start = Date.now()
    linkify(text)
    linkify(`https://a.org/${')'.repeat(40_000)}`)
    expect(Date.now() - start).toBeLessThan(1_000)
  })
})
