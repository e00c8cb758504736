import { expect, test } from 'vitest'
import { testStack } from '../../testing/index.ts'
import { RawClient } from '../testing/raw-client.ts'

const stack = await testStack({
  realtime: {
    limits: { maxChannelsPerSocket: 1, joinErrorDelayMs: 20 },
    allowedOrigins: ['http://clinic.test'],
  },
})
const base = `${stack.url}/realtime/v1`

test('R107: 1.8 GET /healthcheck and /api/ping answer anybody', async () => {
  const healthcheck = await fetch(`${base}/healthcheck`)
  expect([healthcheck.status, await healthcheck.text()]).toEqual([200, 'ok'])
  const ping = await fetch(`${base}/api/ping`)
  expect([ping.status, await ping.json()]).toEqual([200, { message: 'Success' }])
})

test('R107: 1.8 the health of a tenant is told to who has a key or a token', async () => {
  const health = `${base}/api/tenants/realtime-dev/health`
  const token = await stack.tokenFor('00000000-0000-4000-8000-000000000001')
  const socket = await RawClient.connect(stack.gateway.port, { key: stack.publishableKey })
  for (const headers of [{ authorization: `Bearer ${token}` }, { apikey: stack.secretKey }]) {
    const answer = await fetch(health, { headers })
    expect(answer.status).toBe(200)
    expect(await answer.json()).toEqual({
      data: {
        healthy: true,
        db_connected: true,
        replication_connected: true,
        connected_cluster: 1,
        region: expect.any(String),
        node: expect.any(String),
      },
    })
  }
  socket.close()
  const head = await fetch(health, { method: 'HEAD', headers: { apikey: stack.secretKey } })
  expect([head.status, await head.text()]).toEqual([200, ''])
  const refused = await fetch(health)
  expect([refused.status, await refused.json()]).toEqual([401, { message: 'Unauthorized' }])
})

test('R111: 1.7 limits and allowed origins given to the gateway hold', async () => {
  const { port } = stack.gateway
  const connect = (origin: string) =>
    RawClient.connect(port, { key: stack.publishableKey, headers: { origin } })
  await expect(connect('http://evil.test')).rejects.toThrow('403')
  const client = await connect('http://clinic.test')
  expect((await client.join('one')).status).toBe('ok')
  expect(await client.join('two')).toEqual({
    status: 'error',
    response: { reason: 'ChannelRateLimitReached: Too many channels' },
  })
  client.close()
})
