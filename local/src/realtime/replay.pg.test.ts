import { createClient, type WebSocketLikeConstructor } from '@supabase/supabase-js'
import { beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { RawClient } from './testing/raw-client.ts'
import { PUBLISHABLE_KEY, signToken } from './testing/test-server.ts'
import { useRealtime, type Version } from './testing/use-realtime.ts'

interface Content {
  event: string
  payload: { n: number }
  meta: { id: string; replayed?: boolean }
}

const GATE = 7_254

const realtime = useRealtime({ limits: { authorizationTimeoutMs: 2_000 } })
const connect = (version: Version = '2.0.0') => realtime.connect({ version })
let token: string

const withReplay = (replay: object, rest: object = {}) => ({ private: true, broadcast: { replay }, ...rest })

function contents(client: RawClient): Content[] {
  return client.broadcasts().map(message => message.payload as unknown as Content)
}

function numbers(client: RawClient): number[] {
  return contents(client).map(({ payload }) => payload.n)
}

async function send(topic: string, from: number, to: number): Promise<void> {
  for (let n = from; n <= to; n++) await realtime.database.send(topic, 'n', { n })
}

/** Times that the policy of `gate:` topics was asked about a topic that is joined, not about stored rows. */
async function timesAsked(): Promise<number> {
  const { rows } = await realtime.database.pool.query<{ count: number }>(
    'select last_value::int as count from public.asked',
  )
  return rows[0]?.count ?? 0
}

/** Connections for replays that wait at the gate. */
async function replaysAtGate(): Promise<number | null> {
  const { rowCount } = await realtime.database.pool.query(
    `select from pg_stat_activity
     where application_name = 'realtime replay' and wait_event = 'advisory' and datname = current_database()`,
  )
  return rowCount
}

beforeAll(async () => {
  await realtime.database.pool.query(`
    create sequence public.asked;
    grant usage on sequence public.asked to authenticated;
    create function public.gate(topic text, event text) returns boolean language plpgsql as $$
    begin
      if event is null then perform nextval('public.asked'); return true; end if;
      if topic = 'gate:shut' then perform pg_advisory_xact_lock_shared(${GATE}); end if;
      if topic = 'gate:fail' then return 1 / 0 = 1; end if;
      return event <> 'hidden';
    end $$;
    create policy gate on realtime.messages for select to authenticated
      using (topic like 'gate:%' and public.gate(topic, event));
  `)
  token = await signToken({ sub: 'ada' })
})

test.each(['1.0.0', '2.0.0'] as const)(
  'R140: 2.3 after the join is answered come the newest messages, oldest first, marked as replayed (%s)',
  async version => {
    const topic = `past-${version}`
    await realtime.database.allow('ada', topic)
    await send(topic, 1, 30)
    await realtime.database.send(topic, 'n', { n: 99 }, false)
    const client = await connect(version)
    expect((await client.join(topic, withReplay({ since: 0 }), token)).status).toBe('ok')
    await send(topic, 31, 31)
    await client.until(() => client.broadcasts().length >= 26, 'all messages')
    await client.heartbeat()
    expect(client.received[0]?.event).toBe('phx_reply')
    expect(numbers(client)).toEqual(Array.from({ length: 26 }, (_, i) => i + 6))
    const [first, last] = [contents(client)[0], contents(client).at(-1)]
    const id = expect.any(String)
    expect(first).toEqual({
      type: 'broadcast',
      event: 'n',
      payload: { n: 6, id },
      meta: { replayed: true, id },
    })
    expect(last?.meta).toEqual({ id })
    expect(client.broadcasts().every(({ isBinary }) => isBinary === (version === '2.0.0'))).toBe(true)
    expect(client.broadcasts().every(({ joinRef }) => !joinRef)).toBe(true)
  },
)

test('R140: 2.3 a replay begins at its moment and has no more messages than wanted', async () => {
  await realtime.database.allow('ada', 'since')
  await send('since', 1, 3)
  const { rows } = await realtime.database.pool.query<{ at: number }>(
    `select ceil(extract(epoch from max(inserted_at) at time zone 'utc') * 1000)::float8 as at
     from realtime.messages where topic = 'since'`,
  )
  const since = rows[0]?.at ?? 0
  await realtime.database.pool.query('select pg_sleep(0.002)')
  await send('since', 4, 7)
  for (const [replay, expected] of [
    [{ since }, [4, 5, 6, 7]],
    [{ since, limit: 2 }, [6, 7]],
    [{ since: 8_640_000_000_000_000 }, []],
    [{ since: -8_640_000_000_000_000, limit: 1 }, [7]],
    [{ since: Number.MAX_SAFE_INTEGER }, []],
  ] as const) {
    const client = await connect()
    expect((await client.join('since', withReplay(replay), token)).status).toBe('ok')
    await client.fence('since')
    expect(numbers(client)).toEqual(expected)
  }
})

test('R140: 2.3 what is older than 72 hours is not told again', async () => {
  await realtime.database.allow('ada', 'old')
  await realtime.database.pool.query(
    `do $$ declare day date := (now() at time zone 'utc')::date - 4; begin
       for n in 0..2 loop
         execute format('create table realtime.old_%s partition of realtime.messages for values from (%L) to (%L)',
           n, day + n, day + n + 1);
       end loop;
     end $$`,
  )
  for (const [n, age] of [
    [1, '72 hours 1 minute'],
    [2, '71 hours'],
  ]) {
    await realtime.database.pool.query(
      `insert into realtime.messages (topic, extension, event, private, payload, inserted_at)
       values ('old', 'broadcast', 'n', true, jsonb_build_object('n', $1::int), now() - $2::interval)`,
      [n, age],
    )
  }
  const client = await connect()
  await client.join('old', withReplay({ since: 0 }), token)
  await client.fence('old')
  expect(numbers(client)).toEqual([2])
})

test('R141: 2.3 bytes are replayed as kind 4, and not at all to version 1', async () => {
  await realtime.database.allow('ada', 'bytes')
  await realtime.database.pool.query("select realtime.send_binary('\\x00ff04', 'raw', 'bytes')")
  await send('bytes', 1, 1)
  const [two, one] = [await connect(), await connect('1.0.0')]
  for (const client of [two, one]) {
    await client.join('bytes', withReplay({ since: 0 }), token)
    await client.fence('bytes')
  }
  expect(two.broadcasts()[0]).toMatchObject({
    isBinary: true,
    payload: { event: 'raw', payload: Buffer.from([0, 255, 4]), meta: { replayed: true } },
  })
  expect([two, one].map(client => contents(client).map(({ event }) => event))).toEqual([['raw', 'n'], ['n']])
})

test('R142: 2.3 a reader is told again only what their policies let them read', async () => {
  await realtime.database.send('gate:rows', 'hidden', { n: 1 })
  await realtime.database.send('gate:rows', 'seen', { n: 2 })
  const client = await connect()
  await client.join('gate:rows', withReplay({ since: 0 }), token)
  await client.fence('gate:rows')
  expect(numbers(client)).toEqual([2])

  await realtime.database.allow('seer', 'presence-only', { extension: 'presence' })
  await send('presence-only', 1, 1)
  const seer = await connect()
  const config = withReplay({ since: 0 }, { presence: { enabled: true } })
  expect((await seer.join('presence-only', config, await signToken({ sub: 'seer' }))).status).toBe('ok')
  await seer.fence('presence-only')
  expect(numbers(seer)).toEqual([])
})

test('R143: 2.3 what is committed between entering the room and the query comes once, in its order', async () => {
  const gate = await realtime.database.pool.connect()
  await gate.query('select pg_advisory_lock($1)', [GATE])
  try {
    await send('gate:shut', 0, 0)
    const blockers = [await connect(), await connect()]
    for (const blocker of blockers) blocker.startJoin('gate:shut', withReplay({ since: 0 }), token)
    // Both connections for replays wait at the gate.
    await expect.poll(replaysAtGate).toBe(2)

    await send('gate:gap', 1, 3)
    const before = await timesAsked()
    const client = await connect()
    const join = client.startJoin('gate:gap', withReplay({ since: 0 }), token)
    await expect.poll(timesAsked).toBe(before + 1)
    await send('gate:gap', 4, 12)
    await client.heartbeat()
    expect(client.received.filter(({ topic }) => topic === 'realtime:gate:gap')).toEqual([])
    await gate.query('select pg_advisory_unlock($1)', [GATE])
    await client.reply(join)
    await send('gate:gap', 13, 15)
    await client.until(() => client.broadcasts().length >= 15, 'all messages')
    await client.heartbeat()
    expect(numbers(client)).toEqual(Array.from({ length: 15 }, (_, i) => i + 1))
  } finally {
    await gate.query('select pg_advisory_unlock_all()')
    gate.release()
  }
})

test('R143: 2.3 what is committed during the query comes after it, once', async () => {
  const gate = await realtime.database.pool.connect()
  await gate.query('select pg_advisory_lock($1)', [GATE])
  try {
    const client = await connect()
    const join = client.startJoin('gate:shut', withReplay({ since: 0, limit: 3 }), token)
    await expect.poll(replaysAtGate).toBe(1)
    await send('gate:shut', 101, 105)
    await gate.query('select pg_advisory_unlock($1)', [GATE])
    await client.reply(join)
    await client.until(() => numbers(client).includes(105), 'the last message')
    await client.heartbeat()
    expect(numbers(client).filter(n => n > 100)).toEqual([101, 102, 103, 104, 105])
  } finally {
    await gate.query('select pg_advisory_unlock_all()')
    gate.release()
  }
})

test('R144: 2.3 a replay that hangs or fails refuses its own join and delays nobody', async () => {
  const gate = await realtime.database.pool.connect()
  await gate.query('select pg_advisory_lock($1)', [GATE])
  try {
    await send('gate:shut', 200, 200)
    await send('gate:fail', 1, 1)
    await realtime.database.allow('ada', 'calm')
    const client = await connect()
    const hanging = [client, await connect(), await connect()].map(each => ({
      each,
      ref: each.startJoin('gate:shut', withReplay({ since: 0 }), token),
    }))
    expect((await client.join('calm', { private: true }, token)).status).toBe('ok')
    await send('calm', 1, 1)
    await client.waitForEvent('broadcast', 'calm')
    expect(client.received.some(({ topic }) => topic === 'realtime:gate:shut')).toBe(false)

    const refusal = {
      status: 'error',
      response: { reason: 'UnableToReplayMessages: Realtime was unable to replay messages' },
    }
    for (const { each, ref } of hanging) expect((await each.reply(ref)).payload).toEqual(refusal)
    expect(await client.join('gate:fail', withReplay({ since: 0 }), token)).toEqual(refusal)
    await send('gate:fail', 2, 2)
    await client.heartbeat()
    expect(client.broadcasts('gate:fail')).toEqual([])
    expect(realtime.server.logged.map(({ event }) => event)).toContain('replay-failed')
  } finally {
    await gate.query('select pg_advisory_unlock_all()')
    gate.release()
  }
})

test('R144: 2.3 leaving, or losing the socket, in the middle of a replay leaves nothing behind', async () => {
  const gate = await realtime.database.pool.connect()
  await gate.query('select pg_advisory_lock($1)', [GATE])
  try {
    const [leaving, lost] = [await connect(), await connect()]
    leaving.startJoin('gate:shut', withReplay({ since: 0 }), token)
    lost.startJoin('gate:shut', withReplay({ since: 0 }), token)
    const leave = leaving.push('realtime:gate:shut', 'phx_leave', {})
    await lost.heartbeat()
    lost.close()
    await expect.poll(() => realtime.server.realtime.health().sockets).toBe(1)
    await gate.query('select pg_advisory_unlock($1)', [GATE])
    await leaving.reply(leave)
    await send('gate:shut', 300, 300)
    await leaving.heartbeat()
    expect(leaving.received.at(-2)?.event).toBe('phx_close')
    expect(numbers(leaving)).not.toContain(300)
    expect((await leaving.join('gate:shut', withReplay({ since: 0, limit: 1 }), token)).status).toBe('ok')
    await leaving.until(() => numbers(leaving).includes(300), 'the replay')
    expect(realtime.server.realtime.health()).toMatchObject({ sockets: 1, channels: 1 })
    expect(realtime.server.logged.filter(({ level }) => level === 'error')).toEqual([])
  } finally {
    await gate.query('select pg_advisory_unlock_all()')
    gate.release()
  }
})

test('R144: 2.3 more than a socket may leave unread is not held back: the channel ends, the client joins again', async () => {
  const gate = await realtime.database.pool.connect()
  await gate.query('select pg_advisory_lock($1)', [GATE])
  try {
    await send('gate:shut', 400, 400)
    const client = await connect()
    const join = client.startJoin('gate:shut', withReplay({ since: 0, limit: 1 }), token)
    await expect.poll(replaysAtGate).toBe(1)
    for (const n of [401, 402])
      await realtime.database.send('gate:shut', 'n', { n, text: 'x'.repeat(600_000) })
    expect(await client.waitForEvent('phx_error')).toMatchObject({ joinRef: join, payload: {} })
    await gate.query('select pg_advisory_unlock($1)', [GATE])
    expect((await client.reply(join)).payload.status).toBe('error')
    expect(client.broadcasts()).toEqual([])
    expect((await client.join('gate:shut', withReplay({ since: 0, limit: 1 }), token)).status).toBe('ok')
    await client.until(() => numbers(client).includes(402), 'the replay')
  } finally {
    await gate.query('select pg_advisory_unlock_all()')
    gate.release()
  }
})

test('R145: 2.3 presence is told whole after a replay', async () => {
  for (const name of ['ada', 'bob']) await realtime.database.allow(name, 'both', { write: true })
  await send('both', 1, 2)
  const bob = await connect()
  await bob.join(
    'both',
    { private: true, presence: { enabled: true, key: 'bob' } },
    await signToken({ sub: 'bob' }),
  )
  await bob.reply(bob.push('realtime:both', 'presence', { event: 'track', payload: { n: 1 } }))
  const ada = await connect()
  await ada.join('both', withReplay({ since: 0 }, { presence: { enabled: true, key: 'ada' } }), token)
  const state = await ada.waitForEvent('presence_state')
  expect(Object.keys(state.payload)).toEqual(['bob'])
  expect(ada.received.map(({ event }) => event)).toEqual([
    'phx_reply',
    'broadcast',
    'broadcast',
    'presence_state',
  ])
})

test('R146: 2.3 the unmodified supabase-js gets its replay, then what follows', async () => {
  await realtime.database.allow('ada', 'js')
  await send('js', 1, 3)
  const client = createClient(realtime.server.url, PUBLISHABLE_KEY, {
    auth: { persistSession: false, autoRefreshToken: false },
    realtime: { transport: WebSocket as unknown as WebSocketLikeConstructor },
    accessToken: async () => token,
  })
  await client.realtime.setAuth()
  const seen: [number, boolean | undefined][] = []
  const channel = client.channel('js', {
    config: { private: true, broadcast: { replay: { since: Date.now() - 60_000, limit: 2 } } },
  })
  channel.on('broadcast', { event: 'n' }, ({ payload, meta }) => seen.push([payload.n, meta?.replayed]))
  const status = await new Promise(resolve => {
    channel.subscribe((state, error) => resolve(error ? `${state}: ${error.message}` : state))
  })
  expect(status).toBe('SUBSCRIBED')
  await send('js', 4, 4)
  await expect
    .poll(() => seen)
    .toEqual([
      [2, true],
      [3, true],
      [4, undefined],
    ])
  await client.removeAllChannels()
})
