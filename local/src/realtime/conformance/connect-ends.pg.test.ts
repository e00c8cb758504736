/** How the server ends a socket, and when it opens none. */

import { expect, test } from 'vitest'
import { handshake } from '../testing/handshake.ts'
import type { RawClient } from '../testing/raw-client.ts'
import { PUBLISHABLE_KEY } from '../testing/test-server.ts'
import { conforms, useRealtime } from '../testing/use-realtime.ts'

const realtime = useRealtime(null)

/** Keeps others alive until one is closed. */
async function untilClosed(client: RawClient, keepAlive: () => Promise<unknown>): Promise<void> {
  while (client.closeCode === null) await keepAlive()
}

conforms('1.1 a silent socket is closed (1001); one that sends heartbeats stays', async version => {
  const to = await realtime.start({ limits: { idleTimeoutMs: 1_000 } })
  const [silent, alive] = [await realtime.connect({ to, version }), await realtime.connect({ to, version })]
  await untilClosed(silent, () => alive.heartbeat())
  expect(silent.closeCode).toBe(1001)
  await alive.heartbeat()
})

conforms('1.1 what a socket is sent keeps it alive no longer', async version => {
  const to = await realtime.start({ limits: { idleTimeoutMs: 1_000 } })
  const [listener, sender] = [
    await realtime.connect({ to, version }),
    await realtime.connect({ to, version }),
  ]
  for (const client of [listener, sender]) await client.join('lobby')
  await untilClosed(listener, async () => {
    sender.broadcast('lobby', 'n', {})
    await sender.heartbeat()
  })
  expect(listener.broadcasts().length).toBeGreaterThan(0)
  expect(listener.closeCode).toBe(1001)
})

conforms('1.1 anything received keeps it alive, even what is no frame', async version => {
  const to = await realtime.start({ limits: { idleTimeoutMs: 1_000 } })
  const [silent, noisy] = [await realtime.connect({ to, version }), await realtime.connect({ to, version })]
  const witness = await realtime.connect({ to, version })
  await untilClosed(silent, async () => {
    noisy.webSocket.send('no frame')
    await witness.heartbeat()
  })
  await noisy.heartbeat()
})

conforms('1.1 a socket that never joins is closed in the end, heartbeats or not', async version => {
  const to = await realtime.start({ limits: { noChannelTimeoutMs: 300, idleTimeoutMs: 2_000 } })
  const [idle, joined] = [await realtime.connect({ to, version }), await realtime.connect({ to, version })]
  await joined.join('lobby')
  await untilClosed(idle, async () => {
    idle.push('phoenix', 'heartbeat', {})
    await joined.heartbeat()
  })
  expect(idle.closeCode).toBe(1001)
  await joined.heartbeat()
})

conforms('1.1 a server that ends tells its clients to come back (1012)', async version => {
  const to = await realtime.start()
  const client = await realtime.connect({ to, version })
  await client.join('lobby')
  await to.close()
  await client.closed()
  expect(client.closeCode).toBe(1012)
  expect(client.received.map(({ event }) => event)).toEqual(['phx_reply'])
})

test('1.1 beyond the number of sockets a handshake is answered 429 in JSON', async () => {
  const to = await realtime.start({ limits: { maxSockets: 1 } })
  const client = await realtime.connect({ to })
  expect(await handshake(to, `apikey=${PUBLISHABLE_KEY}&vsn=2.0.0`)).toEqual({
    status: 429,
    contentType: expect.stringMatching(/^application\/json/),
    body: { error: 'Too many connected users' },
  })
  await client.heartbeat()
})
