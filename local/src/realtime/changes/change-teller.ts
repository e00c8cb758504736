/**
 * Tells a change to its subscribers: one question to the database for all of them, with the claims that their channels
 * have at that moment, then one message for all who are told the same.
 *
 * Never: a row to who may not see it now, or whose check failed.
 */

import type pg from 'pg'
import { isApiRole } from '../authorization.ts'
import type { Channel } from '../channel.ts'
import { errorCode, isUnavailable } from '../database-config.ts'
import { roomTextMessage } from '../frames/server-message.ts'
import type { Hub } from '../hub.ts'
import type { RealtimeLimits } from '../limits.ts'
import type { RealtimeLog } from '../log.ts'
import { type ChangeAnswer, checkChange } from './change-checks.ts'
import { changeData, payloadText, refusalOf, refusedData } from './change-payload.ts'
import { usesPattern } from './filter.ts'
import type { Subscription } from './subscriptions.ts'
import type { TableChange } from './table-change.ts'

export interface ChangeTellerOptions {
  readonly pool: pg.Pool
  readonly hub: Hub
  readonly limits: RealtimeLimits
  readonly log: RealtimeLog
}

interface Message {
  readonly topic: string
  readonly ids: readonly number[]
  readonly members: Set<Channel>
}

const CHECK_RETRY_MS = 200

export class ChangeTeller {
  readonly #options: ChangeTellerOptions
  #isClosed = false

  constructor(options: ChangeTellerOptions) {
    this.#options = options
  }

  /** What waits for the database is given up. */
  close(): void {
    this.#isClosed = true
  }

  async tell(change: TableChange, asked: readonly Subscription[]): Promise<void> {
    const { hub, limits, log } = this.#options
    await new Promise<void>(resolve => hub.whenRelieved(resolve))
    const subscriptions = asked.filter(({ channel }) => channel.isJoined && isApiRole(channel.identity.role))
    if (subscriptions.length === 0) return
    const identities = subscriptions.map(({ channel }) => channel.identity)
    const isOversize = change.bytes > limits.maxChangeBytes
    const answer = await this.#check(change, subscriptions, isOversize)
    if (!answer) return
    for (const code of new Set(answer.failures)) log({ level: 'warn', event: 'policy-failed', detail: code })

    const hasSameClaims = (_: Subscription, i: number) => subscriptions[i]?.channel.identity === identities[i]
    this.#publish(change, answer, subscriptions.filter(hasSameClaims), isOversize)
    // A new token came meanwhile: the answer was about the old one.
    const changed = subscriptions.filter((subscription, i) => !hasSameClaims(subscription, i))
    if (changed.length > 0) await this.tell(change, changed)
  }

  /** Null if there is nothing to tell. */
  async #check(
    change: TableChange,
    asked: readonly Subscription[],
    isOversize: boolean,
  ): Promise<ChangeAnswer | null> {
    const { pool, log } = this.#options
    let subscriptions = asked
    while (!this.#isClosed && subscriptions.length > 0) {
      try {
        return await checkChange(pool, change, subscriptions, isOversize)
      } catch (error) {
        log({ level: 'warn', event: 'change-failed', detail: errorCode(error) })
        if (isUnavailable(error)) await new Promise(resolve => setTimeout(resolve, CHECK_RETRY_MS))
        else {
          giveUp(subscriptions)
          subscriptions = subscriptions.filter(({ channel }) => channel.isJoined)
        }
      }
    }
    return null
  }

  /** Channels of one topic that are told the same share one message. */
  #publish(
    change: TableChange,
    answer: ChangeAnswer,
    subscriptions: readonly Subscription[],
    isOversize: boolean,
  ): void {
    const dataTexts = new Map<string, string>()
    const told = new Map<Channel, Map<string, number[]>>()
    for (const subscription of subscriptions) {
      const { channel, params, id } = subscription
      const { role } = channel.identity
      const refusal = refusalOf(change, answer, role)
      if (refusal === null && !answer.isFor(subscription)) continue
      const key = JSON.stringify([role, refusal === null ? params.select : null])
      const data =
        dataTexts.get(key) ??
        (refusal === null
          ? changeData(change, answer, role, params.select, isOversize)
          : refusedData(change, refusal))
      dataTexts.set(key, data)
      const ids = told.get(channel) ?? new Map<string, number[]>()
      told.set(channel, ids.set(data, [...(ids.get(data) ?? []), id]))
    }

    const messages = new Map<string, Map<string, Message>>()
    for (const [channel, idsOf] of told) {
      const { topic } = channel
      for (const [data, ids] of idsOf) {
        const ofData = messages.get(data) ?? new Map<string, Message>()
        messages.set(data, ofData)
        const key = `${ids.join()} ${topic}`
        const message = ofData.get(key) ?? { topic, ids, members: new Set() }
        ofData.set(key, message)
        message.members.add(channel)
      }
    }
    for (const [data, ofData] of messages) {
      for (const { topic, ids, members } of ofData.values()) {
        const message = roomTextMessage(topic, 'postgres_changes', payloadText(ids, data))
        this.#options.hub.publish({ members }, message, 'changes')
      }
    }
  }
}

/**
 * Neither yes nor no, and no use in asking the same again: these are to know that they missed something. A pattern takes
 * as long as its author wants, so those with patterns go first, and the others are asked for once more.
 */
function giveUp(subscriptions: readonly Subscription[]): void {
  const patterned = subscriptions.filter(({ params }) => params.filters.some(usesPattern))
  for (const { channel } of patterned.length > 0 ? patterned : subscriptions) channel.crash()
}
