import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { RawClient, type Received } from './testing/raw-client.ts'
import { createTestDatabase, type TestDatabase } from './testing/test-database.ts'
import { signToken, startTestServer, type TestServer } from './testing/test-server.ts'

interface Meta {
  phx_ref: string
  phx_ref_prev?: string
  [field: string]: unknown
}
type Metas = Record<string, { metas: Meta[] }>

let database: TestDatabase
let server: TestServer
const clients: RawClient[] = []

async function connect(): Promise<RawClient> {
  const client = await RawClient.connect(server.port)
  clients.push(client)
  return client
}

function track(client: RawClient, topic: string, payload: unknown): string {
  return client.push(`realtime:${topic}`, 'presence', { type: 'presence', event: 'track', payload })
}

function diffs(client: RawClient): { joins: Metas; leaves: Metas }[] {
  return client.received
    .filter(message => message.event === 'presence_diff')
    .map(message => message.payload as unknown as { joins: Metas; leaves: Metas })
}

function state(message: Received): Metas {
  return message.payload as unknown as Metas
}

const withPresence = (key: string) => ({ presence: { enabled: true, key } })

beforeAll(async () => {
  database = await createTestDatabase()
  server = await startTestServer(database)
})

afterEach(() => {
  for (const client of clients.splice(0)) client.close()
})

afterAll(async () => {
  await server.close()
  await database.drop()
})

test('R20 who joins with presence learns who is there; the others learn who comes and goes', async () => {
  const [ada, bob] = [await connect(), await connect()]
  await ada.join('ward', withPresence('ada'))
  expect((await ada.waitForEvent('presence_state')).payload).toEqual({})
  expect((await ada.reply(track(ada, 'ward', { name: 'A' }))).payload).toEqual({ status: 'ok', response: {} })
  await ada.until(() => diffs(ada).length === 1, "ada's own diff")
  expect(diffs(ada)[0]).toEqual({
    joins: { ada: { metas: [{ name: 'A', phx_ref: expect.any(String) }] } },
    leaves: {},
  })

  await bob.join('ward', withPresence('bob'))
  expect(state(await bob.waitForEvent('presence_state')).ada?.metas).toMatchObject([{ name: 'A' }])
  await bob.reply(track(bob, 'ward', { name: 'B' }))
  await ada.until(() => 'bob' in (diffs(ada)[1]?.joins ?? {}), 'bob coming')
  bob.close()
  await ada.until(() => 'bob' in (diffs(ada)[2]?.leaves ?? {}), 'bob going')
})

test('R21 an update is one diff that names the meta it replaces', async () => {
  const client = await connect()
  await client.join('update', withPresence('ada'))
  await client.reply(track(client, 'update', { n: 1 }))
  await client.until(() => diffs(client).length === 1, 'the first diff')
  const first = diffs(client)[0]?.joins.ada?.metas[0]
  await client.reply(track(client, 'update', { n: 1 }))
  await client.reply(track(client, 'update', { n: 2 }))
  await client.until(() => diffs(client).length === 2, 'the second diff')
  const second = diffs(client)[1]
  expect(second?.joins.ada?.metas).toEqual([
    { n: 2, phx_ref: expect.any(String), phx_ref_prev: first?.phx_ref },
  ])
  expect(second?.leaves.ada?.metas).toEqual([{ n: 1, phx_ref: first?.phx_ref }])
})

test('R22 several sockets under one key are several metas', async () => {
  const [phone, laptop, watcher] = [await connect(), await connect(), await connect()]
  for (const client of [phone, laptop]) {
    await client.join('devices', withPresence('ada'))
    await client.reply(track(client, 'devices', { device: client === phone ? 'phone' : 'laptop' }))
  }
  await watcher.join('devices', withPresence(''))
  const { metas } = state(await watcher.waitForEvent('presence_state')).ada ?? { metas: [] }
  expect(metas.map(meta => meta.device)).toEqual(['phone', 'laptop'])

  laptop.push('realtime:devices', 'presence', { type: 'presence', event: 'UNTRACK' })
  await watcher.until(() => diffs(watcher).length === 1, 'the diff')
  expect(diffs(watcher)[0]).toMatchObject({ joins: {}, leaves: { ada: { metas: [{ device: 'laptop' }] } } })
})

test('R23 leaving the channel is leaving', async () => {
  const [ada, watcher] = [await connect(), await connect()]
  await watcher.join('leave', withPresence('w'))
  await ada.join('leave', withPresence('ada'))
  await ada.reply(track(ada, 'leave', {}))
  await watcher.until(() => diffs(watcher).length === 1, 'the join')
  await ada.reply(ada.push('realtime:leave', 'phx_leave', {}))
  await watcher.until(() => 'ada' in (diffs(watcher)[1]?.leaves ?? {}), 'the leave')
})

test('R24 without presence enabled there is no state, but a first track is told to all', async () => {
  const [plain, watcher] = [await connect(), await connect()]
  await watcher.join('plain', withPresence('w'))
  await plain.join('plain')
  await plain.heartbeat()
  expect(plain.received.some(message => message.event === 'presence_state')).toBe(false)
  await plain.reply(track(plain, 'plain', {}))
  await watcher.until(() => diffs(watcher).length === 1, 'the diff')
})

test('R25 what is no map is refused, in words; an unknown event without', async () => {
  const client = await connect()
  await client.join('bad', withPresence('ada'))
  for (const payload of ['text', 1, null, []]) {
    expect((await client.reply(track(client, 'bad', payload))).payload).toEqual({
      status: 'error',
      response: { reason: 'Presence track payload must be a map' },
    })
  }
  const unknown = client.push('realtime:bad', 'presence', { event: 'dance' })
  expect((await client.reply(unknown)).payload).toEqual({ status: 'error', response: {} })
})

test('R26 on a private topic presence needs its own right, to tell and to be told', async () => {
  await database.allow('ada', 'shift', { write: true })
  await database.allow('eve', 'shift', { extension: 'broadcast', write: true })
  const [ada, eve] = [await connect(), await connect()]
  await ada.join('shift', { private: true, ...withPresence('ada') }, await signToken({ sub: 'ada' }))
  await eve.join('shift', { private: true, ...withPresence('eve') }, await signToken({ sub: 'eve' }))

  expect((await eve.reply(track(eve, 'shift', {}))).payload).toEqual({ status: 'error', response: {} })
  expect((await ada.reply(track(ada, 'shift', {}))).payload.status).toBe('ok')
  await ada.until(() => diffs(ada).length === 1, "ada's diff")
  await eve.heartbeat()
  expect(Object.keys(diffs(ada)[0]?.joins ?? {})).toEqual(['ada'])
  expect(diffs(eve)).toEqual([])
})
