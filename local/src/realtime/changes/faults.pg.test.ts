/** Slots that die, databases that go away, publications that change: what open subscriptions get all the same. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import type { RealtimeOptions } from '../index.ts'
import { type ChangeBench, changesOf, createChangeBench } from '../testing/change-bench.ts'
import { RawClient } from '../testing/raw-client.ts'
import { startTestServer } from '../testing/test-server.ts'

interface Slot {
  slot_name: string
  active_pid: number | null
  behind: number
}

let bench: ChangeBench
const benches: ChangeBench[] = []

const ENTRY = { event: '*', schema: 'public', table: 'items' }

async function open(options: Partial<RealtimeOptions> = {}): Promise<ChangeBench> {
  const opened = await createChangeBench(options)
  benches.push(opened)
  await opened.sql(`
    create table public.items (id int primary key);
    grant select on public.items to anon;
    alter publication supabase_realtime add table public.items`)
  return opened
}

async function slots(kind = 'changes'): Promise<Slot[]> {
  const { rows } = await bench.database.pool.query<Slot>(
    `select slot_name, active_pid, (pg_current_wal_lsn() - confirmed_flush_lsn)::int as behind
     from pg_replication_slots where database = current_database() and slot_name like '%' || $1`,
    [kind],
  )
  return rows
}

const idsOf = (client: RawClient) => changesOf(client).map(({ data }) => data.record?.id)

const insert = (id: number) => bench.sql('insert into public.items values ($1)', [id])

const upTo = (count: number) => Array.from({ length: count }, (_, n) => n)

beforeEach(async () => {
  bench = await open()
})

afterEach(async () => {
  for (const each of benches.splice(0)) await each.close()
})

test('R131 the slot comes with the first subscriber and goes some time after the last one', async () => {
  bench = await open({ limits: { changesLingerMs: 200 } })
  expect(await slots()).toEqual([])
  const [one, two] = [await bench.connect(), await bench.connect()]
  await bench.subscribe(one, 'a', [ENTRY])
  const [slot] = await slots()
  await bench.subscribe(two, 'a', [ENTRY])
  expect((await slots()).map(({ slot_name }) => slot_name)).toEqual([slot?.slot_name])
  one.close()
  await two.reply(two.push('realtime:a', 'phx_leave', {}))
  // Somebody who comes while it lingers finds it as it was.
  await bench.subscribe(two, 'b', [ENTRY])
  expect((await slots()).map(({ slot_name }) => slot_name)).toEqual([slot?.slot_name])
  two.close()
  await expect.poll(slots, { timeout: 10_000 }).toEqual([])
  expect(await slots('messages')).toHaveLength(1)

  const three = await bench.connect()
  await bench.subscribe(three, 'a', [ENTRY])
  await insert(1)
  await three.waitForEvent('postgres_changes')
})

test('R131 a closed server leaves no slot, one that is still being made neither', {
  timeout: 60_000,
}, async () => {
  const client = await bench.connect()
  await bench.subscribe(client, 'a', [ENTRY])
  expect(await slots()).toHaveLength(1)
  await bench.server.close()
  expect(await slots()).toEqual([])

  const server = await startTestServer(bench.database)
  const blocker = await bench.database.pool.connect()
  try {
    await blocker.query('begin')
    await blocker.query('select pg_current_xact_id()')
    const waiting = await RawClient.connect(server.port)
    await waiting.join('a', { postgres_changes: [ENTRY] })
    await expect.poll(slots, { timeout: 10_000 }).toHaveLength(1)
    await server.close()
    expect(await slots()).toEqual([])
  } finally {
    await blocker.query('rollback')
    blocker.release()
  }
})

test('R132 it is said to be live only once changes are streamed', { timeout: 60_000 }, async () => {
  const client = await bench.connect()
  const blocker = await bench.database.pool.connect()
  await blocker.query('begin')
  await blocker.query('select pg_current_xact_id()')
  try {
    const { status, response } = await client.join('a', { postgres_changes: [ENTRY] })
    expect([status, response]).toEqual(['ok', { postgres_changes: [{ ...ENTRY, id: expect.any(Number) }] }])
    await expect.poll(slots, { timeout: 10_000 }).toHaveLength(1)
    await client.fence('a')
    expect(client.received.filter(({ event }) => event === 'system')).toEqual([])
  } finally {
    await blocker.query('rollback')
    blocker.release()
  }
  expect((await client.waitForEvent('system')).payload).toEqual({
    extension: 'postgres_changes',
    status: 'ok',
    message: 'Subscribed to PostgreSQL',
    channel: 'a',
  })
  await insert(1)
  await client.waitForEvent('postgres_changes')
})

test('R133 a killed replication connection costs a socket that stays open nothing, and repeats nothing', async () => {
  const client = await bench.connect()
  await bench.subscribe(client, 'a', [ENTRY])
  let sent = 0
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 5; i++) await insert(sent++)
    const [slot] = await slots()
    await bench.sql('select pg_terminate_backend($1)', [slot?.active_pid])
    for (let i = 0; i < 20; i++) await insert(sent++)
  }
  await bench.sql('insert into public.items select generate_series($1::int, $1::int + 499)', [sent])
  sent += 500
  const [slot] = await slots()
  await bench.sql('select pg_terminate_backend($1)', [slot?.active_pid])
  await client.until(() => changesOf(client).length >= sent, `${sent} changes`)
  await bench.settle(client)
  expect(idsOf(client)).toEqual(upTo(sent))
})

test('R133 checks that lose their connection are made again, in order', async () => {
  const client = await bench.connect()
  await bench.subscribe(client, 'a', [ENTRY])
  const count = 300
  await bench.sql('insert into public.items select generate_series(0, $1::int - 1)', [count])
  for (let round = 0; round < 5; round++) {
    await bench.sql(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and application_name = 'realtime changes' and backend_type = 'client backend'`,
    )
    await client.heartbeat()
  }
  await client.until(() => changesOf(client).length >= count, `${count} changes`)
  await bench.settle(client)
  expect(idsOf(client)).toEqual(upTo(count))
})

test('R134 when the slot is lost the channels end as by a crash, and joining again works', {
  timeout: 60_000,
}, async () => {
  const [client, other] = [await bench.connect(), await bench.connect()]
  await bench.subscribe(client, 'a', [ENTRY])
  await other.join('a')
  await insert(1)
  await client.waitForEvent('postgres_changes')
  const [slot] = await slots()
  // The server comes back to its slot at once: be quicker.
  await bench.sql(`
    do $$ begin
      loop
        begin
          perform pg_terminate_backend(active_pid) from pg_replication_slots
          where slot_name = '${slot?.slot_name}' and active_pid is not null;
          perform pg_drop_replication_slot('${slot?.slot_name}');
          return;
        exception when object_in_use then perform pg_sleep(0.001);
        end;
      end loop;
    end $$`)
  const crashed = await client.waitForEvent('phx_error', 'a')
  expect(crashed.joinRef).toBe(crashed.ref)
  expect(bench.server.logged.map(({ event }) => event)).toContain('slot-recreated')
  client.received.splice(0)
  await bench.subscribe(client, 'a', [ENTRY])
  await insert(2)
  await client.waitForEvent('postgres_changes')
  await other.fence('a')
  expect(idsOf(client)).toEqual([2])
  expect(other.received.map(({ event }) => event)).not.toContain('phx_error')
})

test('R135 a table joins and leaves the publication while subscriptions are open', async () => {
  bench = await open({ limits: { changesRetryMs: 50 } })
  await bench.sql('create table public.later (id int primary key)')
  await bench.sql('grant select on public.later to anon')
  const [wild, named] = [await bench.connect(), await bench.connect()]
  await bench.subscribe(wild, 'wild', [{ event: 'INSERT', schema: 'public' }])
  await named.join('named', { postgres_changes: [{ event: 'INSERT', table: 'later' }] })
  expect((await named.waitForEvent('system')).payload.status).toBe('error')

  await bench.sql('insert into public.later values (1)')
  await bench.sql('alter publication supabase_realtime add table public.later')
  await named.waitFor(({ event, payload }) => event === 'system' && payload.status === 'ok')
  await bench.sql('insert into public.later values (2)')
  await bench.sql('alter publication supabase_realtime drop table public.later')
  await bench.sql('insert into public.later values (3)')
  await insert(4)
  await bench.sql('alter publication supabase_realtime add table public.later')
  await bench.sql('insert into public.later values (5)')
  await named.until(() => changesOf(named).length >= 2, '2 changes')
  await wild.until(() => changesOf(wild).length >= 3, '3 changes')
  expect(idsOf(named)).toEqual([2, 5])
  expect(idsOf(wild)).toEqual([2, 4, 5])
  // Said once, not with every attempt.
  expect(named.received.filter(({ event }) => event === 'system')).toHaveLength(2)
})

test('R135 a publication that is dropped and made anew streams again', { timeout: 60_000 }, async () => {
  bench = await open({ limits: { changesRetryMs: 50 } })
  const client = await bench.connect()
  await bench.subscribe(client, 'a', [ENTRY])
  await bench.sql('drop publication supabase_realtime')
  await insert(1)
  await bench.sql('create publication supabase_realtime for table public.items, public.fence')
  // Where the missing publication broke the stream, the channels of the time end as by a crash: whoever joins again.
  let id = 1
  const outcome = async () => {
    const other = await bench.connect()
    await other.join('b', { postgres_changes: [ENTRY] })
    const isEnd = ({ event }: { event: string }) => event === 'phx_error'
    await other.waitFor(
      message => isEnd(message) || (message.event === 'system' && message.payload.status === 'ok'),
    )
    await insert(++id)
    await other.waitFor(message => isEnd(message) || message.event === 'postgres_changes')
    return idsOf(other).includes(id)
  }
  await expect.poll(outcome, { timeout: 30_000 }).toBe(true)
})

test('R136 what was handed over is acknowledged, and other tables do not hold the log back', async () => {
  const client = await bench.connect()
  await bench.subscribe(client, 'a', [ENTRY])
  await insert(1)
  await client.waitForEvent('postgres_changes')
  await bench.sql('create table public.busy as select n from generate_series(1, 2000) as n')
  await expect.poll(async () => (await slots())[0]?.behind, { timeout: 15_000 }).toBeLessThan(2_000)
})

test('R136 what was not handed over is not acknowledged', async () => {
  bench = await open({ limits: { authorizationTimeoutMs: 30_000 } })
  await bench.sql(`
    create table public.gate (id int primary key);
    alter table public.items enable row level security;
    grant select on public.gate to anon;
    create policy slow on public.items for select to anon using (exists (select from public.gate))`)
  await bench.sql('insert into public.gate values (1)')
  const client = await bench.connect()
  await bench.subscribe(client, 'a', [ENTRY])
  const blocker = await bench.database.pool.connect()
  await blocker.query('begin')
  await blocker.query('lock table public.gate in access exclusive mode')
  const { rows } = await blocker.query<{ lsn: string }>('select pg_current_wal_lsn()::text as lsn')
  try {
    await insert(1)
    const look = async () => {
      const waiting = await bench.database.pool.query(
        `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
         and application_name = 'realtime changes'`,
      )
      return waiting.rowCount
    }
    await expect.poll(look).toBe(1)
    // The server has every reason to acknowledge by now: later commits, and keepalives that want an answer.
    for (const round of [1, 2, 3]) {
      await bench.sql(`create table public.busy_${round} as select n from generate_series(1, 2000) as n`)
      const behind = async () => (await slots('messages'))[0]?.behind
      await expect.poll(behind, { timeout: 15_000 }).toBeLessThan(2_000)
    }
    const asked = await bench.database.pool.query<{ is_held: boolean }>(
      `select confirmed_flush_lsn <= $1::pg_lsn as is_held from pg_replication_slots
       where database = current_database() and slot_name like '%changes'`,
      [rows[0]?.lsn],
    )
    expect(asked.rows).toEqual([{ is_held: true }])
  } finally {
    await blocker.query('rollback')
    blocker.release()
  }
  await client.waitForEvent('postgres_changes')
})
