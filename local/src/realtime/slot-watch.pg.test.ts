/** The connection that streams PostgreSQL's log looks alive and is not. A cluster of its own, for its settings. */

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { createOwnedDatabase, type OwnedDatabase } from './testing/own-cluster.ts'
import { RawClient } from './testing/raw-client.ts'
import { type ReplicationProxy, startReplicationProxy } from './testing/replication-proxy.ts'
import { startTestServer, type TestServer } from './testing/test-server.ts'

let database: OwnedDatabase
let proxy: ReplicationProxy
let server: TestServer
let client: RawClient

beforeAll(async () => {
  database = await createOwnedDatabase({ max_slot_wal_keep_size: '32MB' })
})
beforeEach(async () => {
  proxy = await startReplicationProxy(database.config)
  const config = { ...database.config, port: proxy.port }
  server = await startTestServer({ ...database, config }, { limits: { slotWatchMs: 100 } })
  client = await RawClient.connect(server.port)
  await client.join('feed')
})
afterEach(async () => {
  client.close()
  await server.close()
  await proxy.close()
})
afterAll(() => database?.drop())

const events = () => server.logged.map(({ event }) => event)

async function sendTen(): Promise<void> {
  for (let n = 0; n < 10; n++) await database.send('feed', 'n', { n }, false)
}

async function expectTen(): Promise<void> {
  await client.until(() => client.broadcasts().length >= 10, 'all ten')
  await client.heartbeat()
  const numbers = client.broadcasts().map(({ payload }) => (payload.payload as { n: number }).n)
  expect(numbers).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
}

test('R164: 4.3 a slot that nobody streams from any more is noticed, and nothing is missed', async () => {
  proxy.freeze()
  await database.pool.query('select pg_terminate_backend(active_pid) from pg_replication_slots')
  await sendTen()
  await expectTen()
  expect(events()).toContain('slot-abandoned')
})

test('R164: 4.3 a slot that no longer moves gets a new connection before its log is given up', async () => {
  proxy.freeze()
  await sendTen()
  // Half of what may be kept.
  await database.pool.query(
    "select pg_logical_emit_message(false, 'bulk', repeat('x', 1000000)) from generate_series(1, 20)",
  )
  await expectTen()
  expect(events()).toContain('slot-stuck')
  expect(events()).not.toContain('slot-recreated')
})
