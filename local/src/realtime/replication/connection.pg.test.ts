/** A stream from a slot, alone: how it tells a server that has nothing to say from one that is gone. */

import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type ReplicationProxy, startReplicationProxy } from '../testing/replication-proxy.ts'
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts'
import { openStream, type ReplicationStream } from './connection.ts'
import { createSlot, dropSlot, newSlotName } from './slot.ts'

let database: TestDatabase
let proxy: ReplicationProxy
let slot: string
let stream: ReplicationStream
let ended: Error[]

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database?.drop())

beforeEach(async () => {
  proxy = await startReplicationProxy(database.config)
  slot = await newSlotName(database.pool, 'quiet')
  await createSlot(database.pool, slot)
  ended = []
  stream = await openStream({
    database: { ...database.config, port: proxy.port },
    slot,
    publications: ['supabase_realtime_messages_publication'],
    statusEveryMs: 200,
    onMessage: () => {},
    onEnd: error => ended.push(error as Error),
  })
})
afterEach(async () => {
  if (ended.length === 0) await stream.close()
  await dropSlot(database.pool, slot)
  await proxy.close()
})

test('R166: 4.3 a database in which nothing happens is asked whether it is there, and its stream stays', async () => {
  await delay(4_000)
  expect(ended).toEqual([])
})

test('R166: 4.3 a stream over which no answer comes any more ends', async () => {
  proxy.freeze()
  await expect
    .poll(() => ended.map(({ message }) => message), { timeout: 10_000 })
    .toEqual(['The replication connection went silent'])
})
