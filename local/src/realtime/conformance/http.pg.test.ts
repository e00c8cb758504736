/** Broadcasts over HTTP, as they reach sockets: batches, one by its path, rights. */

import { describe, expect, vi } from 'vitest'
import { AS_KEY, asUser, post, postBatch } from '../testing/post-broadcast.ts'
import type { RawClient } from '../testing/raw-client.ts'
import { SECRET_KEY, signToken } from '../testing/test-server.ts'
import { conforms, useRealtime } from '../testing/use-realtime.ts'

const realtime = useRealtime()
const BYTES = { ...AS_KEY, 'content-type': 'application/octet-stream' }

const said = async (answer: Response) => [answer.status, await answer.json()]

/** The broadcasts that came, once `count` are there and whatever was sent before has arrived. */
async function heard(client: RawClient, count: number) {
  await client.until(() => client.broadcasts().length >= count, `${count} broadcasts`)
  await client.heartbeat()
  return client.broadcasts()
}

const payloadsOf = async (client: RawClient, count: number) =>
  (await heard(client, count)).map(({ payload }) => payload.payload)

describe('R163 1.8 HTTP', () => {
  conforms('1.8 a batch: 202 without a body; text frames, in order, each to its sub-topic', async version => {
    const [ward, lab, prefixed] = [
      await realtime.connect({ version }),
      await realtime.connect({ version }),
      await realtime.connect({ version }),
    ]
    await ward.join('ward:1')
    await lab.join('lab')
    await prefixed.join('realtime:lab')
    const answer = await postBatch(realtime.server, [
      { topic: 'ward:1', event: 'a', payload: { n: 1 } },
      { topic: 'realtime:lab', event: 'b', payload: { n: 2 } },
      { topic: 'ward:1', event: 'c', payload: { n: 3, text: 'é "' } },
    ])
    expect([answer.status, await answer.text()]).toEqual([202, ''])
    const messages = await heard(ward, 2)
    expect(messages.map(({ payload }) => payload)).toStrictEqual([
      { type: 'broadcast', event: 'a', payload: { n: 1 } },
      { type: 'broadcast', event: 'c', payload: { n: 3, text: 'é "' } },
    ])
    for (const { isBinary, joinRef, ref, topic } of messages) {
      expect([isBinary, joinRef ?? null, ref ?? null, topic]).toEqual([false, null, null, 'realtime:ward:1'])
    }
    expect(await payloadsOf(prefixed, 1)).toEqual([{ n: 2 }])
    expect(await payloadsOf(lab, 0)).toEqual([])
  })

  conforms('1.8 an id given with a message of a batch is its meta.id', async version => {
    const client = await realtime.connect({ version })
    await client.join('ids')
    await postBatch(realtime.server, [{ topic: 'ids', event: 'n', payload: {}, id: 'one' }])
    const [message] = await heard(client, 1)
    expect(message?.payload).toStrictEqual({
      type: 'broadcast',
      event: 'n',
      payload: {},
      meta: { id: 'one' },
    })
  })

  conforms('1.8 what comes over HTTP is not stored', async version => {
    const client = await realtime.connect({ version })
    await client.join('transient')
    await postBatch(realtime.server, [{ topic: 'transient', event: 'n', payload: {} }])
    await post(realtime.server, '/transient/events/n', '{}')
    await heard(client, 2)
    const { rowCount } = await realtime.database.pool.query('select from realtime.messages')
    expect(rowCount).toBe(0)
  })

  conforms(
    '1.8 private messages of a batch without the right to send are dropped, and it is 202',
    async version => {
      const topic = `lab-${version}`
      await realtime.database.allow('reader', topic)
      await realtime.database.allow('writer', topic, { write: true })
      const [closed, open] = [await realtime.connect({ version }), await realtime.connect({ version })]
      await closed.join(topic, { private: true }, await signToken({ sub: 'reader' }))
      await open.join(topic)
      const message = (n: number, isPrivate: boolean) => ({
        topic,
        event: 'n',
        payload: { n },
        private: isPrivate,
      })
      for (const [n, headers] of [
        [1, await asUser('reader')],
        [2, AS_KEY],
        [3, await asUser('writer')],
        [4, { apikey: SECRET_KEY }],
      ] as const) {
        const answer = await postBatch(realtime.server, [message(n, true), message(10 * n, false)], headers)
        expect([answer.status, await answer.text()]).toEqual([202, ''])
      }
      expect(await payloadsOf(closed, 2)).toEqual([{ n: 3 }, { n: 4 }])
      expect(await payloadsOf(open, 4)).toEqual([10, 20, 30, 40].map(n => ({ n })))
    },
  )

  conforms('1.8 one by its path: any JSON, untouched, as kind 4; text to version 1', async version => {
    const client = await realtime.connect({ version })
    await client.join('one')
    const frames: string[] = []
    client.webSocket.on('message', data => frames.push(String(data)))
    for (const json of ['{ "n" : 1.50 }', '[1,"é"]', '"text"', '7', 'true', 'null']) {
      const answer = await post(realtime.server, '/one/events/bell', json)
      expect([answer.status, await answer.text()]).toEqual([202, ''])
    }
    const messages = await heard(client, 6)
    expect(messages.map(({ payload }) => payload.payload)).toEqual([
      { n: 1.5 },
      [1, 'é'],
      'text',
      7,
      true,
      null,
    ])
    expect(messages.every(({ isBinary }) => isBinary === (version === '2.0.0'))).toBe(true)
    expect(messages.map(({ payload }) => [payload.event, payload.meta])).toEqual(
      Array(6).fill(['bell', undefined]),
    )
    expect(frames[0]).toContain('{ "n" : 1.50 }')
  })

  conforms('1.8 octet-stream goes out as bytes, and not to version 1', async version => {
    const client = await realtime.connect({ version })
    await client.join('bytes')
    const bytes = Buffer.from([0, 255, 4, 34])
    expect((await post(realtime.server, '/bytes/events/raw', bytes, BYTES)).status).toBe(202)
    expect((await post(realtime.server, '/bytes/events/end', '{}')).status).toBe(202)
    const expected = version === '2.0.0' ? [bytes, {}] : [{}]
    expect(await payloadsOf(client, expected.length)).toEqual(expected)
  })

  conforms('1.8 topic and event of the path are URI-encoded', async version => {
    const [topic, event] = ['ward/ä?#%41 b', 'a/b €%2F']
    const client = await realtime.connect({ version })
    await client.join(topic)
    const path = `/${encodeURIComponent(topic)}/events/${encodeURIComponent(event)}`
    expect((await post(realtime.server, path, '{}')).status).toBe(202)
    const [message] = await heard(client, 1)
    expect([message?.topic, message?.payload.event]).toEqual([`realtime:${topic}`, event])
    expect((await post(realtime.server, '/%E0%A4%A/events/n', '{}')).status).toBe(400)
  })

  conforms(
    '1.8 private=true needs the right to send, else 403; without it the room is public',
    async version => {
      const topic = `door-${version}`
      await realtime.database.allow('reader', topic)
      await realtime.database.allow('writer', topic, { write: true })
      const [closed, open] = [await realtime.connect({ version }), await realtime.connect({ version })]
      await closed.join(topic, { private: true }, await signToken({ sub: 'reader' }))
      await open.join(topic)
      const path = `/${topic}/events/n?private=true`
      for (const headers of [await asUser('reader'), AS_KEY]) {
        expect(await said(await post(realtime.server, path, '1', headers))).toEqual([
          403,
          { message: 'Unauthorized' },
        ])
      }
      expect((await post(realtime.server, path, '2', await asUser('writer'))).status).toBe(202)
      expect((await post(realtime.server, `/${topic}/events/n`, '3')).status).toBe(202)
      expect((await post(realtime.server, `/${topic}/events/n?private=false`, '4')).status).toBe(202)
      expect(await payloadsOf(closed, 1)).toEqual([2])
      expect(await payloadsOf(open, 2)).toEqual([3, 4])
    },
  )

  conforms('1.8 policies are asked with the x- headers of the request, without the key', async version => {
    await realtime.database.pool.query(`
      drop policy if exists of_ward on realtime.messages;
      create policy of_ward on realtime.messages for insert to authenticated with check (
        topic like 'header-%' and current_setting('request.headers')::jsonb ->> 'x-ward' = '7'
          and not current_setting('request.headers')::jsonb ? 'apikey')`)
    const topic = `header-${version}`
    await realtime.database.allow('reader', topic)
    const client = await realtime.connect({ version })
    await client.join(topic, { private: true }, await signToken({ sub: 'reader' }))
    const headers = await asUser('anybody')
    const path = `/${topic}/events/n?private=true`
    expect((await post(realtime.server, path, '1', headers)).status).toBe(403)
    expect((await post(realtime.server, path, '2', { ...headers, 'x-ward': '7' })).status).toBe(202)
    expect(await payloadsOf(client, 1)).toEqual([2])
  })

  conforms(
    '1.8 the unmodified client sends by httpSend(), and by send() before it has joined',
    async version => {
      const topic = `js ${version}`
      const listener = realtime.supabase({ version }).channel(topic)
      const seen: unknown[] = []
      listener.on('broadcast', { event: '*' }, ({ event, payload }) => seen.push([event, payload]))
      expect(await new Promise(resolve => listener.subscribe(resolve))).toBe('SUBSCRIBED')
      const channel = realtime.supabase({ version }).channel(topic)
      // It says that httpSend() is to be preferred.
      const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
      expect(await channel.httpSend('a/b', { n: 1 })).toEqual({ success: true })
      expect(await channel.send({ type: 'broadcast', event: 'c', payload: { n: 2 } })).toBe('ok')
      warn.mockRestore()
      await expect
        .poll(() => seen, { timeout: 10_000 })
        .toEqual([
          ['a/b', { n: 1 }],
          ['c', { n: 2 }],
        ])
    },
  )

  conforms('1.8 of a batch with a wrong message nothing is sent', async version => {
    const client = await realtime.connect({ version })
    await client.join('whole')
    const good = { topic: 'whole', event: 'n', payload: { n: 1 } }
    expect((await postBatch(realtime.server, [good, { ...good, payload: null }])).status).toBe(422)
    expect((await postBatch(realtime.server, [{ ...good, payload: { n: 2 } }])).status).toBe(202)
    expect(await payloadsOf(client, 1)).toEqual([{ n: 2 }])
  })
})
