import { connect } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { PortTakenError } from '../errors.ts'
import { type Handlers, type Listener, listen } from './listener.ts'
import { HttpError, send } from './reply.ts'
import { readBody } from './request-body.ts'

const open: Listener[] = []
afterEach(async () => {
  for (const listener of open.splice(0)) await listener.close()
})

async function start(
  request?: Handlers['request'],
): Promise<{ listener: Listener; url: string; log: string[] }> {
  const log: string[] = []
  const listener = await listen({
    host: '127.0.0.1',
    port: 0,
    log: line => log.push(line),
    timeouts: { headersMs: 100, requestMs: 300 },
  })
  open.push(listener)
  if (request) listener.use({ request, upgrade: (_req, socket) => socket.destroy() })
  return { listener, url: `http://127.0.0.1:${listener.port}`, log }
}

/** What came back until the server closed the connection. */
function raw(listener: Listener, text: string): Promise<string> {
  return new Promise(resolve => {
    const socket = connect(listener.port, '127.0.0.1', () => socket.write(text))
    let answer = ''
    socket.on('data', chunk => {
      answer += chunk
    })
    socket.on('error', () => resolve(answer))
    socket.on('close', () => resolve(answer))
  })
}

it('G14 says that it is starting until it is told what to do', async () => {
  const { url } = await start()
  const answer = await fetch(url)
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1'])
  expect(await answer.json()).toMatchObject({ code: 'starting' })
})

it('L9 a taken port is an error that names it', async () => {
  const { listener } = await start()
  const failure = listen({ host: '127.0.0.1', port: listener.port, log: () => {} })
  await expect(failure).rejects.toBeInstanceOf(PortTakenError)
})

it('GB2 clients that are too slow with head or body are answered 408 and let go', async () => {
  const { listener } = await start(async (req, res) => {
    await readBody(req)
    send(res, 200, {}, 'read')
  })
  expect(await raw(listener, 'GET / HTTP/1.1\r\nHost: x\r\n')).toMatch(/^HTTP\/1\.1 408 .*"request_timeout"/s)
  expect(await raw(listener, 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf')).toMatch(
    /^HTTP\/1\.1 408 /,
  )
})

it('GB4 a failing handler answers 500 and tells nothing of why, an HttpError answers as it says', async () => {
  const { url, log } = await start(async req => {
    if (req.url === '/typed') throw new HttpError(418, 'teapot', 'short')
    throw new Error('internal-words')
  })
  const failed = await fetch(url)
  expect(failed.status).toBe(500)
  expect(await failed.text()).toBe(
    '{"code":"internal_error","message":"Something went wrong on our side","details":null,"hint":null}',
  )
  expect(log.join()).not.toContain('internal-words')
  expect(log).toHaveLength(1)
  expect((await fetch(`${url}/typed`)).status).toBe(418)
})

it('GB1 a body beyond the limit is refused before it is read, and its connection closed', async () => {
  const { listener } = await start(async (req, res) => {
    await readBody(req)
    send(res, 200, {}, 'read')
  })
  const declared = await raw(listener, 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 90000000\r\n\r\n{')
  expect(declared).toMatch(/^HTTP\/1\.1 413 /)
  expect(declared).toMatch(/connection: close/i)
  const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`
  const streamed = await raw(
    listener,
    `POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n${chunk.repeat(20)}`,
  )
  expect(streamed).toMatch(/^HTTP\/1\.1 413 /)
})

it('G19 closing answers what is under way, then lets its connection go without waiting for it', async () => {
  const arrived = deferred()
  const finish = deferred()
  const { listener, url } = await start(async (_req, res) => {
    arrived.resolve()
    await finish.promise
    send(res, 200, {}, 'finished')
  })
  const underWay = fetch(url)
  await arrived.promise
  const closed = listener.close()
  await expect(fetch(url, { headers: { Connection: 'close' } })).rejects.toThrow()
  finish.resolve()
  expect(await (await underWay).text()).toBe('finished')
  await closed
})

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {}
  const promise = new Promise<void>(done => {
    resolve = done
  })
  return { promise, resolve }
}
