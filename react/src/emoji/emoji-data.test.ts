import { describe, expect, test } from 'vitest'
import { type Emoji, GROUPS, inTone, loadEmoji, searchEmoji, TONES } from './emoji-data.ts'

const MODIFIERS = ['', '🏻', '🏼', '🏽', '🏾', '🏿']
const names = (found: readonly Emoji[]) => found.map(({ unicode }) => unicode)

describe('U74 emoji', () => {
  test.each([
    ['en', 'thank', '🙏'],
    ['es', 'corazon rojo', '❤️'],
    ['fr', 'cœur rouge', '❤️'],
    ['fr', 'medecin', '🧑‍⚕️'],
    ['ar', 'thumbs', '👍️'],
  ] as const)('are found in %s by "%s"', async (language, query, emoji) => {
    const all = await loadEmoji(language)
    expect(names(searchEmoji(all, query))).toContain(emoji)
    expect(searchEmoji(all, 'no such thing anywhere')).toEqual([])
    expect(searchEmoji(all, '  ')).toHaveLength(all.length)
  })

  test('belong to one of the groups that are shown, each of which has some', async () => {
    const all = await loadEmoji('en')
    expect(new Set(all.map(({ group }) => group))).toEqual(new Set(Object.values(GROUPS)))
  })

  test('take on one skin tone and no other, and none where they have no skin', async () => {
    for (const each of await loadEmoji('en')) {
      for (const tone of TONES) {
        const used = MODIFIERS.filter((modifier, index) => index > 0 && inTone(each, tone).includes(modifier))
        expect(used, each.name).toEqual(each.skins.length > 0 && tone > 0 ? [MODIFIERS[tone]] : [])
      }
    }
  })
})
