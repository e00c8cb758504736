import pg from 'pg'
import { afterEach, expect, test } from 'vitest'
import type { RealtimeOptions } from './index.ts'
import type { RawClient } from './testing/raw-client.ts'
import { createTestDatabase } from './testing/test-database.ts'
import { startTestServer, type TestServer } from './testing/test-server.ts'
import { useRealtime } from './testing/use-realtime.ts'

interface Slot {
  slot_name: string
  active_pid: number | null
  behind: number
}

// What is registered first runs last: after the servers of a test have closed.
afterEach(async () => expect(await slots()).toEqual([]))
const realtime = useRealtime(null)
const start = (options?: Partial<RealtimeOptions>) => realtime.start(options)

async function joined(server: TestServer, topic: string): Promise<RawClient> {
  const client = await realtime.connect({ to: server })
  await client.join(topic)
  return client
}

async function slots(): Promise<Slot[]> {
  const { rows } = await realtime.database.pool.query<Slot>(
    `select slot_name, active_pid, (pg_current_wal_lsn() - confirmed_flush_lsn)::int as behind
     from pg_replication_slots where database = current_database() order by slot_name`,
  )
  return rows
}

function numbers(client: RawClient): number[] {
  return client.broadcasts().map(message => (message.payload.payload as { n: number }).n)
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, n) => n)
}

test('R50 a killed replication connection costs a socket that stays open nothing, and repeats nothing', async () => {
  const server = await start()
  const client = await joined(server, 'feed')
  let sent = 0
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 5; i++) await realtime.database.send('feed', 'n', { n: sent++ }, false)
    const [slot] = await slots()
    await realtime.database.pool.query('select pg_terminate_backend($1)', [slot?.active_pid])
    for (let i = 0; i < 20; i++) await realtime.database.send('feed', 'n', { n: sent++ }, false)
  }
  await client.until(() => client.broadcasts().length >= sent, `${sent} broadcasts`)
  await client.heartbeat()
  expect(numbers(client)).toEqual(upTo(sent))
  expect(await slots()).toHaveLength(1)
})

test('R50 a connection killed inside a long transaction loses and repeats none of it', async () => {
  // A busy machine must not make the client one that does not read: that is another rule's matter.
  const server = await start({ limits: { maxBacklogBytes: 100_000_000, backlogGraceMs: 60_000 } })
  const client = await joined(server, 'feed')
  // More than the buffers on the way hold, so that the rest is still to come when the connection dies.
  const count = 5_000
  await realtime.database.pool.query(
    "select realtime.send(jsonb_build_object('n', n, 'pad', repeat('x', 4000)), 'n', 'feed', false) from generate_series(0, $1::int) as n",
    [count - 1],
  )
  await client.waitForEvent('broadcast')
  const [slot] = await slots()
  await realtime.database.pool.query('select pg_terminate_backend($1)', [slot?.active_pid])
  expect(client.broadcasts().length).toBeLessThan(count)
  await client.until(() => client.broadcasts().length >= count, `${count} broadcasts`)
  await client.heartbeat()
  expect(numbers(client)).toEqual(upTo(count))
})

// PostgreSQL makes a slot once every transaction that was open anywhere in the cluster is over, other files' included.
test('R51 a lost slot is made anew and what it would have told is told', { timeout: 60_000 }, async () => {
  const server = await start()
  const client = await joined(server, 'feed')
  await realtime.database.send('feed', 'n', { n: 0 }, false)
  await client.waitForEvent('broadcast')
  const [slot] = await slots()
  // The server comes back to its slot at once: be quicker.
  await realtime.database.pool.query(`
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
  for (let n = 1; n < 10; n++) await realtime.database.send('feed', 'n', { n }, false)
  await client.until(() => client.broadcasts().length >= 10, '10 broadcasts')
  await client.heartbeat()
  expect(numbers(client).toSorted((a, b) => a - b)).toEqual(upTo(10))
  expect(server.logged.map(({ event }) => event)).toContain('slot-recreated')
})

test('R52 what was handed over is acknowledged, and other tables do not hold the log back', async () => {
  const server = await start()
  const client = await joined(server, 'feed')
  await realtime.database.send('feed', 'n', { n: 0 }, false)
  await client.waitForEvent('broadcast')
  await realtime.database.pool.query(
    'create table public.busy as select n from generate_series(1, 2000) as n',
  )
  await expect.poll(async () => (await slots())[0]?.behind, { timeout: 15_000 }).toBeLessThan(2_000)
})

test('R53 what a dead process left behind is dropped at the next start, streaming or not', async () => {
  const { rows } = await realtime.database.pool.query<{ oid: number }>(
    'select oid from pg_database where datname = current_database()',
  )
  const stale = `realtime_${rows[0]?.oid}_dead`
  for (const kind of ['idle', 'active']) {
    await realtime.database.pool.query("select pg_create_logical_replication_slot($1, 'pgoutput')", [
      `${stale}_${kind}`,
    ])
  }
  const config: pg.ClientConfig & { replication: 'database' } = {
    ...realtime.database.config,
    replication: 'database',
  }
  const zombie = new pg.Client(config)
  zombie.on('error', () => undefined)
  await zombie.connect()
  const started = new Promise(resolve => zombie.connection.once('replicationStart', resolve))
  const streaming = zombie.query(
    `START_REPLICATION SLOT ${stale}_active LOGICAL 0/0 (proto_version '1', publication_names 'supabase_realtime')`,
  )
  const ended = streaming.catch(() => undefined)
  await started

  const server = await start()
  expect((await slots()).filter(slot => slot.slot_name.startsWith(stale))).toEqual([])
  expect(server.realtime.health().replicationConnected).toBe(true)
  await ended
})

test('R53 servers of two databases of one cluster leave each other alone', async () => {
  const other = await createTestDatabase()
  const elsewhere = await startTestServer(other)
  const here = await start()
  try {
    const [there, client] = [await joined(elsewhere, 'feed'), await joined(here, 'feed')]
    await other.send('feed', 'n', { n: 1 }, false)
    await realtime.database.send('feed', 'n', { n: 2 }, false)
    await there.waitForEvent('broadcast')
    await client.waitForEvent('broadcast')
    expect([numbers(there), numbers(client)]).toEqual([[1], [2]])
  } finally {
    await elsewhere.close()
    await other.drop()
  }
})

test('R54 a server that closes tells its clients to come back', async () => {
  const server = await start()
  const client = await joined(server, 'feed')
  await server.close()
  await client.closed()
  expect(client.closeCode).toBe(1012)
})

test('R55 a burst to a large room reaches everyone in order', async () => {
  const server = await start()
  const members = []
  for (let i = 0; i < 60; i++) members.push(await joined(server, 'crowd'))
  const count = 100
  await realtime.database.pool.query(
    "select realtime.send(jsonb_build_object('n', n), 'n', 'crowd', false) from generate_series(0, $1::int) as n",
    [count - 1],
  )
  for (const member of members) {
    await member.until(() => member.broadcasts().length >= count, `${count} broadcasts`)
    expect(numbers(member)).toEqual(upTo(count))
  }
})
