/** Who reads what the database sends: a private topic, and the public one of the same name. */

import type { RawClient, Received } from './raw-client.ts'
import { signToken } from './test-server.ts'
import type { Realtime, Version } from './use-realtime.ts'

export interface Readers {
  join(version: Version, topic: string): Promise<[closed: RawClient, open: RawClient]>
  /** All that the database sent to the client's topic before, as it came. */
  heard(client: RawClient): Promise<Received[]>
  /** What of it was sent. */
  contents(client: RawClient): Promise<Content[]>
}

export interface Content {
  readonly event: string
  readonly payload: Record<string, unknown>
}

const FENCE = 'the-fence'

export function useReaders(realtime: Realtime): Readers {
  let fences = 0
  const heard = async (client: RawClient): Promise<Received[]> => {
    const topic = client.received[0]?.topic.slice('realtime:'.length) ?? ''
    const fence = `${FENCE} ${++fences}`
    for (const isPrivate of [true, false]) await realtime.database.send(topic, fence, {}, isPrivate)
    await client.waitFor(({ payload }) => payload.event === fence, 'the fence')
    return client.broadcasts().filter(({ payload }) => !String(payload.event).startsWith(FENCE))
  }
  return {
    async join(version, topic) {
      await realtime.database.allow('reader', topic)
      const [closed, open] = [await realtime.connect({ version }), await realtime.connect({ version })]
      const { status } = await closed.join(topic, { private: true }, await signToken({ sub: 'reader' }))
      if (status !== 'ok') throw new Error('the reader was refused')
      await open.join(topic)
      return [closed, open]
    },
    heard,
    contents: async client => (await heard(client)).map(({ payload }) => payload as unknown as Content),
  }
}
