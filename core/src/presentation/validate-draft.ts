/** Whether a text can be sent, by the same rules as the server's `private.normalise_body` and `send_message`. */
import { ChatError } from '../chat-error.ts'

/** In Unicode code points, counted after normalising. */
export const MESSAGE_MAX_CHARACTERS = 4_000

/** As the server will count it: code points of the text as it will be stored. */
export function messageLength(text: string): number {
  return [...normaliseBody(text)].length
}

export type DraftCheck =
  | { is: 'ok'; body: string; length: number; limit: number }
  | { is: 'empty'; length: 0; limit: number }
  | { is: 'too-long'; length: number; limit: number }

/** `body` of an `ok` answer is the text as it will be stored. */
export function validateDraft(text: string): DraftCheck {
  const limit = MESSAGE_MAX_CHARACTERS
  const body = normaliseBody(text)
  const length = [...body].length
  if (!VISIBLE.test(body)) return { is: 'empty', length: 0, limit }
  if (length > limit) return { is: 'too-long', length, limit }
  return { is: 'ok', body, length, limit }
}

/** The text as it will be stored. @throws ChatError `message-empty`, `message-too-long`. */
export function requireBody(text: string): string {
  const draft = validateDraft(text)
  if (draft.is === 'ok') return draft.body
  if (draft.is === 'empty') throw new ChatError('message-empty')
  throw new ChatError('message-too-long', { detail: String(draft.limit) })
}

// Text direction overrides and isolates can make text read as something else; U+FEFF is a stray byte order mark.
const INVISIBLE_TROUBLE = /[\u202a-\u202e\u2066-\u2069\ufeff]/gu
// More than white space, joiners, marks of direction and blank letters.
const VISIBLE = /[^\s\p{Default_Ignorable_Code_Point}\u2800]/u
const WHITE_SPACE = ' \t\n\u00a0'

function normaliseBody(text: string): string {
  const clean = text
    // Half of a surrogate pair is no text; PostgreSQL would refuse it.
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(/\r\n?/gu, '\n')
    .normalize('NFC')
    .replace(/\p{Cc}/gu, control => (control === '\n' || control === '\t' ? control : ''))
    .replace(INVISIBLE_TROUBLE, '')
  let start = 0
  let end = clean.length
  while (start < end && WHITE_SPACE.includes(clean.charAt(start))) start++
  while (end > start && WHITE_SPACE.includes(clean.charAt(end - 1))) end--
  return clean.slice(start, end)
}
