/** Emoji with their names and search words, a file for each language, loaded when the first picker opens. */
import type { Language } from '../strings/languages.ts'

interface Entry {
  unicode: string
  label: string
  tags?: readonly string[]
  group?: number
  skins?: readonly { unicode: string }[]
}

export interface Emoji {
  unicode: string
  name: string
  /** Name and search words, without accents, in small letters, each after a space. */
  words: string
  group: number
  /** In each tone, or in two of them; empty where it has no skin. */
  skins: readonly string[]
}

/** From 0, without a tone, to 5, dark. */
export type Tone = 0 | 1 | 2 | 3 | 4 | 5
export const TONES: readonly Tone[] = [0, 1, 2, 3, 4, 5]
/** By the numbers of the data; 2 is for parts of emoji, which stand for nothing alone. */
export const GROUPS = {
  smileys: 0,
  people: 1,
  animals: 3,
  food: 4,
  travel: 5,
  activities: 6,
  objects: 7,
  symbols: 8,
  flags: 9,
}

const loaders = {
  en: () => import('emojibase-data/en/compact.json'),
  es: () => import('emojibase-data/es/compact.json'),
  fr: () => import('emojibase-data/fr/compact.json'),
}

/** The language of the names: there are none in Arabic. */
export function emojiLanguage(language: Language): keyof typeof loaders {
  return language === 'ar' ? 'en' : language
}

export async function loadEmoji(language: Language): Promise<readonly Emoji[]> {
  const { default: all } = await loaders[emojiLanguage(language)]()
  return (all as readonly Entry[]).flatMap(({ unicode, label, tags = [], group = 2, skins = [] }) =>
    group === 2
      ? []
      : [
          {
            unicode,
            name: label,
            words: [label, ...tags].map(text => ` ${plain(text)}`).join(''),
            group,
            skins: skins.map(skin => skin.unicode),
          },
        ],
  )
}

/** Those with a word for each word of the query, in the order of the data. */
export function searchEmoji(all: readonly Emoji[], query: string): Emoji[] {
  const wanted = plain(query).split(/\s+/u).filter(Boolean)
  return all.filter(({ words }) => wanted.every(word => words.includes(` ${word}`)))
}

/** Where two people are drawn, both have it. */
export function inTone({ unicode, skins }: Emoji, tone: Tone): string {
  const modifier = MODIFIERS[tone - 1]
  if (modifier === undefined) return unicode
  return skins.find(skin => MODIFIERS.every(each => skin.includes(each) === (each === modifier))) ?? unicode
}

const MODIFIERS = ['🏻', '🏼', '🏽', '🏾', '🏿']

const plain = (text: string) =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
