/** Presence as a client of bare frames has it: what it calls, and what it was told of who came and went. */

import type { RawClient } from './raw-client.ts'

interface Meta {
  readonly phx_ref: string
  readonly phx_ref_prev?: string
  readonly [field: string]: unknown
}

export type Metas = Record<string, { metas: Meta[] }>

/** The part of a join that enables it. */
export const withPresence = (key: string) => ({ presence: { enabled: true, key } })

/** The payload of the answer. */
export async function track(client: RawClient, topic: string, payload: unknown): Promise<unknown> {
  return (await client.reply(client.presence(topic, 'track', payload))).payload
}

/** The first state that comes. */
export async function stateOf(client: RawClient): Promise<Metas> {
  return (await client.waitForEvent('presence_state')).payload as unknown as Metas
}

export function diffsOf(client: RawClient): { joins: Metas; leaves: Metas }[] {
  return client.received
    .filter(({ event }) => event === 'presence_diff')
    .map(({ payload }) => payload as unknown as { joins: Metas; leaves: Metas })
}

export async function diffAt(client: RawClient, index: number): Promise<{ joins: Metas; leaves: Metas }> {
  await client.until(() => diffsOf(client).length > index, `diff ${index}`)
  const diff = diffsOf(client)[index]
  if (!diff) throw new Error('unreachable')
  return diff
}
