/** The handshake: which keys and versions open a socket, and how the others are refused. */

import { beforeAll, describe, expect, test } from 'vitest'
import { handshake } from '../testing/handshake.ts'
import { subscribed } from '../testing/subscribed.ts'
import { PUBLISHABLE_KEY, SECRET_KEY, signToken } from '../testing/test-server.ts'
import { conforms, useRealtime } from '../testing/use-realtime.ts'

const realtime = useRealtime()
const MAX_FRAME_BYTES = 5_000_000

beforeAll(async () => {
  // What a key is worth shows where a policy reads its claims.
  await realtime.database.pool.query(`
    create policy by_role on realtime.messages for select to anon, authenticated, service_role
      using (topic = 'claims:' || (current_setting('request.jwt.claims')::json ->> 'role'));
  `)
})

async function privateStatus(options: Parameters<typeof realtime.connect>[0], topic: string) {
  const client = await realtime.connect(options)
  return (await client.join(topic, { private: true })).status
}

describe('R162: the protocol of docs/realtime.md, 1.1 Connect', () => {
  conforms('1.1 a key in the query opens a socket, whatever else the query says', async version => {
    const query = `apikey=${PUBLISHABLE_KEY}&vsn=${version}&log_level=info&eventsPerSecond=10`
    const client = await realtime.connect({ version, query })
    expect(await client.join('lobby')).toEqual({ status: 'ok', response: { postgres_changes: [] } })
  })

  test('1.1 without a vsn the protocol is 1.0.0', async () => {
    const client = await realtime.connect({ version: '1.0.0', query: `apikey=${PUBLISHABLE_KEY}` })
    await client.heartbeat()
    expect(JSON.parse(String(client.frames[0]?.data))).toEqual({
      topic: 'phoenix',
      event: 'phx_reply',
      payload: { status: 'ok', response: {} },
      ref: '1',
    })
  })

  test.each(['', '1', '2', '2.0', '2.0.1', '3.0.0', 'v2.0.0'])(
    '1.1 an unknown vsn is refused: "%s"',
    async version => {
      const answer = await handshake(realtime.server, `apikey=${PUBLISHABLE_KEY}&vsn=${version}`)
      expect(answer).toMatchObject({ status: 400, body: { error: expect.any(String) } })
    },
  )

  conforms('1.1 the publishable key stands for anon, the secret one for service_role', async version => {
    expect(await privateStatus({ version, key: PUBLISHABLE_KEY }, 'claims:anon')).toBe('ok')
    expect(await privateStatus({ version, key: PUBLISHABLE_KEY }, 'claims:service_role')).toBe('error')
    expect(await privateStatus({ version, key: SECRET_KEY }, 'claims:service_role')).toBe('ok')
    // Past every policy, as its role is.
    expect(await privateStatus({ version, key: SECRET_KEY }, 'claims:nobody')).toBe('ok')
  })

  conforms('1.1 a legacy key is a JWT with a role and an exp', async version => {
    const anon = await signToken({ role: 'anon' })
    const service = await signToken({ role: 'service_role' })
    expect(await privateStatus({ version, key: anon }, 'claims:anon')).toBe('ok')
    expect(await privateStatus({ version, key: anon }, 'claims:nobody')).toBe('error')
    expect(await privateStatus({ version, key: service }, 'claims:nobody')).toBe('ok')
  })

  conforms('1.1 an exp with decimals is one', async version => {
    const key = await signToken({ role: 'anon', exp: Date.now() / 1000 + 60.5 }, null)
    expect(await privateStatus({ version, key }, 'claims:anon')).toBe('ok')
  })

  conforms('1.1 the header x-api-key wins over the query', async version => {
    const [right, wrong] = [{ 'x-api-key': SECRET_KEY }, { 'x-api-key': PUBLISHABLE_KEY }]
    expect(await privateStatus({ version, key: PUBLISHABLE_KEY, headers: right }, 'claims:nobody')).toBe('ok')
    expect(await privateStatus({ version, key: SECRET_KEY, headers: wrong }, 'claims:nobody')).toBe('error')
    const query = `apikey=${PUBLISHABLE_KEY}&vsn=${version}`
    expect(await handshake(realtime.server, query, { 'x-api-key': 'rubbish' })).toMatchObject({ status: 401 })
    expect(await handshake(realtime.server, 'apikey=rubbish', right)).toMatchObject({ status: 101 })
    expect(await handshake(realtime.server, `vsn=${version}`, right)).toMatchObject({ status: 101 })
  })

  conforms('1.1 white space and percent-encoding around a key are taken off', async version => {
    const token = await signToken({ role: 'anon' })
    const broken = `${token.slice(0, 20)}\n ${token.slice(20)} `
    for (const key of [broken, encodeURIComponent(broken), ` ${PUBLISHABLE_KEY}\t`]) {
      expect(await privateStatus({ version, key: encodeURIComponent(key) }, 'claims:anon'), key).toBe('ok')
    }
    const headers = { 'x-api-key': encodeURIComponent(broken) }
    expect(await privateStatus({ version, headers }, 'claims:anon')).toBe('ok')
  })

  test.each<[string, () => Promise<string> | string]>([
    ['no key', () => 'vsn=2.0.0'],
    ['an empty key', () => 'vsn=2.0.0&apikey='],
    ['a key that is no JWT', () => 'vsn=2.0.0&apikey=rubbish'],
    ['three parts that are no JWT', () => 'vsn=2.0.0&apikey=a.b.c'],
    ['an unknown publishable key', () => 'vsn=2.0.0&apikey=sb_publishable_other'],
    ['an unknown secret key', () => 'vsn=2.0.0&apikey=sb_secret_other'],
    ['a JWT without a role', async () => `apikey=${await signToken({ role: undefined })}`],
    ['a JWT whose role is no text', async () => `apikey=${await signToken({ role: 7 })}`],
    ['a JWT without an exp', async () => `apikey=${await signToken({ role: 'anon' }, null)}`],
    ['an expired JWT', async () => `apikey=${await signToken({ role: 'anon' }, -5)}`],
    [
      'a JWT that somebody else signed',
      async () => `apikey=${(await signToken({ role: 'anon' })).slice(0, -6)}AAAAAA`,
    ],
    [
      'a JWT that nobody signed',
      async () => {
        const [, claims] = (await signToken({ role: 'service_role' })).split('.')
        return `apikey=${Buffer.from('{"alg":"none"}').toString('base64url')}.${claims}.`
      },
    ],
  ])('1.1 it is answered 401 in JSON: %s', async (_what, query) => {
    expect(await handshake(realtime.server, await query())).toEqual({
      status: 401,
      contentType: expect.stringMatching(/^application\/json/),
      body: { error: expect.stringMatching(/./) },
    })
  })

  test('1.1 what a refusal says has nothing of the key in it', async () => {
    const token = await signToken({ role: 'anon', email: 'ada@clinic.test' }, -5)
    for (const key of [token, 'sb_secret_almost', 'rubbish']) {
      const { body } = await handshake(realtime.server, `apikey=${key}&vsn=2.0.0`)
      for (const part of key.split('.')) expect(JSON.stringify(body)).not.toContain(part)
    }
    expect(JSON.stringify(realtime.server.logged)).not.toContain(token)
  })

  conforms('1.1 frames are not compressed, though the client would', async version => {
    const client = await realtime.connect({ version })
    expect(client.webSocket.extensions).toBe('')
  })

  conforms('1.1 a frame of 5,000,000 bytes is read; one byte more costs the socket', async version => {
    const client = await realtime.connect({ version })
    const frameOf = (bytes: number) => {
      const around = (fill: string) =>
        JSON.stringify(
          version === '1.0.0'
            ? { topic: 'phoenix', event: 'heartbeat', payload: fill, ref: 'big', join_ref: null }
            : [null, 'big', 'phoenix', 'heartbeat', fill],
        )
      return around('x'.repeat(bytes - around('').length))
    }
    client.webSocket.send(frameOf(MAX_FRAME_BYTES))
    await client.reply('big')
    client.webSocket.send(frameOf(MAX_FRAME_BYTES + 1))
    await client.closed()
    expect(client.closeCode).toBe(1009)
  })

  conforms('1.1 what is no frame is ignored, and the socket stays', async version => {
    const client = await realtime.connect({ version })
    await client.join('lobby')
    const other = version === '1.0.0' ? '[null,"9","phoenix","heartbeat",{}]' : '{"topic":"phoenix"}'
    const missing = version === '1.0.0' ? '{"topic":"phoenix","ref":"9"}' : '[null,"9","phoenix","heartbeat"]'
    const untyped =
      version === '1.0.0' ? '{"topic":7,"event":"heartbeat","payload":{},"ref":"9"}' : '[{},"9",7,null,{}]'
    for (const text of ['', ' ', 'heartbeat', '{', '"', 'null', '7', '[]', '{}', other, missing, untyped]) {
      client.webSocket.send(text)
    }
    client.webSocket.send(Buffer.from([]))
    client.webSocket.send(Buffer.from(other))
    await client.heartbeat()
    expect(client.received.map(({ event }) => event)).toEqual(['phx_reply', 'phx_reply'])
    expect(client.closeCode).toBe(null)
  })

  conforms('1.1 an unmodified supabase-js connects with a key of either kind', async version => {
    for (const key of [PUBLISHABLE_KEY, await signToken({ role: 'anon' })]) {
      const supabase = realtime.supabase({ version, key })
      const channel = supabase.channel('claims:anon', { config: { private: true } })
      expect(await subscribed(channel)).toBe('SUBSCRIBED')
      expect(supabase.realtime.isConnected()).toBe(true)
    }
  })
})
