/**
 * Words that change with a number, by the categories of the language itself (CLDR, through Intl): English has two,
 * Arabic six. `Category` is what a table of that language must fill, so that a missing form does not compile.
 */
export type Forms<Category extends Intl.LDMLPluralRule> = Record<Category | 'other', string>

/** The form for `n`, with `n` written in the place of `{n}`. A category that the table leaves out takes `other`. */
export type Count<Category extends Intl.LDMLPluralRule> = (n: number, forms: Forms<Category>) => string

export function createCount<Category extends Intl.LDMLPluralRule>(language: string): Count<Category> {
  const rules = new Intl.PluralRules(language)
  const numbers = new Intl.NumberFormat(language, { numberingSystem: DIGITS })
  return (n, forms) => {
    const byCategory: Partial<Record<Intl.LDMLPluralRule, string>> = forms
    return (byCategory[rules.select(n)] ?? forms.other).replace('{n}', numbers.format(n))
  }
}

/**
 * One set of digits in every language: see docs/decisions.md. Readings, doses, telephone numbers and room numbers come
 * as 0 to 9 whatever the language, and ٠ and ٥ beside them read as a dot and a zero.
 */
export const DIGITS = 'latn'
