/**
 * From a `phx_join` to a channel, or to a refusal. The channel enters its room and answers in one go, after the policies
 * said yes: nothing of the room can come before the answer.
 */

import { randomUUID } from 'node:crypto'
import { AuthorizationTimeout, AuthorizationUnavailable, type ReadRights } from './authorization.ts'
import { Channel, type ChannelHost } from './channel.ts'
import type { ClientFrame } from './frames/client-frame.ts'
import { type JoinConfig, parseJoin, withIds } from './join-config.ts'
import { expiredMessage, type Identity, identifyToken, isApiKey, TokenError } from './tokens.ts'

export interface JoinHost extends ChannelHost {
  /** Of the connection. */
  readonly identity: Identity
  readonly isOpen: boolean
}

/** Why a join is refused, in the words of the reply. */
export class JoinRefusal extends Error {
  constructor(reason: string) {
    super(reason)
    this.name = 'JoinRefusal'
  }
}

/** Throws `JoinRefusal`. `null` if the socket went away meanwhile. */
export async function joinChannel(host: JoinHost, frame: ClientFrame): Promise<Channel | null> {
  const config = parseJoin(frame.body.kind === 'json' ? frame.body.value : null)
  const subTopic = frame.topic.slice(frame.topic.indexOf(':') + 1)
  if (config.wantsReplay && !config.isPrivate) {
    throw new JoinRefusal('UnableToReplayMessages: Replay is not allowed for public channels')
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
  channel.reply(frame.ref, 'ok', { postgres_changes: withIds(config.postgresChanges) })
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

/** What was asked for beside the room itself: ready, or not to be had. */
function announceFeatures(channel: Channel): void {
  const { config, services } = channel
  if (config.postgresChanges.length > 0) {
    channel.system('error', 'Changes of tables are not available on this server yet', 'postgres_changes')
  }
  if (config.wantsReplay) channel.system('error', 'Replay is not available on this server yet')
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
