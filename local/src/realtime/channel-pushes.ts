/**
 * What a client sends to a channel that it joined: `broadcast`, `presence`, `access_token`. Runs in the channel's queue, so
 * whatever it waits for cannot change the order.
 *
 * Never: a word to the sender of a broadcast that the policies forbid.
 */

import { isUnanswered } from './authorization.ts'
import type { Channel } from './channel.ts'
import { type ClientFrame, isRecord } from './frames/client-frame.ts'
import { broadcastMessage, type RoomMessage, roomTextMessage } from './frames/server-message.ts'
import { identifyToken, isApiKey, TokenError } from './tokens.ts'

export function handlePush(channel: Channel, frame: ClientFrame): void | Promise<void> {
  switch (frame.event) {
    case 'broadcast':
      return broadcast(channel, frame)
    case 'presence':
      return presence(channel, frame)
    case 'access_token':
      return accessToken(channel, frame)
  }
}

function broadcast(channel: Channel, frame: ClientFrame): void | Promise<void> {
  const outgoing = readBroadcast(channel.topic, frame)
  if (!outgoing) {
    channel.services.log({ level: 'info', event: 'frame-malformed' })
    return
  }
  const mayWrite = channel.mayWrite('broadcast')
  if (mayWrite === true) return publish(channel, frame, outgoing)
  if (mayWrite === false) return
  return mayWrite.then(isAllowed => {
    if (isAllowed && channel.isJoined) publish(channel, frame, outgoing)
  })
}

interface OutgoingBroadcast {
  readonly message: RoomMessage
  readonly payloadBytes: number
}

function readBroadcast(topic: string, { body }: ClientFrame): OutgoingBroadcast | null {
  if (body.kind === 'user-broadcast') {
    const { event, encoding, bytes } = body
    return {
      // Its meta stays here: a receiver takes one for the server's word that this is a message of the database.
      message: broadcastMessage({ topic, event, encoding, payload: bytes, meta: '' }),
      payloadBytes: bytes.length,
    }
  }
  if (body.kind !== 'json' || !isRecord(body.value)) return null
  const payload = JSON.stringify(body.value)
  return { message: roomTextMessage(topic, 'broadcast', payload), payloadBytes: Buffer.byteLength(payload) }
}

function publish(channel: Channel, frame: ClientFrame, { message, payloadBytes }: OutgoingBroadcast): void {
  const { config, room, services } = channel
  const isTooLarge = payloadBytes > services.limits.maxPayloadBytes
  if (!isTooLarge) services.hub.publish(room, message, 'broadcast', config.self ? null : channel)
  if (!config.ack) return
  if (isTooLarge) channel.reply(frame.ref, 'error', 'payload_size_exceeded')
  else channel.reply(frame.ref, 'ok', {})
}

async function presence(channel: Channel, frame: ClientFrame): Promise<void> {
  const value = frame.body.kind === 'json' && isRecord(frame.body.value) ? frame.body.value : {}
  const event = typeof value.event === 'string' ? value.event.toLowerCase() : ''
  if (event !== 'track' && event !== 'untrack') return channel.reply(frame.ref, 'error', {})
  if (!channel.takePresenceCall()) return
  if (event === 'untrack') {
    channel.services.presence.untrack(channel.room, channel)
    channel.reply(frame.ref, 'ok', {})
    return
  }
  const payload = 'payload' in value ? value.payload : {}
  if (!isRecord(payload)) {
    return channel.reply(frame.ref, 'error', { reason: 'Presence track payload must be a map' })
  }
  if (Buffer.byteLength(JSON.stringify(payload)) > channel.services.limits.maxPayloadBytes) {
    return channel.closeWith('Track message size exceeded')
  }
  if (!(await channel.mayWrite('presence'))) return channel.reply(frame.ref, 'error', {})
  const isFirst = !channel.isPresenceEnabled
  if (isFirst) {
    try {
      channel.enablePresence(await channel.askRights(channel.identity, true))
    } catch (error) {
      if (!isUnanswered(error)) throw error
      return channel.reply(frame.ref, 'error', {})
    }
  }
  if (!channel.isJoined) return
  channel.services.presence.track(channel.room, channel, channel.presenceKey, payload)
  channel.reply(frame.ref, 'ok', {})
  if (isFirst) channel.pushPresenceState()
}

async function accessToken(channel: Channel, frame: ClientFrame): Promise<void> {
  const value = frame.body.kind === 'json' && isRecord(frame.body.value) ? frame.body.value : {}
  const token = value.access_token
  if (typeof token !== 'string' || isApiKey(token) || token === channel.identity.token) return
  try {
    const identity = await identifyToken(token, channel.services.tokens)
    const rights = await channel.askRights(identity, channel.isPresenceEnabled)
    if (!channel.isJoined) return
    const { rights: held } = channel
    if ((held.broadcast && !rights.broadcast) || (held.presence && !rights.presence)) {
      return channel.closeWith(
        `You do not have permissions to read from this Channel topic: ${channel.subTopic}`,
      )
    }
    channel.adopt(identity, rights)
  } catch (error) {
    if (error instanceof TokenError) return channel.closeWith(error.message)
    // Neither yes nor no: the client joins again, and is asked then.
    if (isUnanswered(error)) return channel.crash()
    throw error
  }
}
