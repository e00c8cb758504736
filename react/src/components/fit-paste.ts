/** How much of a pasted text fits into a message. */
import { MESSAGE_MAX_CHARACTERS, messageLength } from '@bedside/core'

export interface Fit {
  text: string
  /** Characters, as the server counts them, of the end that did not fit. */
  leftOut: number
}

/** The longest beginning of `text` that fits between `before` and `after`; no letter or emoji is cut in two. */
export function fitPaste(before: string, text: string, after: string, limit = MESSAGE_MAX_CHARACTERS): Fit {
  const fits = (end: number) => messageLength(before + text.slice(0, end) + after) <= limit
  if (fits(text.length)) return { text, leftOut: 0 }
  let low = 0
  let high = text.length - 1
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (fits(middle)) low = middle
    else high = middle - 1
  }
  const end = new Intl.Segmenter().segment(text).containing(low)?.index ?? low
  return { text: text.slice(0, end), leftOut: [...text.slice(end)].length }
}
