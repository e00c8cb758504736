/** Values that programs trip over. */
import type { Chance } from '../chaos/random.ts'

const TEXTS = [
  '',
  ' ',
  'x',
  'null',
  '-1',
  '0x1f',
  '1e999',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\u202e',
  '٣',
  '👩‍⚕️',
  '__proto__',
  'constructor',
  '../../etc/passwd',
  "'; drop table public.chat_messages; --",
  '{"a":',
  '%00',
  '%',
  'infinity',
  '9999-99-99',
  '00000000-0000-0000-0000-000000000000',
]
const NUMBERS = [0, -0, -1, 0.5, 2 ** 31, 2 ** 53, 1e308, -1e308, 5e-324]
const LONG = 20_000

export function text(chance: Chance): string {
  if (chance.isLucky(0.02)) return chance.pick(['x', 'é', '👩']).repeat(chance.between(1, LONG))
  if (chance.isLucky(0.4)) return chance.pick(TEXTS)
  return String.fromCodePoint(
    ...Array.from({ length: chance.between(0, 12) }, () => chance.between(0, 0x2ff)),
  )
}

export function json(chance: Chance, depth = 3): unknown {
  const kinds = ['text', 'text', 'number', 'literal', ...(depth > 0 ? ['list', 'object', 'nest'] : [])]
  switch (chance.pick(kinds)) {
    case 'text':
      return text(chance)
    case 'number':
      return chance.isLucky(0.5) ? chance.pick(NUMBERS) : chance.between(-1_000, 1_000)
    case 'literal':
      return chance.pick([null, true, false])
    case 'list':
      return Array.from({ length: chance.between(0, 4) }, () => json(chance, depth - 1))
    case 'object':
      return Object.fromEntries(
        Array.from({ length: chance.between(0, 4) }, () => [text(chance), json(chance, depth - 1)]),
      )
    default: {
      let nested: unknown = 1
      for (let i = chance.between(10, 200); i > 0; i--)
        nested = chance.isLucky(0.5) ? [nested] : { a: nested }
      return nested
    }
  }
}

export function bytes(chance: Chance, max: number): Buffer {
  return Buffer.from(Array.from({ length: chance.between(0, max) }, () => chance.between(0, 255)))
}

/** The same with some of it gone, doubled or another. */
export function mangled(chance: Chance, whole: Buffer): Buffer {
  const at = chance.between(0, Math.max(0, whole.length - 1))
  switch (chance.between(0, 3)) {
    case 0:
      return whole.subarray(0, at)
    case 1:
      return Buffer.concat([whole.subarray(0, at), bytes(chance, 4), whole.subarray(at)])
    case 2:
      return Buffer.concat([whole.subarray(0, at), whole.subarray(at + chance.between(1, 8))])
    default: {
      const changed = Buffer.from(whole)
      if (changed.length > 0) changed[at] = chance.between(0, 255)
      return changed
    }
  }
}
