/**
 * What the server sends, encoded for both protocol versions. Two families: messages to one channel, which carry its
 * join_ref, and room messages, which must not (a client drops a message whose join_ref is not its current one) and
 * whose frame is built at most once per version, however many sockets get it.
 */

import type { PayloadEncoding, ProtocolVersion, Ref } from './client-frame.ts'
import { binaryMessageFrame, textMessageFrame } from './web-socket-frame.ts'

export type ReplyStatus = 'ok' | 'error'

/** A message to everyone in a room. `null` for a version that cannot carry it. */
export interface RoomMessage {
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
  return oncePerVersion(version =>
    version === '1.0.0' ? broadcastText(content, version) : broadcastBinary(content),
  )
}

function broadcastBinary(content: BroadcastContent): Buffer | null {
  const topic = Buffer.from(content.topic)
  const event = Buffer.from(content.event)
  const meta = Buffer.from(content.meta)
  // Lengths are one byte. A longer name still arrives, as text, if its payload can be text.
  if (topic.length > LENGTH_MAX || event.length > LENGTH_MAX || meta.length > LENGTH_MAX) {
    return broadcastText(content, '2.0.0')
  }
  const isJson = content.encoding === 'json' ? 1 : 0
  const header = Buffer.from([KIND_USER_BROADCAST, topic.length, event.length, meta.length, isJson])
  return binaryMessageFrame(header, topic, event, meta, content.payload)
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

function oncePerVersion(build: (version: ProtocolVersion) => Buffer | null): RoomMessage {
  const frames = new Map<ProtocolVersion, Buffer | null>()
  return {
    frame(version) {
      let frame = frames.get(version)
      if (frame === undefined) {
        frame = build(version)
        frames.set(version, frame)
      }
      return frame
    },
  }
}
