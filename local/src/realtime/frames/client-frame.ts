/**
 * What a client sends, decoded: protocol 1.0.0 (JSON objects) and 2.0.0 (JSON arrays, and binary frames of kind 0
 * and 3). Pure. Bytes from outside never make it throw: whatever is not a frame is `null`.
 */

import { decodeUtf8, parseJson } from './utf8.ts'

export type ProtocolVersion = '1.0.0' | '2.0.0'

/** Clients send strings; a number is echoed as it came. */
export type Ref = string | number | null

export type PayloadEncoding = 'json' | 'binary'

/** A client's broadcast in binary framing. The bytes of a `json` payload have been checked to be JSON. */
interface UserBroadcast {
  readonly kind: 'user-broadcast'
  readonly event: string
  readonly encoding: PayloadEncoding
  readonly bytes: Buffer
  /** JSON text of an object, or empty. */
  readonly meta: string
}

type FrameBody =
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  | UserBroadcast

export interface ClientFrame {
  readonly joinRef: Ref
  readonly ref: Ref
  readonly topic: string
  readonly event: string
  readonly body: FrameBody
}

const KIND_PUSH = 0
const KIND_USER_BROADCAST_PUSH = 3
const PUSH_HEADER_BYTES = 5
const USER_BROADCAST_HEADER_BYTES = 7

export function decodeText(text: string, version: ProtocolVersion): ClientFrame | null {
  let message: unknown
  try {
    message = JSON.parse(text)
  } catch {
    return null
  }
  if (version === '1.0.0') {
    if (!isRecord(message)) return null
    return textFrame(message.join_ref, message.ref, message.topic, message.event, message.payload)
  }
  if (!Array.isArray(message) || message.length < 5) return null
  const [joinRef, ref, topic, event, payload] = message as unknown[]
  return textFrame(joinRef, ref, topic, event, payload)
}

export function decodeBinary(data: Buffer, version: ProtocolVersion): ClientFrame | null {
  if (version === '1.0.0') return null
  try {
    if (data[0] === KIND_USER_BROADCAST_PUSH) return decodeUserBroadcastPush(data)
    if (data[0] === KIND_PUSH) return decodePush(data)
  } catch {
    // Not UTF-8, or not JSON where JSON was announced.
  }
  return null
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function textFrame(
  joinRef: unknown,
  ref: unknown,
  topic: unknown,
  event: unknown,
  value: unknown,
): ClientFrame | null {
  if (!isRef(joinRef) || !isRef(ref) || typeof topic !== 'string' || typeof event !== 'string') return null
  return { joinRef: joinRef ?? null, ref: ref ?? null, topic, event, body: { kind: 'json', value } }
}

function isRef(value: unknown): value is Ref | undefined {
  return value === undefined || value === null || typeof value === 'string' || typeof value === 'number'
}

function decodeUserBroadcastPush(data: Buffer): ClientFrame | null {
  const read = headerReader(data, 5, USER_BROADCAST_HEADER_BYTES)
  const encoding = data[6]
  if (read === null || encoding === undefined || encoding > 1) return null
  const joinRef = read.string()
  const ref = read.string()
  const topic = read.string()
  const event = read.string()
  const meta = read.string()
  const bytes = read.rest()
  if (meta !== '' && !isRecord(JSON.parse(meta))) return null
  if (encoding === 1) parseJson(bytes)
  return {
    joinRef: joinRef === '' ? null : joinRef,
    ref: ref === '' ? null : ref,
    topic,
    event: 'broadcast',
    body: { kind: 'user-broadcast', event, encoding: encoding === 1 ? 'json' : 'binary', bytes, meta },
  }
}

function decodePush(data: Buffer): ClientFrame | null {
  const read = headerReader(data, 4, PUSH_HEADER_BYTES)
  if (read === null) return null
  const joinRef = read.string()
  const ref = read.string()
  const topic = read.string()
  const event = read.string()
  return {
    joinRef: joinRef === '' ? null : joinRef,
    ref: ref === '' ? null : ref,
    topic,
    event,
    body: { kind: 'bytes', bytes: read.rest() },
  }
}

/** Reads `count` strings whose lengths are the bytes 1..count, then the rest. `null` if the frame is too short. */
function headerReader(data: Buffer, count: number, headerBytes: number) {
  let end = headerBytes
  for (let i = 1; i <= count; i++) end += data[i] ?? Number.POSITIVE_INFINITY
  if (data.length < end) return null
  let offset = headerBytes
  let next = 1
  return {
    string(): string {
      const start = offset
      offset += data[next++] ?? 0
      return decodeUtf8(data.subarray(start, offset))
    },
    rest: (): Buffer => data.subarray(offset),
  }
}
