/** What a socket and its channels work with; one of each per server. */

import type { Authorizer } from './authorization.ts'
import type { PostgresChanges } from './changes/postgres-changes.ts'
import type { Hub } from './hub.ts'
import type { RealtimeLimits } from './limits.ts'
import type { RealtimeLog } from './log.ts'
import type { Presence } from './presence.ts'
import type { ServerRates } from './rate-limits.ts'
import type { Replays } from './replay.ts'
import type { MessageFeed } from './replication/message-feed.ts'
import type { TokenChecks } from './tokens.ts'
import type { WriteBatch } from './write-batch.ts'

export interface Services {
  readonly hub: Hub
  readonly presence: Presence
  readonly authorizer: Authorizer
  readonly replays: Replays
  readonly tokens: TokenChecks
  readonly feed: Pick<MessageFeed, 'whenConnected'>
  readonly changes: Pick<PostgresChanges, 'subscribe'>
  readonly writes: WriteBatch
  readonly limits: RealtimeLimits
  readonly rates: ServerRates
  readonly log: RealtimeLog
}
