/** Who subscribed to the changes of which table, found by the table. */

import type { Channel } from '../channel.ts'
import type { ChangeParams } from './change-params.ts'
import type { ChangeType } from './table-change.ts'

export interface Subscription {
  /** As the join's reply told it. */
  readonly id: number
  readonly channel: Channel
  readonly params: ChangeParams
}

interface TableName {
  readonly schema: string
  readonly table: string
}

export class Subscriptions {
  readonly #byTable = new Map<string, Set<Subscription>>()

  add(subscription: Subscription): void {
    const key = keyOf(subscription.params)
    const known = this.#byTable.get(key)
    if (known) known.add(subscription)
    else this.#byTable.set(key, new Set([subscription]))
  }

  remove(subscription: Subscription): void {
    const key = keyOf(subscription.params)
    const known = this.#byTable.get(key)
    known?.delete(subscription)
    if (known?.size === 0) this.#byTable.delete(key)
  }

  isAnyTo(name: TableName): boolean {
    return keysOf(name).some(key => this.#byTable.has(key))
  }

  to(change: TableName & { readonly type: ChangeType }): Subscription[] {
    return keysOf(change)
      .flatMap(key => [...(this.#byTable.get(key) ?? [])])
      .filter(({ params }) => params.event === '*' || params.event === change.type)
  }

  channels(): Set<Channel> {
    return new Set([...this.#byTable.values()].flatMap(all => [...all].map(({ channel }) => channel)))
  }
}

function keyOf({ schema, table }: TableName): string {
  return JSON.stringify([schema, table])
}

function keysOf({ schema, table }: TableName): string[] {
  return [
    keyOf({ schema, table }),
    keyOf({ schema, table: '*' }),
    keyOf({ schema: '*', table }),
    keyOf({ schema: '*', table: '*' }),
  ]
}
