import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Line, openLine } from './line.ts'

/** Answers what it is told. */
let echo: Server
let line: Line
let clients: Socket[]

beforeEach(async () => {
  clients = []
  echo = createServer(socket => {
    socket.on('error', () => {})
    socket.pipe(socket)
  })
  echo.listen(0, '127.0.0.1')
  await once(echo, 'listening')
  const address = echo.address()
  const port = address && typeof address === 'object' ? address.port : 0
  line = await openLine(
    () => port,
    () => 0.5,
    'web',
  )
})
afterEach(async () => {
  for (const client of clients) client.destroy()
  await line.close()
  echo.close()
})

interface Call {
  socket: Socket
  pieces: string[]
  end: string | null
}

async function call(): Promise<Call> {
  const socket = connect({ host: '127.0.0.1', port: line.port })
  const made: Call = { socket, pieces: [], end: null }
  clients.push(socket)
  socket.on('data', chunk => made.pieces.push(chunk.toString()))
  socket.on('end', () => {
    made.end ??= 'end'
  })
  socket.on('error', (error: NodeJS.ErrnoException) => {
    made.end ??= error.code ?? 'error'
  })
  await once(socket, 'connect')
  return made
}

async function until(is: () => boolean): Promise<number> {
  const began = performance.now()
  while (!is()) {
    if (performance.now() - began > 3_000) throw new Error('not within three seconds')
    await delay(2)
  }
  return performance.now() - began
}
const heard = ({ pieces }: Call) => pieces.join('')

it('CH1: a calm line passes what there is, and the end', async () => {
  const made = await call()
  made.socket.end('hello')
  await until(() => made.end !== null)
  expect([heard(made), made.end]).toEqual(['hello', 'end'])
})

it('CH1: late, held, dripping and narrow lines lose nothing, and take their time', async () => {
  const made = await call()
  line.set({ is: 'late', minMs: 100, maxMs: 100 })
  made.socket.write('late')
  expect(await until(() => heard(made) === 'late')).toBeGreaterThan(190)
  line.set({ is: 'held' })
  made.socket.write(' held')
  await delay(150)
  expect(heard(made)).toBe('late')
  line.set({ is: 'dripping' })
  await until(() => heard(made) === 'late held')
  made.pieces.length = 0
  made.socket.write('x'.repeat(500))
  await until(() => heard(made).length === 500)
  expect(made.pieces.length).toBeGreaterThan(5)
  made.pieces.length = 0
  line.set({ is: 'narrow', bytesPerSecond: 2_000 })
  made.socket.write('y'.repeat(500))
  expect(await until(() => heard(made).length === 500)).toBeGreaterThan(190)
})

it('CH1: a cut line is reset or closed, at once or in the middle of an answer', async () => {
  const reset = await call()
  await until(() => line.connectionCount === 1)
  line.cut('reset')
  await until(() => reset.end !== null)
  expect(reset.end).toBe('ECONNRESET')
  const closed = await call()
  line.cutAfter(5, 'closed')
  closed.socket.write('0123456789')
  await until(() => closed.end !== null)
  expect([heard(closed), closed.end]).toEqual(['01234', 'end'])
  const armed = await call()
  line.cutAfter(5, 'reset')
  await until(() => line.connectionCount === 1)
  line.cutAtLast()
  await until(() => armed.end !== null)
  expect(armed.end).toBe('ECONNRESET')
})

it('CH1: what is dead says nothing and never ends; what is new is whole; who refuses, resets', async () => {
  const dead = await call()
  dead.socket.write('a')
  await until(() => heard(dead) === 'a')
  line.deaden()
  dead.socket.write('b')
  const whole = await call()
  whole.socket.write('c')
  await until(() => heard(whole) === 'c')
  await delay(100)
  expect([heard(dead), dead.end]).toEqual(['a', null])
  line.refuse(true)
  const refused = await call().catch((error: NodeJS.ErrnoException) => error.code)
  if (typeof refused === 'object') await until(() => refused.end !== null)
  expect(typeof refused === 'object' ? refused.end : refused).toBe('ECONNRESET')
})

it('CH1: a request that is meant is sent once more, on a connection of its own', async () => {
  const made = await call()
  line.repeat(({ path }) => path === '/again', 10)
  made.socket.write(
    'POST /once HTTP/1.1\r\ncontent-length: 0\r\n\r\nPOST /again HTTP/1.1\r\ncontent-length: 0\r\n\r\n',
  )
  let connections = 0
  echo.on('connection', () => connections++)
  await until(() => connections === 1)
  expect(line.hits).toBe(1)
})
