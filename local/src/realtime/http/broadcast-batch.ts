/** The body of a batch, read message by message: all of it is good, or what is wrong with each is said. Pure. */

import { isRecord } from '../frames/client-frame.ts'

interface BatchMessage {
  /** Without the prefix `realtime:`. */
  readonly topic: string
  readonly isPrivate: boolean
  /** JSON text of what the sockets get. */
  readonly payload: string
}

/** What is wrong, by the name of the field. */
type FieldErrors = Record<string, string[]>

type Batch =
  | { readonly messages: readonly BatchMessage[]; readonly errors: null }
  | { readonly messages: null; readonly errors: { readonly messages: string[] | FieldErrors[] } }

export function readBatch(body: unknown, maxPayloadBytes: number): Batch {
  const entries = isRecord(body) ? (body.messages ?? []) : []
  if (!Array.isArray(entries) || !entries.every(isRecord)) return wrong(['is invalid'])
  if (entries.length === 0) return wrong(["can't be blank"])
  const read = entries.map(entry => readMessage(entry, maxPayloadBytes))
  if (read.some(({ errors }) => Object.keys(errors).length > 0))
    return wrong(read.map(({ errors }) => errors))
  return { messages: read.map(({ message }) => message), errors: null }
}

function wrong(messages: string[] | FieldErrors[]): Batch {
  return { messages: null, errors: { messages } }
}

function readMessage(entry: Record<string, unknown>, maxPayloadBytes: number) {
  const errors: FieldErrors = {}
  const text = (name: 'topic' | 'event'): string => {
    const value = entry[name] ?? ''
    if (typeof value !== 'string') {
      errors[name] = ['is invalid']
      return ''
    }
    if (value.trim() === '') errors[name] = ["can't be blank"]
    return value
  }
  const topic = text('topic')
  const event = text('event')
  const isPrivate = entry.private ?? false
  if (typeof isPrivate !== 'boolean') errors.private = ['is invalid']
  const id = entry.id ?? null
  if (id !== null && typeof id !== 'string') errors.id = ['is invalid']

  const content = entry.payload ?? null
  const contentJson = toJson(content)
  if (content === null) errors.payload = ["can't be blank"]
  else if (!isRecord(content) || contentJson === null) errors.payload = ['is invalid']
  else if (Buffer.byteLength(contentJson) > maxPayloadBytes) errors.payload = ['exceeds the size limit']

  const meta = id === null ? '' : `,"meta":${JSON.stringify({ id })}`
  const payload = `{"type":"broadcast","event":${JSON.stringify(event)},"payload":${contentJson}${meta}}`
  return { errors, message: { topic, isPrivate: isPrivate === true, payload } }
}

/** `null` where it is nested deeper than the stack goes. */
function toJson(value: unknown): string | null {
  try {
    return JSON.stringify(value)
  } catch {
    return null
  }
}
