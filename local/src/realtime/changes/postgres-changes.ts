/**
 * `postgres_changes`: the changes of published tables, to the channels that subscribed to them.
 *
 *   change-feed.ts -> subscriptions.ts (whose table is it?) -> change-teller.ts (who may see it?) -> hub
 *
 * Changes are told one after the other, in the order of their commits. When some were lost, every subscribed channel
 * ends as by a crash, so that its client joins again and fetches.
 */

import type pg from 'pg'
import type { Channel } from '../channel.ts'
import type { RealtimeDatabase } from '../database-config.ts'
import type { Hub } from '../hub.ts'
import type { RealtimeLimits } from '../limits.ts'
import type { RealtimeLog } from '../log.ts'
import { SubscriptionChecks } from './change-checks.ts'
import { ChangeFeed } from './change-feed.ts'
import { ChangeTeller } from './change-teller.ts'
import { keepSubscribed } from './keep-subscribed.ts'
import { type Subscription, Subscriptions } from './subscriptions.ts'

export interface PostgresChangesOptions {
  readonly database: RealtimeDatabase
  /** For the slot. */
  readonly adminPool: pg.Pool
  /** For the checks; with a `statement_timeout`. */
  readonly pool: pg.Pool
  readonly hub: Hub
  readonly limits: RealtimeLimits
  readonly log: RealtimeLog
}

export class PostgresChanges {
  readonly #options: PostgresChangesOptions
  readonly #subscriptions = new Subscriptions()
  readonly #checks: SubscriptionChecks
  readonly #teller: ChangeTeller
  readonly #feed: ChangeFeed

  constructor(options: PostgresChangesOptions) {
    const { database, adminPool, limits, log } = options
    this.#options = options
    this.#checks = new SubscriptionChecks(options.pool)
    this.#teller = new ChangeTeller(options)
    this.#feed = new ChangeFeed({
      database,
      pool: adminPool,
      log,
      lingerMs: limits.changesLingerMs,
      watchEveryMs: limits.slotWatchMs,
      isWanted: ({ schema, name }) => this.#subscriptions.isAnyTo({ schema, table: name }),
      onChange: change => this.#teller.tell(change, this.#subscriptions.to(change)),
      onGap: () => {
        for (const channel of this.#subscriptions.channels()) channel.crash()
      },
    })
  }

  /** Subscribes to everything that the channel's join asked for, or to nothing. Ends with the channel. */
  subscribe(channel: Channel): void {
    const { limits, log } = this.#options
    keepSubscribed(channel, {
      checks: this.#checks,
      retryMs: limits.changesRetryMs,
      log,
      open: (subscriptions, onLive) => this.#open(channel, subscriptions, onLive),
    })
  }

  async close(): Promise<void> {
    this.#teller.close()
    await this.#feed.close()
  }

  #open(channel: Channel, subscriptions: readonly Subscription[], onLive: () => void): void {
    const distinct = new Map(subscriptions.map(subscription => [subscription.id, subscription]))
    for (const subscription of distinct.values()) this.#subscriptions.add(subscription)
    channel.onEnd(() => {
      for (const subscription of distinct.values()) this.#subscriptions.remove(subscription)
    })
    channel.onEnd(this.#feed.acquire())
    channel.onEnd(this.#feed.whenConnected(onLive))
  }
}
