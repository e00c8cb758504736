/**
 * A channel's way to its subscriptions: to all that its join asked for, or to none.
 *
 *   asked -> refused    said once; asked again after a while, if the tables may yet be published, or with a new token
 *         -> waiting    until the slot streams
 *         -> live       said; ends with the channel
 */

import { isApiRole } from '../authorization.ts'
import type { Channel } from '../channel.ts'
import { errorCode } from '../database-config.ts'
import type { RealtimeLog } from '../log.ts'
import type { SubscriptionChecks } from './change-checks.ts'
import { parseChangeParams, refusalMessage } from './change-params.ts'
import type { Subscription } from './subscriptions.ts'

export interface KeepSubscribedOptions {
  readonly checks: SubscriptionChecks
  readonly retryMs: number
  readonly log: RealtimeLog
  /** Subscribes; calls back once changes are streamed. */
  open(subscriptions: readonly Subscription[], onLive: () => void): void
}

const EXTENSION = 'postgres_changes'
/** All of them are checked in one go. */
const ENTRIES_MAX = 100

export function keepSubscribed(channel: Channel, options: KeepSubscribedOptions): void {
  const entries = channel.config.postgresChanges
  const refuse = (index: number) => channel.system('error', refusalMessage(entries[index] ?? {}), EXTENSION)

  const subscriptions: Subscription[] = []
  for (const [index, entry] of entries.entries()) {
    const params = index < ENTRIES_MAX ? parseChangeParams(entry) : null
    if (!params) {
      refuse(index)
      return
    }
    subscriptions.push({ id: entry.id, channel, params })
  }

  let timer: NodeJS.Timeout | null = null
  let isOpen = false
  let isTold = false

  function retryLater(): void {
    timer = setTimeout(attempt, options.retryMs * (1 + Math.random()))
    timer.unref()
  }

  async function attempt(): Promise<void> {
    const { identity } = channel
    const refusal = await ask(identity.role)
    // A newer token came: its own attempt is under way.
    if (!channel.isJoined || isOpen || identity !== channel.identity) return
    if (refusal === null) {
      isOpen = true
      options.open(subscriptions, () => channel.system('ok', 'Subscribed to PostgreSQL', EXTENSION))
      return
    }
    if (refusal.reason !== 'unanswered' && !isTold) {
      isTold = true
      refuse(refusal.index)
    }
    if (refusal.reason !== 'invalid') retryLater()
  }

  async function ask(role: string) {
    if (!isApiRole(role)) return { index: 0, reason: 'invalid' } as const
    try {
      return await options.checks.firstRefused(
        role,
        subscriptions.map(({ params }) => params),
      )
    } catch (error) {
      options.log({ level: 'warn', event: 'subscription-failed', detail: errorCode(error) })
      return { index: 0, reason: 'unanswered' } as const
    }
  }

  channel.onNewToken(() => {
    if (isOpen) return
    if (timer) clearTimeout(timer)
    isTold = false
    attempt()
  })
  channel.onEnd(() => {
    if (timer) clearTimeout(timer)
  })
  attempt()
}
