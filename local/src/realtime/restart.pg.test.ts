/** PostgreSQL comes back while sockets stay open. A cluster of its own, for it dies. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { createOwnedDatabase, type OwnedDatabase } from './testing/own-cluster.ts'
import { RawClient } from './testing/raw-client.ts'
import { signToken, startTestServer, type TestServer } from './testing/test-server.ts'

let database: OwnedDatabase
let server: TestServer

beforeAll(async () => {
  database = await createOwnedDatabase()
  server = await startTestServer(database)
})

afterAll(async () => {
  await server?.close()
  await database?.drop()
})

test.each([
  ['restarted', 'SIGINT'],
  ['killed', 'SIGKILL'],
] as const)(
  'R161: 4.3 PostgreSQL %s with sockets open: what was committed comes once, in order',
  { timeout: 120_000 },
  async (_, signal) => {
    const topic = `room-${signal}`
    await database.allow('ada', topic)
    const token = await signToken({ sub: 'ada' })
    const client = await RawClient.connect(server.port)
    await client.join(topic, { private: true }, token)
    await client.join('public')
    const committed: number[] = []
    const send = async (n: number) => {
      await database.send(topic, 'n', { n })
      committed.push(n)
    }
    for (let n = 0; n < 20; n++) await send(n)
    const pid = await database.cluster.pid()
    if (pid === null) throw new Error('no server')
    process.kill(pid, signal)
    for (let n = 20, sentSince = 0; sentSince < 20; n++) {
      // Public topics need no database.
      await client.heartbeat()
      try {
        await send(n)
        const latest = await database.cluster.pid()
        if (latest !== null && latest !== pid) sentSince++
      } catch {
        await new Promise(resolve => setTimeout(resolve, 20))
      }
    }
    const numbers = () => client.broadcasts().map(({ payload }) => (payload.payload as { n: number }).n)
    await client.until(() => numbers().includes(committed.at(-1) ?? -1), 'the last message')
    await client.heartbeat()
    // One whose answer was lost may have been committed as well.
    expect(numbers().filter(n => committed.includes(n))).toEqual(committed)
    expect(new Set(numbers()).size).toBe(numbers().length)
    expect((await client.join(`${topic}-more`, { private: true }, token)).status).toBe('error')
    expect((await client.join(topic, { private: true }, token)).status).toBe('ok')
    client.close()
  },
)
