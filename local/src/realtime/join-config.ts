/**
 * The payload of a `phx_join`, read leniently: what is missing or of another type takes its default, booleans may be
 * the words "true" and "True". Pure.
 */

import { isRecord } from './frames/client-frame.ts'
import type { ReplayWish } from './replay.ts'

/** One entry of `postgres_changes` as the client sent it, with its id: together what the reply echoes. */
type WantedChange = Readonly<Record<string, unknown>> & { readonly id: number }

export interface JoinConfig {
  readonly isPrivate: boolean
  readonly ack: boolean
  readonly self: boolean
  readonly replay: ReplayWish | 'invalid' | null
  readonly wantsReplicationReady: boolean
  readonly presenceEnabled: boolean
  /** Empty: the server makes one up. */
  readonly presenceKey: string
  readonly postgresChanges: readonly WantedChange[]
  /** Absent, or a token that may be a key of the new kind. */
  readonly accessToken: string | null
}

const REPLAY_LIMIT_MAX = 25

export function parseJoin(payload: unknown): JoinConfig {
  const root = record(payload)
  const config = record(root.config)
  const broadcast = record(config.broadcast)
  const presence = record(config.presence)
  const changes = config.postgres_changes
  return {
    isPrivate: flag(config.private),
    ack: flag(broadcast.ack),
    self: flag(broadcast.self),
    replay: isRecord(broadcast.replay) ? parseReplay(broadcast.replay) : null,
    wantsReplicationReady: flag(broadcast.replication_ready),
    presenceEnabled: flag(presence.enabled),
    presenceKey: text(presence.key) ?? '',
    postgresChanges: withIds(Array.isArray(changes) ? changes.filter(isRecord) : []),
    accessToken: text(root.access_token) ?? text(root.user_token),
  }
}

function parseReplay({ since, ...rest }: Record<string, unknown>): ReplayWish | 'invalid' {
  const limit = rest.limit ?? REPLAY_LIMIT_MAX
  if (!isInteger(since) || !isInteger(limit)) return 'invalid'
  return { since, limit: Math.min(Math.max(limit, 1), REPLAY_LIMIT_MAX) }
}

/** Each wanted change with its id: the same for the same parameters, different otherwise, never 0. */
export function withIds(changes: readonly Record<string, unknown>[]): WantedChange[] {
  const taken = new Map<number, string>()
  return changes.map(change => {
    const parameters = JSON.stringify(
      ['event', 'schema', 'table', 'filter', 'select'].map(name => change[name] ?? null),
    )
    let id = hash27(parameters)
    while (id === 0 || (taken.get(id) ?? parameters) !== parameters) id = (id + 1) % 2 ** 27
    taken.set(id, parameters)
    return { ...change, id }
  })
}

function hash27(value: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < value.length; i++) hash = Math.imul(hash ^ value.charCodeAt(i), 0x01000193)
  return (hash >>> 0) % 2 ** 27
}

function record(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {}
}

function flag(value: unknown): boolean {
  return value === true || value === 'true' || value === 'True'
}

function isInteger(value: unknown): value is number {
  return Number.isSafeInteger(value)
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
