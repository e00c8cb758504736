/** Topics with a past, and clients that want to be told of it. */

import { randomUUID } from 'node:crypto'
import type { RawClient } from './raw-client.ts'
import { signToken } from './test-server.ts'
import type { Realtime, Version } from './use-realtime.ts'

export interface Replayed {
  event: string
  payload: { n: number }
  meta: { id: string; replayed?: boolean }
}

export interface Replays {
  /** A topic of the case's own that `ada` may read. */
  topic(name: string, version: Version): Promise<string>
  /** The database sends `{ n }` for each number. */
  send(topic: string, from: number, to: number): Promise<void>
  /** What the database was told so far has gone through the stream: who joins now does not get it live. */
  passed(): Promise<void>
  /** `ada` joins and has been told all of the past. */
  join(version: Version, topic: string, replay: object): Promise<RawClient>
}

export const withReplay = (replay: object, rest: object = {}) => ({
  private: true,
  broadcast: { replay },
  ...rest,
})

export const contents = (client: RawClient) =>
  client.broadcasts().map(({ payload }) => payload as unknown as Replayed)

export const numbers = (client: RawClient) => contents(client).map(({ payload }) => payload.n)

export const upTo = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)

export function useReplays(realtime: Realtime): Replays {
  const replays: Replays = {
    async topic(name, version) {
      const topic = `${name}-${version}`
      await realtime.database.allow('ada', topic)
      return topic
    },
    async send(topic, from, to) {
      for (const n of upTo(from, to)) await realtime.database.send(topic, 'n', { n })
    },
    async passed() {
      const topic = randomUUID()
      const watch = await realtime.connect()
      await watch.join(topic)
      await realtime.database.send(topic, 'passed', {}, false)
      await watch.waitForEvent('broadcast', topic)
    },
    async join(version, topic, replay) {
      await replays.passed()
      const client = await realtime.connect({ version })
      const { status } = await client.join(topic, withReplay(replay), await signToken({ sub: 'ada' }))
      if (status !== 'ok') throw new Error('the join was refused')
      await client.fence(topic)
      return client
    },
  }
  return replays
}
