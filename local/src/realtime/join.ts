/**
 * From a `phx_join` to a channel, or to a refusal. The channel enters its room and answers in one go, after the policies
 * said yes: nothing of the room can come before the answer.
 */

import { randomUUID } from 'node:crypto'
import { AuthorizationTimeout, AuthorizationUnavailable, type ReadRights } from './authorization.ts'
import { Channel, type ChannelHost } from './channel.ts'
import { errorCode } from './database-config.ts'
import type { ClientFrame } from './frames/client-frame.ts'
import type { RoomMessage } from './frames/server-message.ts'
import { type JoinConfig, parseJoin } from './join-config.ts'
import type { ReplayWish } from './replay.ts'
import { expiredMessage, type Identity, identifyToken, isApiKey, TokenError } from './tokens.ts'

export interface JoinHost extends ChannelHost {
  /** Of the connection. */
  readonly identity: Identity
  readonly isOpen: boolean
}

/** Why a join is refused, in the words of the reply. */
export class JoinRefusal extends Error {
  /** The whole socket is to come back later. */
  readonly endsSocket: boolean

  constructor(reason: string, endsSocket = false) {
    super(reason)
    this.name = 'JoinRefusal'
    this.endsSocket = endsSocket
  }
}

/** Throws `JoinRefusal`. `null` if the socket went away or the channel ended meanwhile. */
export async function joinChannel(host: JoinHost, frame: ClientFrame): Promise<Channel | null> {
  if (!host.services.rates.joins.take()) {
    throw new JoinRefusal('ClientJoinRateLimitReached: Too many joins per second', true)
  }
  // Taken for a join without options, it would open a public channel to who may have asked for a private one.
  if (frame.body.kind !== 'json') throw new JoinRefusal('InvalidJoinPayload: A join must be JSON')
  const config = parseJoin(frame.body.value)
  const subTopic = frame.topic.slice(frame.topic.indexOf(':') + 1)
  if (config.replay !== null && !config.isPrivate) {
    throw new JoinRefusal('UnableToReplayMessages: Replay is not allowed for public channels')
  }
  if (config.replay === 'invalid') {
    throw new JoinRefusal('UnableToReplayMessages: Replay params are not valid')
  }
  const identity = await identify(host, config)
  const rights = await askRights(host, subTopic, config, identity)
  if (!host.isOpen) return null

  const { hub, presence } = host.services
  const room = hub.find(frame.topic, config.isPrivate)
  // Else the newcomer's state would hold what a diff tells it again.
  if (room && config.presenceEnabled) presence.settle(room)

  const channel = new Channel(host, {
    topic: frame.topic,
    joinRef: frame.joinRef ?? frame.ref,
    config,
    presenceKey: config.presenceKey === '' ? randomUUID() : config.presenceKey,
    identity,
    rights,
  })
  const past = config.replay ? await readPast(channel, config.replay) : null
  channel.reply(frame.ref, 'ok', { postgres_changes: config.postgresChanges })
  if (past) {
    await channel.replay(past)
    if (!channel.isJoined) return null
    presence.settle(channel.room)
    channel.goLive()
  }
  if (config.presenceEnabled && rights.presence) {
    channel.push('presence_state', presence.stateJson(channel.room))
  }
  announceFeatures(channel)
  return channel
}

async function identify(host: JoinHost, config: JoinConfig): Promise<Identity> {
  const { accessToken } = config
  try {
    if (accessToken !== null && !isApiKey(accessToken)) {
      return await identifyToken(accessToken, host.services.tokens)
    }
  } catch (error) {
    throw error instanceof TokenError ? new JoinRefusal(error.reason) : error
  }
  if (host.identity.expiresAt <= Date.now()) {
    throw new JoinRefusal(`InvalidJWTToken: ${expiredMessage(host.identity.expiresAt)}`)
  }
  return host.identity
}

async function askRights(
  host: JoinHost,
  subTopic: string,
  config: JoinConfig,
  identity: Identity,
): Promise<ReadRights> {
  if (!config.isPrivate) return { broadcast: true, presence: true }
  const { authorizer, log } = host.services
  let rights: ReadRights
  try {
    const subject = { identity, headersJson: host.headersJson }
    rights = await authorizer.read(subject, subTopic, config.presenceEnabled)
  } catch (error) {
    if (error instanceof AuthorizationTimeout) {
      throw new JoinRefusal('QueryCanceled: The policies of this topic took too long')
    }
    if (!(error instanceof AuthorizationUnavailable)) throw error
    log({ level: 'warn', event: 'authorization-unavailable', detail: error.name })
    throw new JoinRefusal('UnableToConnectToProject: Realtime was unable to connect to the project database')
  }
  if (!rights.broadcast && !rights.presence) {
    throw new JoinRefusal(
      `Unauthorized: You do not have permissions to read from this Channel topic: ${subTopic}`,
    )
  }
  return rights
}

/** The channel is in its room already, and holds back. */
async function readPast(channel: Channel, wish: ReplayWish): Promise<RoomMessage[]> {
  const { identity, rights, services, subject, subTopic } = channel
  let past: RoomMessage[] = []
  try {
    if (rights.broadcast) past = await services.replays.read(subject, subTopic, wish, Date.now())
  } catch (error) {
    channel.end()
    services.log({ level: 'warn', event: 'replay-failed', detail: errorCode(error) })
    throw new JoinRefusal('UnableToReplayMessages: Realtime was unable to replay messages')
  }
  if (channel.isJoined) return past
  if (identity.expiresAt <= Date.now()) {
    throw new JoinRefusal(`InvalidJWTToken: ${expiredMessage(identity.expiresAt)}`)
  }
  throw new JoinRefusal('UnableToReplayMessages: Realtime was unable to replay messages')
}

/** What was asked for beside the room itself: ready, or not to be had. */
function announceFeatures(channel: Channel): void {
  const { config, services } = channel
  if (config.postgresChanges.length > 0) {
    services.changes.subscribe(channel)
  }
  if (!config.wantsReplicationReady) return

  const timer = setTimeout(
    () => channel.closeWith('Replication connection could not be established'),
    services.limits.replicationReadyTimeoutMs,
  )
  timer.unref()
  channel.onEnd(() => clearTimeout(timer))
  channel.onEnd(
    services.feed.whenConnected(() => {
      clearTimeout(timer)
      channel.system('ok', 'Replication connection established')
    }),
  )
}
