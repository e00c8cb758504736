import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { RawClient } from './testing/raw-client.ts'
import { createTestDatabase, type TestDatabase } from './testing/test-database.ts'
import {
  PUBLISHABLE_KEY,
  SECRET_KEY,
  signToken,
  startTestServer,
  type TestServer,
} from './testing/test-server.ts'

let database: TestDatabase
let server: TestServer
const clients: RawClient[] = []

async function connect(options?: Parameters<typeof RawClient.connect>[1]): Promise<RawClient> {
  const client = await RawClient.connect(server.port, options)
  clients.push(client)
  return client
}

beforeAll(async () => {
  database = await createTestDatabase()
  server = await startTestServer(database, { limits: { authorizationTimeoutMs: 500 } })
})

afterEach(() => {
  for (const client of clients.splice(0)) client.close()
})

afterAll(async () => {
  await server.close()
  await database.drop()
})

test('R1 a private topic opens to whom its policies let read, and to nobody else', async () => {
  await database.allow('ada', 'room:1')
  const client = await connect()

  const allowed = await client.join('room:1', { private: true }, await signToken({ sub: 'ada' }))
  expect(allowed).toEqual({ status: 'ok', response: { postgres_changes: [] } })

  const other = await connect()
  const token = await signToken({ sub: 'mallory' })
  expect(await other.join('room:1', { private: true }, token)).toEqual({
    status: 'error',
    response: { reason: 'Unauthorized: You do not have permissions to read from this Channel topic: room:1' },
  })
  expect((await other.join('room:2', { private: true }, await signToken({ sub: 'ada' }))).status).toBe(
    'error',
  )
})

test('R1 the key alone joins a private topic with the rights of its role', async () => {
  const anonymous = await connect()
  expect((await anonymous.join('room:1', { private: true })).status).toBe('error')

  const service = await connect({ key: SECRET_KEY })
  expect((await service.join('room:1', { private: true })).status).toBe('ok')
})

test('R1 a role that is none of the three joins no private topic', async () => {
  await database.allow('ada', 'room:role')
  const client = await connect()
  for (const role of ['supabase_admin', 'postgres', 'nobody']) {
    const token = await signToken({ sub: 'ada', role })
    expect((await client.join('room:role', { private: true }, token)).status, role).toBe('error')
  }
  const token = await signToken({ sub: 'ada' })
  expect((await client.join('room:role', { private: true }, token)).status).toBe('ok')
})

test('R2 joining leaves nothing in the database and sends nothing to the room', async () => {
  await database.allow('ada', 'room:probe')
  const token = await signToken({ sub: 'ada' })
  const client = await connect()
  await client.join('room:probe', { private: true, presence: { enabled: true } }, token)
  const other = await connect()
  await other.join('room:probe', { private: true }, token)
  await client.heartbeat()

  const { rows } = await database.pool.query("select 1 from realtime.messages where topic = 'room:probe'")
  expect(rows).toEqual([])
  expect(client.broadcasts()).toEqual([])
})

test('R3 a public and a private topic of one name are two rooms', async () => {
  await database.allow('ada', 'twin')
  const token = await signToken({ sub: 'ada' })
  const inPrivate = await connect()
  const inPublic = await connect()
  await inPrivate.join('twin', { private: true }, token)
  await inPublic.join('twin')

  await database.send('twin', 'secret', { n: 1 })
  await database.send('twin', 'open', { n: 2 }, false)
  await inPrivate.waitForEvent('broadcast')
  await inPublic.waitForEvent('broadcast')
  expect(inPrivate.broadcasts().map(message => message.payload.event)).toEqual(['secret'])
  expect(inPublic.broadcasts().map(message => message.payload.event)).toEqual(['open'])
})

test('R4 who may read but not send sends into the void, and is told nothing', async () => {
  await database.allow('reader', 'room:write')
  await database.allow('writer', 'room:write', { write: true })
  const reader = await connect()
  const writer = await connect()
  const config = { private: true, broadcast: { ack: true } }
  await reader.join('room:write', config, await signToken({ sub: 'reader' }))
  await writer.join('room:write', config, await signToken({ sub: 'writer' }))

  const forged = reader.broadcast('room:write', 'forged', {})
  await reader.fence('room:write')
  const sent = writer.broadcast('room:write', 'genuine', {})
  expect((await writer.reply(sent)).payload).toEqual({ status: 'ok', response: {} })
  await reader.waitForEvent('broadcast')
  await writer.heartbeat()

  expect(reader.received.some(message => message.ref === forged)).toBe(false)
  expect(writer.broadcasts()).toEqual([])
  expect(reader.broadcasts().map(message => message.payload.event)).toEqual(['genuine'])
})

test('R5 each kind of message needs its own right', async () => {
  await database.allow('seer', 'room:kinds', { extension: 'presence' })
  await database.allow('hearer', 'room:kinds', { extension: 'broadcast', write: true })
  const config = { private: true, presence: { enabled: true } }
  const seer = await connect()
  const hearer = await connect()
  expect((await seer.join('room:kinds', config, await signToken({ sub: 'seer' }))).status).toBe('ok')
  expect((await hearer.join('room:kinds', config, await signToken({ sub: 'hearer' }))).status).toBe('ok')
  await database.send('room:kinds', 'hello', {})
  await hearer.waitForEvent('broadcast')
  await seer.heartbeat()

  expect(seer.broadcasts()).toEqual([])
  expect(seer.received.some(message => message.event === 'presence_state')).toBe(true)
  expect(hearer.received.some(message => message.event === 'presence_state')).toBe(false)
})

test('R6 policies see the topic, the claims and the headers of the one who joins', async () => {
  await database.pool.query(`
    create function public.has_settings() returns boolean language plpgsql as $$
    begin
      return current_setting('request.jwt.claim.sub') = 'clara'
        and current_setting('request.jwt.claim.role') = 'authenticated'
        and current_setting('request.jwt.claims')::json ->> 'tenant' = 'north'
        and current_setting('request.headers')::json ->> 'x-ward' = '7'
        and current_setting('request.headers')::json ->> 'x-api-key' is null;
    end $$;
    create policy settings on realtime.messages for select to authenticated
      using (topic like 'settings:%' and public.has_settings());
  `)
  const token = await signToken({ sub: 'clara', tenant: 'north' })
  const client = await connect({ headers: { 'x-ward': '7', 'x-api-key': PUBLISHABLE_KEY } })
  expect((await client.join('settings:1', { private: true }, token)).status).toBe('ok')
  const elsewhere = await connect({ headers: { 'x-ward': '8' } })
  expect((await elsewhere.join('settings:1', { private: true }, token)).status).toBe('error')
})

test('R7 a policy that fails is a no; one that hangs is cut off, and the socket goes on', async () => {
  await database.pool.query(`
    create function public.trouble(topic text) returns boolean language plpgsql as $$
    begin
      if topic = 'trouble:fail' then return 1 / 0 = 1; end if;
      perform pg_sleep(30);
      return true;
    end $$;
    create policy trouble on realtime.messages for select to authenticated
      using (topic like 'trouble:%' and public.trouble(topic));
  `)
  const client = await connect()
  const token = await signToken({ sub: 'ada' })
  const failed = await client.join('trouble:fail', { private: true }, token)
  expect(failed.response).toEqual({ reason: expect.stringContaining('Unauthorized') })

  const hanging = client.startJoin('trouble:hang', { private: true }, token)
  await client.heartbeat()
  expect((await client.reply(hanging)).payload.response).toEqual({
    reason: expect.stringContaining('QueryCanceled'),
  })
  expect((await client.join('lobby')).status).toBe('ok')
})

test('R8 joins, pushes and leaves of one topic keep their order while the policies are slow', async () => {
  await database.pool.query(`
    create function public.slow() returns boolean language sql as 'select pg_sleep(0.2) is not null';
    create policy slow_send on realtime.messages for insert to authenticated
      with check (topic = 'slow' and public.slow());
    create policy slow_receive on realtime.messages for select to authenticated using (topic = 'slow');
  `)
  const token = await signToken({ sub: 'ada' })
  const listener = await connect()
  await listener.join('slow', { private: true }, token)
  const client = await connect()
  const join = client.startJoin('slow', { private: true, broadcast: { ack: true } }, token)
  const sent = [1, 2, 3].map(n => client.broadcast('slow', 'count', { n }))
  const leave = client.push('realtime:slow', 'phx_leave', {})
  await client.reply(leave)

  const replies = client.received.filter(message => message.event === 'phx_reply').map(message => message.ref)
  expect(replies).toEqual([join, ...sent, leave])
  await listener.until(() => listener.broadcasts().length === 3, 'three broadcasts')
  expect(listener.broadcasts().map(message => message.payload.payload)).toEqual([
    { n: 1 },
    { n: 2 },
    { n: 3 },
  ])
})
