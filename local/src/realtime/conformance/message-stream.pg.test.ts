/** From rows of realtime.messages to sockets: which, when, and in what order. */

import { describe, expect, test } from 'vitest'
import { signToken } from '../testing/test-server.ts'
import { useReaders } from '../testing/use-readers.ts'
import { conforms, useRealtime } from '../testing/use-realtime.ts'

const realtime = useRealtime()
const readers = useReaders(realtime)
const { contents } = readers
const sql = (text: string, values: unknown[] = []) => realtime.database.pool.query(text, values)
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

describe('R163 2.1 the stream of messages', () => {
  conforms(
    '2.1 a transaction’s messages come when it commits, in order; rolled back they never do',
    async version => {
      const topic = `order-${version}`
      const [closed] = await readers.join(version, topic)
      await sql(`begin; select realtime.send('{"n": 0}', 'n', '${topic}'); rollback`)
      await sql(`begin;
      select realtime.send(jsonb_build_object('n', n), 'n', '${topic}') from generate_series(1, 20) as n;
      commit`)
      await realtime.database.send(topic, 'n', { n: 21 })
      expect((await contents(closed)).map(({ payload }) => payload.n)).toEqual(
        Array.from({ length: 21 }, (_, n) => n + 1),
      )
    },
  )

  conforms('2.1 a row inserted by hand is sent, other extensions are not', async version => {
    const topic = `by-hand-${version}`
    const [closed, open] = await readers.join(version, topic)
    await sql(
      `insert into realtime.messages (topic, extension, event, private, payload) values
         ($1, 'presence', 'p', true, '{}'), ($1, 'broadcast', 'b', true, '{"n": 1}'), ($1, 'broadcast', 'o', false, '[2]')`,
      [topic],
    )
    expect((await contents(closed)).map(({ event, payload }) => [event, payload])).toEqual([['b', { n: 1 }]])
    expect((await contents(open)).map(({ event, payload }) => [event, payload])).toEqual([['o', [2]]])
  })

  conforms('2.1 a row of tomorrow’s partition is sent as well', async version => {
    const topic = `tomorrow-${version}`
    const [closed] = await readers.join(version, topic)
    await sql(
      `insert into realtime.messages (topic, extension, event, private, payload, inserted_at)
       values ($1, 'broadcast', 'b', true, '{"n": 1}', now() + interval '1 day')`,
      [topic],
    )
    expect((await contents(closed)).map(({ payload }) => payload)).toEqual([{ n: 1 }])
  })

  conforms(
    '2.1 a killed replication connection loses and repeats nothing on an open socket',
    async version => {
      const topic = `killed-${version}`
      const [closed] = await readers.join(version, topic)
      for (let n = 0; n < 20; n++) {
        if (n % 7 === 3) {
          await sql(`select pg_terminate_backend(active_pid) from pg_replication_slots
          where database = current_database() and active_pid is not null`)
        }
        await realtime.database.send(topic, 'n', { n })
      }
      expect((await contents(closed)).map(({ payload }) => payload.n)).toEqual([...Array(20).keys()])
    },
  )

  conforms('2.1 the unmodified client hears send() with its meta', async version => {
    const topic = `js-${version}`
    await realtime.database.allow('reader', topic)
    const supabase = realtime.supabase({ version })
    await supabase.realtime.setAuth(await signToken({ sub: 'reader' }))
    const channel = supabase.channel(topic, { config: { private: true } })
    const seen: unknown[] = []
    channel.on('broadcast', { event: 'n' }, message => seen.push(message))
    const status = await new Promise(resolve => {
      channel.subscribe((state, error) => resolve(error?.message ?? state))
    })
    expect(status).toBe('SUBSCRIBED')
    await realtime.database.send(topic, 'n', { n: 1 })
    const id = expect.stringMatching(UUID)
    await expect
      .poll(() => seen, { timeout: 10_000 })
      .toEqual([{ type: 'broadcast', event: 'n', payload: { n: 1, id }, meta: { id } }])
  })

  test('2.1 the slot is the server’s own and goes with it', async () => {
    const slots = async () =>
      (
        await sql(
          'select plugin, temporary, active from pg_replication_slots where database = current_database()',
        )
      ).rows
    await expect
      .poll(slots, { timeout: 10_000 })
      .toEqual([{ plugin: 'pgoutput', temporary: false, active: true }])
    await realtime.server.close()
    expect(await slots()).toEqual([])
  })
})
