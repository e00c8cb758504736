/** Replay and stream together: each message once, in its order. */

import { describe, expect } from 'vitest'
import type { RawClient } from '../testing/raw-client.ts'
import { signToken } from '../testing/test-server.ts'
import { conforms, useRealtime } from '../testing/use-realtime.ts'
import { contents, numbers, upTo, useReplays, withReplay } from '../testing/use-replays.ts'

const realtime = useRealtime()
const replays = useReplays(realtime)
const sql = (text: string, values: unknown[] = []) => realtime.database.pool.query(text, values)

describe('R163 2.3 replay: and what follows', () => {
  conforms('2.3 what follows the replay is live and has no mark', async version => {
    const topic = await replays.topic('live', version)
    await replays.send(topic, 1, 2)
    const client = await replays.join(version, topic, { since: 0 })
    await replays.send(topic, 3, 3)
    await client.until(() => client.broadcasts().length >= 3, 'the live message')
    expect(contents(client).map(({ payload, meta }) => [payload.n, meta.replayed])).toEqual([
      [1, true],
      [2, true],
      [3, undefined],
    ])
  })

  conforms(
    '2.3 messages sent while channels join come once each, whether replayed or live',
    async version => {
      const topic = await replays.topic('busy', version)
      const sending = replays.send(topic, 1, 20)
      const clients: RawClient[] = []
      for (let i = 0; i < 4; i++) {
        const client = await realtime.connect({ version })
        clients.push(client)
        const { status } = await client.join(topic, withReplay({ since: 0 }), await signToken({ sub: 'ada' }))
        expect(status).toBe('ok')
      }
      await sending
      for (const client of clients) {
        await client.until(() => client.broadcasts().length >= 20, 'all messages')
        await client.heartbeat()
        expect(numbers(client)).toEqual(upTo(1, 20))
        expect(new Set(contents(client).map(({ meta }) => meta.id)).size).toBe(20)
      }
    },
  )

  conforms('2.3 what was replayed does not come again when the stream catches up', async version => {
    const topic = await replays.topic('behind', version)
    const client = await realtime.connect({ version })
    const token = await signToken({ sub: 'ada' })
    // Keeps the stream busy for longer than the join takes.
    await sql(`select realtime.send(jsonb_build_object('pad', repeat('x', 1000)), 'n', 'elsewhere')
      from generate_series(1, 20000)`)
    await replays.send(topic, 1, 1)
    await client.join(topic, withReplay({ since: 0 }), token)
    await replays.send(topic, 2, 2)
    await client.until(() => numbers(client).includes(2), 'the live message')
    expect(contents(client).map(({ payload, meta }) => [payload.n, meta.replayed])).toEqual([
      [1, true],
      [2, undefined],
    ])
  })

  conforms('2.3 the same since at a rejoin tells the same again', async version => {
    const topic = await replays.topic('again', version)
    await replays.send(topic, 1, 2)
    const client = await replays.join(version, topic, { since: 0 })
    await client.join(topic, withReplay({ since: 0 }), await signToken({ sub: 'ada' }))
    await client.fence(topic)
    expect(numbers(client)).toEqual([1, 2, 1, 2])
  })

  conforms('2.3 the unmodified client gets its replay', async version => {
    const topic = await replays.topic('js', version)
    await replays.send(topic, 1, 3)
    const supabase = realtime.supabase({ version })
    await supabase.realtime.setAuth(await signToken({ sub: 'ada' }))
    const channel = supabase.channel(topic, {
      config: { private: true, broadcast: { replay: { since: Date.now() - 60_000, limit: 2 } } },
    })
    const seen: unknown[] = []
    channel.on('broadcast', { event: 'n' }, ({ payload, meta }) => seen.push([payload.n, meta?.replayed]))
    const status = await new Promise(resolve => {
      channel.subscribe((state, error) => resolve(error?.message ?? state))
    })
    expect(status).toBe('SUBSCRIBED')
    await replays.send(topic, 4, 4)
    await expect
      .poll(() => seen, { timeout: 10_000 })
      .toEqual([
        [2, true],
        [3, true],
        [4, undefined],
      ])
  })
})
