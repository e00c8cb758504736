/**
 * What an administrator is writing, for as long as the tab is open: a reload, or being signed off for doing nothing, must
 * not cost an hour's work. Nothing of it is about a patient.
 */
import type { Texts } from './checked-texts.ts'

export interface KeptTexts {
  /** The version that was in force when it was begun. */
  version: number
  texts: Texts
}

const keyOf = (userId: string) => `bedside-consent-draft/${userId}`

export function readKept(userId: string): KeptTexts | null {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(keyOf(userId)) ?? 'null')
    return isKept(kept) ? kept : null
  } catch {
    return null
  }
}

/** null: nothing any more. */
export function keep(userId: string, kept: KeptTexts | null): void {
  try {
    if (kept === null) sessionStorage.removeItem(keyOf(userId))
    else sessionStorage.setItem(keyOf(userId), JSON.stringify(kept))
  } catch {
    // A browser that keeps nothing has it as long as the page is there.
  }
}

function isKept(value: unknown): value is KeptTexts {
  if (typeof value !== 'object' || value === null) return false
  const { version, texts } = value as Partial<KeptTexts>
  return (
    typeof version === 'number' &&
    typeof texts === 'object' &&
    texts !== null &&
    Object.values(texts).every(each => typeof each === 'string')
  )
}
