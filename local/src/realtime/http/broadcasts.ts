/**
 * Broadcasts that come by HTTP: many in one body, as text frames, or one whose topic and event are in the path, its body
 * untouched. What is answered before a message is sent goes for the whole request: it may be repeated.
 *
 * Never: part of a batch sent and the rest refused; a word about what the policies kept from a batch.
 */

import type { IncomingMessage } from 'node:http'
import { BodyTooLargeError, readBytes } from '../../read-bytes.ts'
import { isUnanswered, type Subject } from '../authorization.ts'
import type { PayloadEncoding } from '../frames/client-frame.ts'
import { broadcastMessage, type RoomMessage, roomTextMessage } from '../frames/server-message.ts'
import { parseJson } from '../frames/utf8.ts'
import { headersJson } from '../handshake.ts'
import { RollingRate } from '../rolling-rate.ts'
import type { Services } from '../services.ts'
import { readBatch } from './broadcast-batch.ts'
import { identifyRequest } from './identify-request.ts'
import { HttpRefusal, type Reply } from './reply.ts'

interface Broadcasts {
  batch(request: IncomingMessage, url: URL): Promise<Reply>
  /** Topic and event as they are in the path, encoded. */
  one(request: IncomingMessage, url: URL, topic: string, event: string): Promise<Reply>
}

const ACCEPTED: Reply = { status: 202 }

export function createBroadcasts(services: Services): Broadcasts {
  const { authorizer, hub, limits, log, tokens } = services
  const rate = new RollingRate()

  /** Every answer to who may ask tells the rate. */
  async function answer(
    request: IncomingMessage,
    url: URL,
    send: (subject: Subject) => Promise<Reply>,
  ): Promise<Reply> {
    const identity = await identifyRequest(request, url, tokens)
    const reply = await send({ identity, headersJson: headersJson(request) }).catch((error: unknown) => {
      if (error instanceof HttpRefusal) return error.reply
      throw error
    })
    return { ...reply, headers: { ...rateHeaders(), ...reply.headers } }
  }

  function rateHeaders(): Record<string, string> {
    const rolling = Math.trunc(rate.perSecond)
    const max = limits.maxHttpBroadcastsPerSecond
    return {
      'x-rate-rolling': String(rolling),
      'x-rate-limit': String(max),
      'x-rate-limit-remaining': String(Math.max(0, max - rolling)),
    }
  }

  function count(messages: number): void {
    const rolling = rate.perSecond
    const max = limits.maxHttpBroadcastsPerSecond
    if (rolling + 1 > max) throw new HttpRefusal(429, 'You have exceeded your rate limit')
    if (rolling + messages > max) {
      throw new HttpRefusal(429, 'Too many messages to broadcast, please reduce the batch size')
    }
    rate.add(messages)
  }

  /** Room for a payload that is a little too large, which is another answer. */
  async function readContent(request: IncomingMessage): Promise<Buffer> {
    try {
      return await readBytes(request, limits.maxFrameBytes)
    } catch (error) {
      if (!(error instanceof BodyTooLargeError)) throw error
      throw new HttpRefusal(413, 'Request Entity Too Large', { Connection: 'close' })
    }
  }

  async function mayWrite(subject: Subject, topic: string): Promise<boolean> {
    try {
      return await authorizer.write(subject, topic, 'broadcast')
    } catch (error) {
      if (!isUnanswered(error)) throw error
      log({ level: 'warn', event: 'authorization-unavailable', detail: error.name })
      throw new HttpRefusal(503, 'The policies could not be asked', { 'Retry-After': '1' })
    }
  }

  async function publish(topic: string, isPrivate: boolean, message: RoomMessage): Promise<void> {
    if (hub.isCongested) await new Promise<void>(resolve => hub.whenRelieved(resolve))
    const room = hub.find(topic, isPrivate)
    if (room) hub.publish(room, message, 'broadcast')
  }

  return {
    batch: (request, url) =>
      answer(request, url, async subject => {
        const { messages, errors } = readBatch(json(await readContent(request)), limits.maxPayloadBytes)
        if (errors) throw new HttpRefusal(422, { errors })
        count(messages.length)
        const writable = new Set<string>()
        for (const topic of new Set(messages.filter(each => each.isPrivate).map(each => each.topic))) {
          if (await mayWrite(subject, topic)) writable.add(topic)
        }
        for (const { topic, isPrivate, payload } of messages) {
          if (isPrivate && !writable.has(topic)) continue
          const name = `realtime:${topic}`
          await publish(name, isPrivate, roomTextMessage(name, 'broadcast', payload))
        }
        return ACCEPTED
      }),

    one: (request, url, encodedTopic, encodedEvent) =>
      answer(request, url, async subject => {
        const encoding = encodingOf(request.headers['content-type'])
        const [subTopic, event] = [decode(encodedTopic), decode(encodedEvent)]
        const payload = await readContent(request)
        if (payload.length > limits.maxPayloadBytes)
          throw new HttpRefusal(422, 'Payload size exceeds the limit')
        if (encoding === 'json') json(payload)
        const topic = `realtime:${subTopic}`
        const message = broadcastMessage({ topic, event, encoding, payload, meta: '' })
        if (!message.frame('2.0.0')) throw new HttpRefusal(422, 'Topic or event is too long to go with bytes')
        count(1)
        const isPrivate = url.searchParams.get('private') === 'true'
        if (isPrivate && !(await mayWrite(subject, subTopic))) throw new HttpRefusal(403, 'Unauthorized')
        await publish(topic, isPrivate, message)
        return ACCEPTED
      }),
  }
}

function json(bytes: Buffer): unknown {
  try {
    return parseJson(bytes)
  } catch {
    throw new HttpRefusal(400, 'The body is not valid JSON')
  }
}

/** Without a type it is JSON. */
function encodingOf(contentType = 'application/json'): PayloadEncoding {
  const [type = ''] = contentType.toLowerCase().split(';')
  if (type.trim() === 'application/json') return 'json'
  if (type.trim() === 'application/octet-stream') return 'binary'
  const error = 'Unsupported Media Type. Use application/json or application/octet-stream'
  throw new HttpRefusal(415, { error })
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw new HttpRefusal(400, 'The path is not valid')
  }
}
