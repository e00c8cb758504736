/**
 * What the server sends, encoded for both protocol versions. Two families: messages to one channel, which carry its
 * join_ref, and room messages, which must not (a client drops a message whose join_ref is not its current one) and
 * whose frame is built at most once per version, however many sockets get it.
 */

import type { PayloadEncoding, ProtocolVersion, Ref } from './client-frame.ts'
import { binaryMessageFrame, textMessageFrame } from './web-socket-frame.ts'

export type ReplyStatus = 'ok' | 'error'

/** A message to everyone in a room. */
export interface RoomMessage {
  /** Of the row in realtime.messages that it is, if it is one. */
  readonly id?: string
  /** `null` for a version that cannot carry it. */
  frame(version: ProtocolVersion): Buffer | null
}

export interface BroadcastContent {
  /** With the prefix `realtime:`. */
  readonly topic: string
  readonly event: string
  readonly encoding: PayloadEncoding
  /** For `json`: UTF-8 JSON text, trusted to be well formed. */
  readonly payload: Buffer
  /** JSON text of an object, or empty for none. */
  readonly meta: string
  readonly id?: string
}

const KIND_USER_BROADCAST = 4
const LENGTH_MAX = 255

export function replyFrame(
  version: ProtocolVersion,
  joinRef: Ref,
  ref: Ref,
  topic: string,
  status: ReplyStatus,
  response: unknown,
): Buffer {
  return channelFrame(version, joinRef, ref, topic, 'phx_reply', JSON.stringify({ status, response }))
}

/** `payload` is JSON text. */
export function channelFrame(
  version: ProtocolVersion,
  joinRef: Ref,
  ref: Ref,
  topic: string,
  event: string,
  payload: string,
): Buffer {
  if (version === '1.0.0') {
    return textMessageFrame(
      `{"topic":${JSON.stringify(topic)},"event":${JSON.stringify(event)},"payload":${payload},"ref":${JSON.stringify(ref)}}`,
    )
  }
  return textMessageFrame(
    `[${JSON.stringify(joinRef)},${JSON.stringify(ref)},${JSON.stringify(topic)},${JSON.stringify(event)},${payload}]`,
  )
}

/** A text message to a room, in both versions. `payload` is JSON text. */
export function roomTextMessage(topic: string, event: string, payload: string): RoomMessage {
  return oncePerVersion(version => channelFrame(version, null, null, topic, event, payload))
}

/** A broadcast as version 2 sends it: binary, its payload untouched. Version 1 gets text, and no binary payloads. */
export function broadcastMessage(content: BroadcastContent): RoomMessage {
  return oncePerVersion(
    version => (version === '1.0.0' ? broadcastText(content, version) : broadcastBinary(content)),
    content.id,
  )
}

function broadcastBinary(content: BroadcastContent): Buffer | null {
  const { topic, event, meta, payload } = content
  const lengths = [topic, event, meta].map(each => Buffer.byteLength(each))
  // Lengths are one byte. A longer name still arrives, as text, if its payload can be text.
  if (lengths.some(length => length > LENGTH_MAX)) return broadcastText(content, '2.0.0')
  const header = Buffer.of(KIND_USER_BROADCAST, ...lengths, content.encoding === 'json' ? 1 : 0)
  return binaryMessageFrame(header, topic, event, meta, payload)
}

function broadcastText(content: BroadcastContent, version: ProtocolVersion): Buffer | null {
  if (content.encoding === 'binary') return null
  const topic = JSON.stringify(content.topic)
  const payloadStart = `{"type":"broadcast","event":${JSON.stringify(content.event)},"payload":`
  const payloadEnd = content.meta === '' ? '}' : `,"meta":${content.meta}}`
  return version === '1.0.0'
    ? textMessageFrame(
        `{"topic":${topic},"event":"broadcast","payload":${payloadStart}`,
        content.payload,
        `${payloadEnd},"ref":null}`,
      )
    : textMessageFrame(`[null,null,${topic},"broadcast",${payloadStart}`, content.payload, `${payloadEnd}]`)
}

function oncePerVersion(build: (version: ProtocolVersion) => Buffer | null, id?: string): RoomMessage {
  const frames: Partial<Record<ProtocolVersion, Buffer | null>> = {}
  return {
    ...(id !== undefined && { id }),
    frame(version) {
      const known = frames[version]
      if (known !== undefined) return known
      const frame = build(version)
      frames[version] = frame
      return frame
    },
  }
}
