/** What only the whole stack shows: preflights, its own keys, and that Realtime is behind it. */

import { describe, expect, test } from 'vitest'
import { testStack } from '../../testing/index.ts'
import { RawClient } from '../testing/raw-client.ts'
import { VERSIONS } from '../testing/use-realtime.ts'

const stack = await testStack()
const base = `${stack.url}/realtime/v1`
const key = { apikey: stack.publishableKey }

describe('R163 1.8 HTTP: behind the gateway', () => {
  test('1.8 a preflight from any origin is answered with what it asks for', async () => {
    for (const path of ['/api/broadcast', '/api/broadcast/ward/events/bell']) {
      const preflight = await fetch(`${base}${path}`, {
        method: 'OPTIONS',
        headers: {
          origin: 'http://elsewhere.test',
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'apikey, authorization, content-type, x-client-info',
        },
      })
      expect(preflight.ok).toBe(true)
      expect(preflight.headers.get('access-control-allow-origin')).toBe('*')
      expect(preflight.headers.get('access-control-allow-methods')).toContain('POST')
      for (const name of ['apikey', 'authorization', 'content-type', 'x-client-info']) {
        expect(preflight.headers.get('access-control-allow-headers')?.toLowerCase()).toContain(name)
      }
    }
  })

  test.each(VERSIONS)(
    '1.8 a batch and one by its path reach a socket of the gateway · vsn %s',
    async version => {
      const options = { key: stack.publishableKey, version }
      const client = await RawClient.connect(stack.gateway.port, options)
      try {
        await client.join('ward')
        const body = JSON.stringify({ messages: [{ topic: 'ward', event: 'one', payload: { n: 1 } }] })
        const headers = { ...key, 'content-type': 'application/json' }
        const batch = await fetch(`${base}/api/broadcast`, { method: 'POST', headers, body })
        const one = await fetch(`${base}/api/broadcast/ward/events/two`, {
          method: 'POST',
          headers,
          body: '2',
        })
        expect([batch.status, one.status]).toEqual([202, 202])
        await client.until(() => client.broadcasts().length >= 2, 'both')
        expect(client.broadcasts().map(({ payload }) => payload.payload)).toEqual([{ n: 1 }, 2])
      } finally {
        client.close()
      }
    },
  )

  test('1.8 health, ping and healthcheck are there', async () => {
    const statuses = ['/healthcheck', '/api/ping', '/api/tenants/any/health'].map(
      async path => (await fetch(`${base}${path}`, { headers: key })).status,
    )
    expect(await Promise.all(statuses)).toEqual([200, 200, 200])
  })
})
