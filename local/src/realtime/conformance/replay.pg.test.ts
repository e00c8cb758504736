/** What a private topic tells its newcomer again. */

import { describe, expect } from 'vitest'
import { SECRET_KEY, signToken } from '../testing/test-server.ts'
import { conforms, useRealtime } from '../testing/use-realtime.ts'
import { contents, numbers, upTo, useReplays, withReplay } from '../testing/use-replays.ts'

const realtime = useRealtime()
const replays = useReplays(realtime)
const sql = (text: string, values: unknown[] = []) => realtime.database.pool.query(text, values)

describe('R163 2.3 replay', () => {
  conforms(
    '2.3 after the join reply come private messages of before, oldest first, marked in meta',
    async version => {
      const topic = await replays.topic('past', version)
      await replays.send(topic, 1, 3)
      await realtime.database.send(topic, 'n', { n: 99 }, false)
      const client = await replays.join(version, topic, { since: 0 })
      expect(client.received.map(({ event }) => event)).toEqual([
        'phx_reply',
        'broadcast',
        'broadcast',
        'broadcast',
        'phx_reply',
      ])
      const { rows } = await sql(
        'select id::text from realtime.messages where topic = $1 and private order by inserted_at',
        [topic],
      )
      expect(contents(client)).toStrictEqual(
        rows.map(({ id }, i) => ({
          type: 'broadcast',
          event: 'n',
          payload: { n: i + 1, id },
          meta: { replayed: true, id },
        })),
      )
      for (const { isBinary, joinRef } of client.broadcasts()) {
        expect([isBinary, joinRef ?? null]).toEqual([version === '2.0.0', null])
      }
    },
  )

  conforms('2.3 it is the newest 25, or as many as asked for, at least one', async version => {
    const topic = await replays.topic('limit', version)
    await replays.send(topic, 1, 30)
    for (const [limit, expected] of [
      [undefined, upTo(6, 30)],
      [100, upTo(6, 30)],
      [25, upTo(6, 30)],
      [3, upTo(28, 30)],
      [1, [30]],
      [0, [30]],
      [-5, [30]],
    ] as const) {
      const client = await replays.join(version, topic, {
        since: 0,
        ...(limit === undefined ? {} : { limit }),
      })
      expect(numbers(client), `limit ${limit}`).toEqual(expected)
    }
  })

  conforms('2.3 since is a moment in milliseconds; what came at it or later is told', async version => {
    const topic = await replays.topic('since', version)
    for (const [n, seconds] of [
      [1, '30.001'],
      [2, '20'],
      [3, '10'],
    ]) {
      await sql(
        `insert into realtime.messages (topic, extension, event, private, payload, inserted_at)
         values ($1, 'broadcast', 'n', true, jsonb_build_object('n', $2::int),
           date_trunc('second', now()) - make_interval(secs => $3::float8))`,
        [topic, n, seconds],
      )
    }
    const { rows } = await sql(
      `select (extract(epoch from inserted_at at time zone 'utc') * 1000)::float8 as at from realtime.messages
       where topic = $1 order by inserted_at`,
      [topic],
    )
    const [first = 0, second = 0] = rows.map(({ at }) => Number(at))
    expect(numbers(await replays.join(version, topic, { since: first }))).toEqual([1, 2, 3])
    expect(numbers(await replays.join(version, topic, { since: first + 1 }))).toEqual([2, 3])
    expect(numbers(await replays.join(version, topic, { since: second }))).toEqual([2, 3])
    expect(numbers(await replays.join(version, topic, { since: second + 1 }))).toEqual([3])
    expect(numbers(await replays.join(version, topic, { since: Date.now() + 3_600_000 }))).toEqual([])
  })

  conforms('2.3 what is stamped more than a minute ahead is not told yet', async version => {
    const topic = await replays.topic('ahead', version)
    for (const [n, ahead] of [
      [1, '20 seconds'],
      [2, '10 minutes'],
    ]) {
      await sql(
        `insert into realtime.messages (topic, extension, event, private, payload, inserted_at)
         values ($1, 'broadcast', 'n', true, jsonb_build_object('n', $2::int), now() + $3::interval)`,
        [topic, n, ahead],
      )
    }
    expect(numbers(await replays.join(version, topic, { since: 0 }))).toEqual([1])
  })

  conforms('2.3 other topics, extensions and public messages are not told', async version => {
    const topic = await replays.topic('only', version)
    await replays.send(`${topic}-other`, 1, 1)
    await realtime.database.send(topic, 'n', { n: 2 }, false)
    await sql(
      `insert into realtime.messages (topic, extension, event, private, payload)
       values ($1, 'presence', 'n', true, '{"n": 3}')`,
      [topic],
    )
    await replays.send(topic, 4, 4)
    expect(numbers(await replays.join(version, topic, { since: 0 }))).toEqual([4])
  })

  conforms('2.3 bytes are told as kind 4, and not to version 1', async version => {
    const topic = await replays.topic('bytes', version)
    await sql("select realtime.send_binary('\\x00ff04', 'raw', $1)", [topic])
    await replays.send(topic, 1, 1)
    const client = await replays.join(version, topic, { since: 0 })
    expect(contents(client).map(({ event }) => event)).toEqual(version === '2.0.0' ? ['raw', 'n'] : ['n'])
    if (version === '2.0.0') {
      expect(client.broadcasts()[0]).toMatchObject({
        isBinary: true,
        payload: { payload: Buffer.from([0, 255, 4]), meta: { replayed: true, id: expect.any(String) } },
      })
    }
  })

  conforms('2.3 without the wish there is no replay', async version => {
    const topic = await replays.topic('none', version)
    await replays.send(topic, 1, 2)
    await replays.passed()
    const client = await realtime.connect({ version })
    await client.join(topic, { private: true }, await signToken({ sub: 'ada' }))
    await client.fence(topic)
    expect(client.broadcasts()).toEqual([])
  })

  conforms('2.3 public channels have none, and other parameters are refused', async version => {
    const topic = await replays.topic('refused', version)
    await replays.send(topic, 1, 1)
    const client = await realtime.connect({ version })
    const token = await signToken({ sub: 'ada' })
    const refused = (reason: string) => ({
      status: 'error',
      response: { reason: `UnableToReplayMessages: ${reason}` },
    })
    expect(await client.join(topic, { broadcast: { replay: { since: 0 } } }, token)).toEqual(
      refused('Replay is not allowed for public channels'),
    )
    for (const replay of [
      {},
      { since: 'now' },
      { since: null },
      { since: 1.5 },
      { since: 0, limit: 'all' },
    ]) {
      expect(await client.join(topic, withReplay(replay), token), JSON.stringify(replay)).toEqual(
        refused('Replay params are not valid'),
      )
    }
    expect(client.broadcasts()).toEqual([])
  })

  conforms('2.3 a reader is told what its policies show it, service_role everything', async version => {
    const topic = `rows:${version}`
    await sql(`
      drop policy if exists shown on realtime.messages;
      create policy shown on realtime.messages for select to authenticated
        using (topic like 'rows:%' and event is distinct from 'hidden')`)
    await realtime.database.send(topic, 'hidden', { n: 1 })
    await realtime.database.send(topic, 'shown', { n: 2 })
    expect(numbers(await replays.join(version, topic, { since: 0 }))).toEqual([2])
    const service = await realtime.connect({ version, key: SECRET_KEY })
    await service.join(topic, withReplay({ since: 0 }))
    await service.fence(topic)
    expect(numbers(service)).toEqual([1, 2])
  })

  conforms('2.3 who may read presence only is told no messages', async version => {
    const topic = `presence-${version}`
    await realtime.database.allow('seer', topic, { extension: 'presence' })
    await replays.send(topic, 1, 1)
    const client = await realtime.connect({ version })
    const config = withReplay({ since: 0 }, { presence: { enabled: true } })
    expect((await client.join(topic, config, await signToken({ sub: 'seer' }))).status).toBe('ok')
    await client.fence(topic)
    expect(client.broadcasts()).toEqual([])
  })
})
