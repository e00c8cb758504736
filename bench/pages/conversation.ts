/** A long conversation, the same every time: a word to a paragraph, several in a row by one person, a few days. */
import type { Message } from '@bedside/core'
import { doctor, message, patient } from '@bedside/react/testing'

const WORDS = 'please take the tablets after a meal and call us when it becomes worse thank you'.split(' ')
const START_MS = Date.parse('2026-06-01T08:00:00.000Z')
const EVERY_MS = 4 * 60_000

/** Messages `from` to `to`, both included. */
export function conversation(from: number, to: number): Message[] {
  return Array.from({ length: to - from + 1 }, (_, i) => written(from + i))
}

function written(seq: number): Message {
  const length = seq % 11 === 0 ? 60 : 1 + ((seq * 7919) % 23)
  const body = Array.from({ length }, (_, i) => WORDS[(seq * 31 + i * 7) % WORDS.length]).join(' ')
  const sender = Math.floor(seq / 3) % 2 === 0 ? patient : doctor
  return message(seq, sender.id, `${seq} ${body}`, {
    createdAt: new Date(START_MS + seq * EVERY_MS).toISOString(),
  })
}
