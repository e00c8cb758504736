/** What goes wrong seldom: our own faults, policies that hang, peers that vanish, a feed that is down, midnight. */

import { createClient, type WebSocketLikeConstructor } from '@supabase/supabase-js'
import pg from 'pg'
import { afterEach, beforeAll, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import type { RealtimeOptions } from './index.ts'
import { keepPartitions } from './partitions.ts'
import type { RawClient } from './testing/raw-client.ts'
import { PUBLISHABLE_KEY, signToken, type TestServer } from './testing/test-server.ts'
import { useRealtime } from './testing/use-realtime.ts'

const realtime = useRealtime(null)
const start = (options?: Partial<RealtimeOptions>) => realtime.start(options)
const connect = (to: TestServer) => realtime.connect({ to })

/** Makes the policies of topics `stall:` hang, or not. */
async function stall(isOn: boolean): Promise<void> {
  await realtime.database.pool.query('update public.stall set is_on = $1', [isOn])
}

beforeAll(async () => {
  await realtime.database.pool.query(`
    create table public.stall (is_on boolean);
    insert into public.stall values (false);
    grant select on public.stall to authenticated;
    create function public.stalls() returns boolean language plpgsql as $$
    begin
      if (select is_on from public.stall) then perform pg_sleep(30); end if;
      return true;
    end $$;
    create policy stall_receive on realtime.messages for select to authenticated
      using (topic like 'stall:%' and public.stalls());
    create policy stall_send on realtime.messages for insert to authenticated
      with check (topic like 'stall:%' and public.stalls());
  `)
})

afterEach(() => stall(false))

test('R154: 1.3 where policies give no answer to a new token the channel ends with phx_error', async () => {
  const server = await start({ limits: { authorizationTimeoutMs: 300 } })
  const client = await connect(server)
  const joinRef = client.startJoin('stall:1', { private: true }, await signToken({ sub: 'ada' }))
  await client.reply(joinRef)
  await client.join('lobby')
  await stall(true)
  client.push('realtime:stall:1', 'access_token', { access_token: await signToken({ sub: 'ada', n: 2 }) })
  const crashed = await client.waitForEvent('phx_error', 'stall:1')
  expect(crashed).toMatchObject({ joinRef, ref: joinRef, payload: {} })
  await client.heartbeat()
  expect(client.received.some(({ event }) => event === 'phx_close')).toBe(false)
  await realtime.database.send('lobby', 'n', {}, false)
  await client.waitForEvent('broadcast', 'lobby')
  await stall(false)
  expect((await client.join('stall:1', { private: true }, await signToken({ sub: 'ada' }))).status).toBe('ok')
})

test('R154: 1.3 an exception of ours ends its channel with phx_error, and nothing else', async () => {
  const server = await start({
    log({ event }) {
      if (event === 'frame-malformed') throw new Error('a fault of the test')
    },
  })
  const [client, other] = [await connect(server), await connect(server)]
  for (const topic of ['faulty', 'sound']) await client.join(topic)
  await other.join('faulty')
  client.push('realtime:faulty', 'broadcast', 'no object')
  await client.waitForEvent('phx_error', 'faulty')
  await realtime.database.send('faulty', 'n', {}, false)
  await realtime.database.send('sound', 'n', {}, false)
  await other.waitForEvent('broadcast', 'faulty')
  await client.waitForEvent('broadcast', 'sound')
  expect(client.broadcasts('faulty')).toEqual([])
  expect((await client.join('faulty')).status).toBe('ok')
})

test('R154: 1.3 after phx_error the unmodified supabase-js joins again by itself', async () => {
  const server = await start({ limits: { authorizationTimeoutMs: 300 } })
  const client = createClient(server.url, PUBLISHABLE_KEY, {
    auth: { persistSession: false, autoRefreshToken: false },
    realtime: { transport: WebSocket as unknown as WebSocketLikeConstructor },
  })
  await client.realtime.setAuth(await signToken({ sub: 'ada' }))
  const statuses: string[] = []
  const messages: unknown[] = []
  const channel = client.channel('stall:2', { config: { private: true } })
  channel.on('broadcast', { event: 'n' }, ({ payload }) => messages.push(payload.n))
  channel.subscribe(status => statuses.push(status))
  await expect.poll(() => statuses).toEqual(['SUBSCRIBED'])
  await stall(true)
  await client.realtime.setAuth(await signToken({ sub: 'ada', n: 2 }))
  await expect.poll(() => statuses, { timeout: 10_000 }).toContain('CHANNEL_ERROR')
  await stall(false)
  await expect.poll(() => statuses.at(-1), { timeout: 15_000 }).toBe('SUBSCRIBED')
  await realtime.database.send('stall:2', 'n', { n: 1 })
  await expect.poll(() => messages, { timeout: 5_000 }).toEqual([1])
  expect(statuses).not.toContain('CLOSED')
  await client.removeAllChannels()
})

test('R155: 1.3 a right to read that a new token brings takes effect, for messages and for presence', async () => {
  const server = await start()
  await realtime.database.allow('seer', 'gain', { extension: 'presence' })
  await realtime.database.allow('hearer', 'gain', { extension: 'broadcast' })
  await realtime.database.allow('both', 'gain', { write: true })
  const config = { private: true, presence: { enabled: true, key: 'k' } }
  const [seer, hearer, both] = [await connect(server), await connect(server), await connect(server)]
  await seer.join('gain', config, await signToken({ sub: 'seer' }))
  await hearer.join('gain', config, await signToken({ sub: 'hearer' }))
  await both.join('gain', config, await signToken({ sub: 'both' }))
  const track = { type: 'presence', event: 'track', payload: { n: 1 } }
  await both.reply(both.push('realtime:gain', 'presence', track))
  await realtime.database.send('gain', 'before', {})
  await hearer.waitForEvent('broadcast')
  await seer.waitForEvent('presence_diff')
  expect(hearer.received.some(({ event }) => event.startsWith('presence'))).toBe(false)

  const fresh = await signToken({ sub: 'both', n: 2 })
  for (const client of [seer, hearer]) client.push('realtime:gain', 'access_token', { access_token: fresh })
  const state = await hearer.waitForEvent('presence_state')
  expect(state.payload).toMatchObject({ k: { metas: [{ n: 1 }] } })
  await seer.fence('gain')
  await realtime.database.send('gain', 'after', {})
  for (const client of [seer, hearer]) {
    await client.waitFor(({ payload }) => payload.event === 'after', 'the broadcast')
  }
  expect(seer.broadcasts().map(({ payload }) => payload.event)).toEqual(['after'])
  expect(seer.received.filter(({ event }) => event === 'presence_state')).toHaveLength(1)
})

test('R156: 1.4 a write policy that hangs is cut off: its message goes nowhere, all else goes on', async () => {
  const server = await start({ limits: { authorizationTimeoutMs: 500 } })
  await realtime.database.allow('ada', 'calm', { write: true })
  const token = await signToken({ sub: 'ada' })
  const [client, listener] = [await connect(server), await connect(server)]
  const config = { private: true, broadcast: { ack: true } }
  for (const each of [client, listener]) {
    expect((await each.join('stall:3', config, token)).status).toBe('ok')
    expect((await each.join('calm', config, token)).status).toBe('ok')
  }
  await stall(true)
  const hanging = client.broadcast('stall:3', 'hangs', {})
  const behind = client.push('realtime:stall:3', 'phx_leave', {})
  const calm = client.broadcast('calm', 'n', {})
  expect((await client.reply(calm)).payload.status).toBe('ok')
  await listener.waitForEvent('broadcast', 'calm')
  expect(client.received.some(({ ref }) => ref === behind)).toBe(false)
  await client.reply(behind)
  await listener.heartbeat()
  expect(client.received.some(({ ref }) => ref === hanging)).toBe(false)
  expect(listener.broadcasts('stall:3')).toEqual([])
  expect(server.logged.map(({ event }) => event)).toContain('authorization-unavailable')
})

test('R157: 1.1 a peer that vanished without a word is cut, and leaves presence', async () => {
  const server = await start({ limits: { idleTimeoutMs: 1_000 } })
  const [vanished, watcher] = [await connect(server), await connect(server)]
  const config = { presence: { enabled: true, key: 'v' } }
  for (const client of [vanished, watcher]) await client.join('ward', config)
  const track = { type: 'presence', event: 'track', payload: {} }
  await vanished.reply(vanished.push('realtime:ward', 'presence', track))
  // It neither sends nor answers a close frame, and its connection stays.
  vanished.webSocket.pause()
  const left = () =>
    watcher.received.some(
      ({ event, payload }) => event === 'presence_diff' && 'v' in (payload.leaves as object),
    )
  while (!left()) await watcher.heartbeat()
  expect(server.realtime.health().sockets).toBe(1)
  expect(vanished.closeCode).toBe(null)
})

test('R158: 1.1 a socket without a channel is closed in the end, heartbeats or not; one with a channel stays', async () => {
  const server = await start({ limits: { noChannelTimeoutMs: 300, idleTimeoutMs: 2_000 } })
  const [idle, joined] = [await connect(server), await connect(server)]
  const other = await connect(server)
  for (const client of [joined, other]) await client.join('lobby')
  const untilClosed = async (client: RawClient) => {
    while (client.closeCode === null) {
      client.push('phoenix', 'heartbeat', {})
      await other.heartbeat()
    }
  }
  const idling = untilClosed(idle)
  await joined.heartbeat()
  await idling
  expect(idle.closeCode).toBe(1001)
  await joined.heartbeat()
  await joined.reply(joined.push('realtime:lobby', 'phx_leave', {}))
  await untilClosed(joined)
  expect(joined.closeCode).toBe(1001)
  await other.heartbeat()
})

test('R159: 1.3 while the database does not stream, replication_ready ends in an error and a close', async () => {
  const server = await start({ limits: { replicationReadyTimeoutMs: 300 } })
  const client = await connect(server)
  await client.join('plain')
  const outside = new pg.Client({ ...realtime.database.config, database: 'postgres' })
  await outside.connect()
  const allowConnections = (isAllowed: boolean) =>
    outside.query(`alter database ${realtime.database.config.database} allow_connections ${isAllowed}`)
  try {
    await allowConnections(false)
    await realtime.database.pool.query(
      'select pg_terminate_backend(active_pid) from pg_replication_slots where database = current_database()',
    )
    await expect.poll(() => server.realtime.health().replicationConnected).toBe(false)
    const config = { broadcast: { replication_ready: true } }
    expect((await client.join('waits', config)).status).toBe('ok')
    await client.waitForEvent('phx_close', 'waits')
    expect(client.received.slice(-2).map(({ event, payload }) => [event, payload])).toEqual([
      [
        'system',
        {
          extension: 'system',
          status: 'error',
          message: 'Replication connection could not be established',
          channel: 'waits',
        },
      ],
      ['phx_close', {}],
    ])
    expect(client.received.filter(({ topic }) => topic === 'realtime:plain')).toHaveLength(1)

    const patient = await connect(server)
    const ready = patient.startJoin('patient', config)
    await allowConnections(true)
    await patient.reply(ready)
    await expect.poll(() => server.realtime.health().replicationConnected, { timeout: 10_000 }).toBe(true)
    expect((await client.join('waits', config)).status).toBe('ok')
    await client.waitFor(({ payload }) => payload.message === 'Replication connection established')
  } finally {
    await allowConnections(true)
    await outside.end()
  }
})

test('R160: 2.1 a message sent just after midnight UTC is stored in the new day and delivered', async () => {
  const server = await start()
  await realtime.database.allow('ada', 'night')
  const client = await connect(server)
  await client.join('night', { private: true }, await signToken({ sub: 'ada' }))
  const setClock = (daysAhead: number) =>
    realtime.database.pool.query(
      `alter table realtime.messages alter column inserted_at
         set default (current_date + ${daysAhead})::timestamp + interval '1 ms'`,
    )
  const stored = async (day: number) => {
    const { rows } = await realtime.database.pool.query<{ found: string | null }>(
      `select max(tableoid::regclass::text) = 'realtime.messages_' || to_char(current_date + $1::int, 'YYYY_MM_DD') as found
       from realtime.messages where inserted_at >= current_date + $1::int`,
      [day],
    )
    return rows[0]?.found
  }
  try {
    await setClock(1)
    await realtime.database.send('night', 'tomorrow', {})
    await client.waitForEvent('broadcast')
    expect(await stored(1)).toBe(true)

    // Nobody has made that day's partition yet: the message would be lost.
    await setClock(4)
    await realtime.database.send('night', 'lost', {})
    expect(await stored(4)).toBe(null)
    const today = Math.floor(Date.now() / 86_400_000) * 86_400_000
    let now = today + 86_399_999
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const errors: unknown[] = []
    const partitions = keepPartitions(
      realtime.database.pool,
      error => errors.push(error),
      () => now,
    )
    await partitions.ensure()
    now += 2
    vi.advanceTimersByTime(30_000)
    partitions.stop()
    vi.useRealTimers()
    await expect
      .poll(async () => {
        await realtime.database.send('night', 'fourth', {})
        return stored(4)
      })
      .toBe(true)
    await client.waitFor(({ payload }) => payload.event === 'fourth')
    expect(errors).toEqual([])
    expect(client.broadcasts().some(({ payload }) => payload.event === 'lost')).toBe(false)
  } finally {
    vi.useRealTimers()
    await realtime.database.pool.query(
      'alter table realtime.messages alter column inserted_at set default now()',
    )
  }
})
