/** What is about to be published: without what is only blank, and whether it can be. Pure. */

/** As the database takes it. */
export const MAX_CHARACTERS = 20_000

export type Texts = Readonly<Record<string, string>>

export type Checked =
  | { is: 'good'; texts: Texts }
  | { is: 'empty' }
  /** As the one in force: everybody would be asked again for nothing. */
  | { is: 'same' }
  /** By language, how many characters too many. */
  | { is: 'too-long'; over: Readonly<Record<string, number>> }

export function checkedTexts(written: Texts, inForce: Texts): Checked {
  const texts = Object.fromEntries(
    Object.entries(written)
      .map(([locale, text]) => [locale, text.trim()] as const)
      .filter(([, text]) => text !== ''),
  )
  const over = Object.fromEntries(
    Object.entries(texts)
      .map(([locale, text]) => [locale, [...text].length - MAX_CHARACTERS] as const)
      .filter(([, characters]) => characters > 0),
  )
  if (Object.keys(over).length > 0) return { is: 'too-long', over }
  const locales = Object.keys(texts)
  if (locales.length === 0) return { is: 'empty' }
  const isSame =
    locales.length === Object.keys(inForce).length &&
    locales.every(locale => texts[locale] === inForce[locale]?.trim())
  return isSame ? { is: 'same' } : { is: 'good', texts }
}
