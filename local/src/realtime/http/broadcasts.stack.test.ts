import { randomUUID } from 'node:crypto'
import { connect as connectTcp } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { testStack } from '../../testing/index.ts'
import { RawClient } from '../testing/raw-client.ts'

const stack = await testStack({ realtime: { limits: { authorizationTimeoutMs: 500 } } })
const { publishableKey, secretKey } = stack
const api = `${stack.url}/realtime/v1/api/broadcast`
const [writer, reader] = [randomUUID(), randomUUID()]
await stack.database.query(`
  create function public.dawdle() returns boolean language sql as 'select pg_sleep(5) is not null';
  grant execute on function public.dawdle() to authenticated;
  create policy lab_receive on realtime.messages for select to authenticated
    using ((select realtime.topic()) like 'lab:%');
  create policy lab_send on realtime.messages for insert to authenticated
    with check ((select realtime.topic()) like 'lab:%' and (select auth.uid()) = '${writer}');
  create policy lab_dawdle on realtime.messages for insert to authenticated
    with check ((select realtime.topic()) = 'dawdle' and public.dawdle());
`)

const clients: RawClient[] = []
afterEach(() => {
  for (const client of clients.splice(0)) client.close()
})

async function joined(topic: string, options: { version?: '1.0.0' | '2.0.0'; isPrivate?: boolean } = {}) {
  const { version = '2.0.0', isPrivate = false } = options
  const client = await RawClient.connect(stack.gateway.port, { key: publishableKey, version })
  clients.push(client)
  const reply = await client.join(topic, { private: isPrivate }, await stack.tokenFor(reader))
  expect(reply.status).toBe('ok')
  return client
}

const asKey = { apikey: publishableKey }
const asUser = async (id: string) => ({ ...asKey, authorization: `Bearer ${await stack.tokenFor(id)}` })

function postBatch(messages: unknown, headers: Record<string, string> = asKey): Promise<Response> {
  return fetch(api, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ messages }),
  })
}

function postOne(
  path: string,
  body: string | Buffer,
  headers: Record<string, string> = {},
): Promise<Response> {
  const init = { 'content-type': 'application/json', ...asKey, ...headers }
  return fetch(`${api}/${path}`, { method: 'POST', headers: init, body: new Uint8Array(Buffer.from(body)) })
}

const said = async (answer: Response) => [answer.status, await answer.json()]

/** What came of broadcasts, once `count` are there and whatever was sent before has arrived. */
async function contents(client: RawClient, count: number): Promise<unknown[]> {
  await client.until(() => client.broadcasts().length >= count, `${count} broadcasts`)
  await client.heartbeat()
  return client.broadcasts().map(({ payload }) => payload.payload)
}

test.each(['1.0.0', '2.0.0'] as const)(
  'R100: 1.8 a batch reaches sockets of %s as text frames, in order, each in its room',
  async version => {
    const topic = `ward-${version}:a`
    const [there, elsewhere] = [await joined(topic, { version }), await joined('elsewhere', { version })]
    const messages = [1, 2, 3].map(n => ({ topic, event: `bell-${n}`, payload: { n, text: 'é "' } }))
    const answer = await postBatch([
      ...messages,
      { topic: 'elsewhere', event: 'bell', payload: {}, id: 'one' },
    ])
    expect([answer.status, await answer.text()]).toEqual([202, ''])

    await contents(there, 3)
    expect(there.broadcasts().map(({ payload, isBinary }) => ({ payload, isBinary }))).toEqual(
      messages.map(({ event, payload }) => ({
        payload: { type: 'broadcast', event, payload },
        isBinary: false,
      })),
    )
    await contents(elsewhere, 1)
    const [only] = elsewhere.broadcasts()
    expect(only?.payload).toEqual({ type: 'broadcast', event: 'bell', payload: {}, meta: { id: 'one' } })
    expect(only?.joinRef ?? null).toBe(null)
    expect(elsewhere.broadcasts()).toHaveLength(1)
  },
)

test('R101: 1.8 one broadcast by its path goes out as kind 4, its JSON untouched; version 1 gets text', async () => {
  const [two, one] = [await joined('ward:one'), await joined('ward:one', { version: '1.0.0' })]
  const frames: string[] = []
  two.webSocket.on('message', data => frames.push(String(data)))
  for (const json of ['{ "n" : 1.50 }', '[1,"é"]', '"text"', 'null']) {
    expect((await postOne('ward:one/events/bell', json)).status).toBe(202)
  }
  const expected = [{ n: 1.5 }, [1, 'é'], 'text', null]
  expect(await contents(two, 4)).toEqual(expected)
  expect(frames[0]).toContain('{ "n" : 1.50 }')
  expect(await contents(one, 4)).toEqual(expected)
  expect(two.broadcasts().map(({ isBinary, payload }) => [isBinary, payload.event, payload.meta])).toEqual(
    Array(4).fill([true, 'bell', undefined]),
  )
})

test('R101: 1.8 bytes reach version 2 only; topic and event are URI-encoded', async () => {
  const topic = 'ward/ä?#%41'
  const event = 'a b/€'
  const [two, one] = [await joined(topic), await joined(topic, { version: '1.0.0' })]
  const path = `${encodeURIComponent(topic)}/events/${encodeURIComponent(event)}`
  const bytes = { 'content-type': 'application/octet-stream' }
  expect((await postOne(path, Buffer.from([0, 255, 4]), bytes)).status).toBe(202)
  expect((await postOne(path, '{}', { 'content-type': 'Application/JSON; charset=utf-8' })).status).toBe(202)
  expect(await contents(two, 2)).toEqual([Buffer.from([0, 255, 4]), {}])
  expect(two.broadcasts().map(({ payload }) => payload.event)).toEqual([event, event])
  expect(await contents(one, 1)).toEqual([{}])

  const long = `${'t'.repeat(250)}/events/bell`
  expect((await postOne(long, 'x', bytes)).status).toBe(422)
  expect((await postOne(long, '{}')).status).toBe(202)
})

test('R102: 1.8 a private message without the right to send is dropped from a batch in silence', async () => {
  const [closed, open] = [await joined('lab:1', { isPrivate: true }), await joined('lab:1')]
  const message = (n: number, isPrivate: boolean) => ({
    topic: 'lab:1',
    event: 'n',
    payload: { n },
    private: isPrivate,
  })
  const refused = await postBatch([message(1, true), message(2, false)], await asUser(reader))
  expect([refused.status, await refused.text()]).toEqual([202, ''])
  expect((await postBatch([message(3, true)])).status).toBe(202)
  expect((await postBatch([message(4, true)], await asUser(writer))).status).toBe(202)
  expect((await postBatch([message(5, true)], { apikey: secretKey })).status).toBe(202)
  expect(await contents(closed, 2)).toEqual([{ n: 4 }, { n: 5 }])
  expect(await contents(open, 1)).toEqual([{ n: 2 }])
})

test('R102: 1.8 a private broadcast by its path without the right to send is 403', async () => {
  const [closed, open] = [await joined('lab:2', { isPrivate: true }), await joined('lab:2')]
  const path = 'lab:2/events/n?private=true'
  expect(await said(await postOne(path, '1', await asUser(reader)))).toEqual([
    403,
    { message: 'Unauthorized' },
  ])
  expect((await postOne(path, '2')).status).toBe(403)
  expect((await postOne(path, '3', await asUser(writer))).status).toBe(202)
  expect((await postOne('lab:2/events/n', '4')).status).toBe(202)
  expect(await contents(closed, 1)).toEqual([3])
  expect(await contents(open, 1)).toEqual([4])
})

test('R109: 1.8 while the policies give no answer a request is refused whole, with 503', async () => {
  const open = await joined('ward:whole')
  const messages = [
    { topic: 'ward:whole', event: 'n', payload: { n: 1 } },
    { topic: 'dawdle', event: 'n', payload: {}, private: true },
  ]
  const refused = await postBatch(messages, await asUser(writer))
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1'])
  expect((await postOne('dawdle/events/n?private=true', '1', await asUser(writer))).status).toBe(503)
  expect((await postBatch([{ ...messages[0], payload: { n: 2 } }])).status).toBe(202)
  expect(await contents(open, 1)).toEqual([{ n: 2 }])
})

test('R103: 1.8 without a valid key or token there is 401', async () => {
  const message = [{ topic: 'ward', event: 'n', payload: {} }]
  const expired = await stack.tokenFor(reader, { expiresIn: -10 })
  const refusals: Record<string, string>[] = [
    {},
    { apikey: 'sb_publishable_other' },
    { apikey: 'rubbish' },
    { ...asKey, authorization: 'Bearer rubbish' },
    { ...asKey, authorization: `Bearer ${expired}` },
  ]
  for (const headers of refusals) {
    expect(await said(await postBatch(message, headers))).toEqual([401, { message: 'Unauthorized' }])
    const one = await fetch(`${api}/ward/events/n`, { method: 'POST', headers, body: '{}' })
    expect(await said(one)).toEqual([401, { message: 'Unauthorized' }])
  }
  const token = await stack.tokenFor(reader)
  const accepted: Record<string, string>[] = [
    asKey,
    { authorization: `Bearer ${publishableKey}` },
    { authorization: `Bearer ${token}` },
  ]
  for (const headers of accepted) expect((await postBatch(message, headers)).status).toBe(202)
})

test('R104: 1.8 what is no broadcast is said to be none', async () => {
  const good = { topic: 'ward', event: 'n', payload: {} }
  const { payload: _, ...blank } = good
  expect(await said(await postBatch([blank, good]))).toEqual([
    422,
    { errors: { messages: [{ payload: ["can't be blank"] }, {}] } },
  ])
  const unsupported = await postOne('ward/events/n', 'text', { 'content-type': 'text/plain' })
  expect(await said(unsupported)).toEqual([415, { error: expect.stringContaining('Unsupported Media Type') }])
  const notJson = { message: 'The body is not valid JSON' }
  expect(await said(await postOne('ward/events/n', '{'))).toEqual([400, notJson])
  expect(await said(await postOne('ward/events/n', Buffer.from([0x22, 0xff, 0x22])))).toEqual([400, notJson])
  expect(await said(await postOne('ward/events/n', '\ufeff{}'))).toEqual([400, notJson])
  expect((await postOne('%E0%A4%A/events/n', '{}')).status).toBe(400)
  expect((await postOne('ward/events', '{}')).status).toBe(404)
  const get = await fetch(api, { headers: asKey })
  expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST'])
})

test('R106: 1.8 any origin may ask, and read the headers', async () => {
  const preflight = await fetch(api, {
    method: 'OPTIONS',
    headers: {
      origin: 'http://elsewhere.test',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'apikey, authorization, content-type',
    },
  })
  expect(preflight.ok).toBe(true)
  expect(preflight.headers.get('access-control-allow-origin')).toBe('*')
  expect(preflight.headers.get('access-control-allow-headers')).toContain('authorization')
  for (const headers of [asKey, {}]) {
    const answer = await postBatch([], { origin: 'http://elsewhere.test', ...headers })
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
    expect(answer.headers.get('access-control-expose-headers')).toContain('x-rate-limit-remaining')
  }
})

test('RB14 a client that vanishes in the middle of a body leaves the server as it was', async () => {
  const head = [
    'POST /realtime/v1/api/broadcast HTTP/1.1',
    'Host: localhost',
    `apikey: ${publishableKey}`,
    'Content-Length: 1000',
  ]
  for (let i = 0; i < 5; i++) {
    const socket = connectTcp(stack.gateway.port, '127.0.0.1')
    await new Promise(resolve => socket.write(`${head.join('\r\n')}\r\n\r\n{"messages":[`, resolve))
    socket.destroy()
  }
  expect((await postBatch([{ topic: 'ward', event: 'n', payload: {} }])).status).toBe(202)
  expect(stack.logLines.filter(line => line.includes('request-failed'))).toEqual([])
})
