import { randomUUID } from 'node:crypto'
import { createClient } from '@supabase/supabase-js'
import { afterAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { testStack } from '../../testing/index.ts'
import { createHealth } from './health.ts'

const stack = await testStack()
const { url, publishableKey, secretKey } = stack

/** The samples of a scrape: `name{labels}` to value. */
async function scrape(): Promise<Map<string, number>> {
  const answer = await fetch(`${url}/metrics`, { headers: { Authorization: `Bearer ${secretKey}` } })
  expect([answer.status, answer.headers.get('content-type')]).toEqual([
    200,
    expect.stringContaining('text/plain; version=0.0.4'),
  ])
  const lines = (await answer.text()).split('\n').filter(line => line !== '' && !line.startsWith('#'))
  return new Map(
    lines.map(line => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  )
}

const requests = (route: string, status: string) =>
  `bedside_http_requests_total{route="${route}",status="${status}"}`

test('G15 health says what works, in fixed words and numbers', async () => {
  const answer = await fetch(`${url}/health`)
  expect([answer.status, answer.headers.get('cache-control'), await answer.json()]).toEqual([
    200,
    'no-store',
    {
      status: 'up',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      database: 'up',
      replication: { connected: true, lagBytes: expect.any(Number) },
      realtime: { sockets: 0, channels: 0 },
    },
  ])
})

test('G15 health without a database is down, without replication degraded; many who ask are one question', async () => {
  const realtime = (connected: boolean, lag: () => Promise<number | null>) => ({
    health: () => ({ replicationConnected: connected, sockets: 1, channels: 2 }),
    slotLagBytes: lag,
  })
  let questions = 0
  const down = createHealth({
    askDatabase: async () => {
      questions++
      throw new Error('connect ECONNREFUSED db.internal:5432')
    },
    realtime: realtime(false, async () => {
      throw new Error('db.internal')
    }),
  })
  const answers = await Promise.all([down(), down(), down()])
  expect(questions).toBe(1)
  expect(answers[0]).toMatchObject({ status: 'down', database: 'down', replication: { lagBytes: null } })
  expect(JSON.stringify(answers)).not.toContain('internal')

  const silent = createHealth({
    askDatabase: async () => 1,
    realtime: realtime(false, () => new Promise(() => {})),
  })
  expect(await silent()).toMatchObject({
    status: 'degraded',
    database: 'up',
    replication: { connected: false, lagBytes: null },
  })
})

test('G16 metrics are for the secret key alone', async () => {
  const token = await stack.tokenFor(randomUUID())
  const shown: Record<string, string>[] = [
    {},
    { apikey: publishableKey },
    { apikey: 'sb_secret_wrong' },
    { apikey: publishableKey, Authorization: `Bearer ${token}` },
    { apikey: publishableKey, Authorization: `Bearer ${secretKey}` },
    { Authorization: `Bearer ${token}` },
  ]
  for (const headers of shown) {
    const answer = await fetch(`${url}/metrics`, { headers })
    expect([headers, answer.status, await answer.json()]).toEqual([
      headers,
      401,
      { code: 'api_key_invalid', message: expect.any(String), details: null, hint: null },
    ])
  }
  expect((await fetch(`${url}/metrics`, { headers: { apikey: secretKey } })).status).toBe(200)
})

test('G17 requests, durations, sockets, channels, messages, replication, pool, limits and the process are measured', async () => {
  Object.assign(globalThis, { WebSocket })
  const client = createClient(url, publishableKey, {
    auth: { persistSession: false, autoRefreshToken: false },
  })
  afterAll(() => client.removeAllChannels())
  const before = await scrape()
  const heard: unknown[] = []
  const channel = client.channel('metrics', { config: { broadcast: { self: true } } })
  channel.on('broadcast', { event: 'news' }, message => heard.push(message))
  await new Promise<void>(resolve => channel.subscribe(status => status === 'SUBSCRIBED' && resolve()))
  await channel.send({ type: 'broadcast', event: 'news', payload: {} })
  await expect.poll(() => heard.length).toBe(1)
  await client.rpc('no_such_function')
  await client.from('no_such_table').select()

  const grown = async (sample: string) => ((await scrape()).get(sample) ?? 0) - (before.get(sample) ?? 0)
  await expect.poll(() => grown(requests('rpc', '404'))).toBe(1)
  await expect.poll(() => grown(requests('tables', '404'))).toBe(1)
  expect(await grown('bedside_http_request_duration_seconds_count{route="rpc"}')).toBe(1)
  expect(await grown('bedside_realtime_messages_out_total')).toBe(1)
  const now = await scrape()
  for (const [sample, value] of [
    ['bedside_realtime_sockets', 1],
    ['bedside_realtime_channels', 1],
    ['bedside_replication_connected', 1],
    ['bedside_pool_in_use', 0],
    ['bedside_pool_waiting', 0],
  ] as const)
    expect([sample, now.get(sample)]).toEqual([sample, value])
  for (const sample of [
    'bedside_replication_slot_lag_bytes',
    'nodejs_eventloop_lag_p99_seconds',
    'process_resident_memory_bytes',
  ])
    expect([sample, now.get(sample)]).toEqual([sample, expect.any(Number)])
  expect(now.get('bedside_replication_slot_lag_bytes')).not.toBeNaN()
})

test('G18 labels are few and ours, whatever is asked', async () => {
  const person = randomUUID()
  const token = await stack.tokenFor(person)
  const paths = ['a', 'b', 'c'].flatMap(each => [
    `/${each}-${person}`,
    `/rest/v1/rpc/${each}_${person}`,
    `/rest/v1/${each}_${person}?id=eq.${person}`,
    `/auth/v1/${each}-${person}`,
    `/realtime/v1/${each}-${person}`,
    `/health/${each}-${person}`,
    `//${each}-${person}`,
  ])
  const ask = () =>
    Promise.all(
      paths.map(async path => {
        const answer = await fetch(url + path, {
          headers: { apikey: publishableKey, Authorization: `Bearer ${token}` },
        })
        await answer.text()
      }),
    )
  await ask()
  const once = [...(await scrape()).keys()]
  await ask()
  const names = [...(await scrape()).keys()]
  const ours = (all: string[]) => all.filter(name => name.startsWith('bedside_')).sort()
  expect(ours(names)).toEqual(ours(once))
  const routes = new Set(names.flatMap(name => /route="([^"]*)"/.exec(name)?.[1] ?? []))
  const known = [
    'rpc',
    'tables',
    'sign_in',
    'auth',
    'auth_admin',
    'realtime',
    'health',
    'metrics',
    'web',
    'invalid',
  ]
  expect([...routes].filter(route => !known.includes(route))).toEqual([])
  for (const secret of [person, token.slice(0, 20), secretKey, publishableKey])
    expect(names.join('\n')).not.toContain(secret)
})
