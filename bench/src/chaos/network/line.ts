/**
 * A TCP proxy on loopback in front of one address, whose line can be broken in every way that a network has, and in
 * some that only a faulty hop has. One for each device, so that a fault is one device's; one before PostgreSQL.
 */
import { connect, createServer, type Socket } from 'node:net'
import { createFrameDesk, type FrameFault } from './frame-fault.ts'
import { createFrameSplitter } from './frames.ts'
import { createRequestReader, type SeenRequest } from './requests.ts'
import { type ByteFault, type Conditions, createWay, type Way } from './way.ts'

export interface Line {
  readonly port: number
  /** Whether a WebSocket stands that was neither cut nor deadened. */
  readonly hasSocket: boolean
  readonly connectionCount: number
  set(fault: ByteFault): void
  setFrames(fault: FrameFault): void
  /** How often `frames` or `repeat` did something. */
  readonly hits: number
  /** Sends those requests once more on a connection of their own, up to so much later; the answer goes nowhere. */
  repeat(isMeant: ((request: SeenRequest) => boolean) | null, upToMs: number): void
  /** Every connection at once: reset, or closed as if the other side had. */
  cut(how: 'reset' | 'closed'): void
  /** The same in the middle of an answer: once so many bytes more have come from the server. */
  cutAfter(bytes: number, how: 'reset' | 'closed'): void
  /** Where so many have not come yet: at once. */
  cutAtLast(): void
  /** Whether new connections are reset at once, as by a machine on which nobody listens. */
  refuse(isRefusing: boolean): void
  /** The connections of now swallow everything for ever and never close; new ones are whole. */
  deaden(): void
  close(): Promise<void>
}

interface Connection {
  isSocket: boolean
  isDead: boolean
  end(how: 'reset' | 'closed'): void
  deaden(): void
}

/** `speaks`: only of the web are requests and frames known. */
export async function openLine(
  target: () => number,
  random: () => number,
  speaks: 'web' | 'postgres',
): Promise<Line> {
  const connections = new Set<Connection>()
  let bytes: ByteFault = { is: 'calm' }
  let frames: FrameFault = 'none'
  let hits = 0
  let isMeant: ((request: SeenRequest) => boolean) | null = null
  let repeatWithinMs = 0
  let cutting: { left: number; how: 'reset' | 'closed' } | null = null
  let isRefusing = false
  let onChange: (() => void)[] = []
  const timers = new Set<NodeJS.Timeout>()
  const conditions: Conditions = {
    get bytes() {
      return bytes
    },
    random,
    changed: () => new Promise(resolve => onChange.push(resolve)),
  }
  const frameConditions = {
    get frames() {
      return frames
    },
    random,
    happened: () => void hits++,
  }

  function accept(client: Socket): void {
    if (isRefusing) {
      client.resetAndDestroy()
      return
    }
    const server = connect({ host: '127.0.0.1', port: target() })
    client.setNoDelay(true)
    server.setNoDelay(true)
    const toServer = createWay(server, conditions)
    const toClient = createWay(client, conditions)
    const connection: Connection = {
      isSocket: false,
      isDead: false,
      end(how) {
        if (connection.isDead) return
        connections.delete(connection)
        for (const each of [client, server]) {
          if (how === 'reset') each.resetAndDestroy()
          else each.end(() => each.destroy())
        }
      },
      deaden() {
        connection.isDead = true
        toServer.deaden()
        toClient.deaden()
      },
    }
    connections.add(connection)
    const readRequests = createRequestReader()
    client.on('data', (chunk: Buffer) => {
      toServer.put(chunk)
      if (speaks === 'web' && !connection.isSocket)
        for (const request of readRequests(chunk)) maybeRepeat(request)
    })
    const answer = serverBytes(connection, toClient)
    server.on('data', (chunk: Buffer) => {
      if (connection.isDead) return
      if (cutting && chunk.length >= cutting.left) {
        const { left, how } = cutting
        cutting = null
        if (client.writable) client.write(chunk.subarray(0, left))
        line.cut(how)
        return
      }
      if (cutting) cutting.left -= chunk.length
      answer(chunk)
    })
    client.on('end', () => toServer.end())
    server.on('end', () => toClient.end())
    for (const [mine, other] of [
      [client, server],
      [server, client],
    ] as const) {
      mine.on('error', () => {
        if (!connection.isDead && !other.destroyed) other.resetAndDestroy()
      })
      mine.on('close', () => {
        if (connection.isDead) return
        connections.delete(connection)
        // What still waits for its turn is let out first; nobody answers any more.
        if (!other.destroyed) other.end()
      })
    }
  }

  function serverBytes(connection: Connection, toClient: Way): (chunk: Buffer) => void {
    const split = createFrameSplitter()
    const desk = createFrameDesk(frame => toClient.put(frame), frameConditions)
    return chunk => {
      if (connection.isSocket) {
        for (const frame of split(chunk)) desk.put(frame)
        return
      }
      connection.isSocket = chunk.toString('latin1', 0, 12) === 'HTTP/1.1 101'
      if (!connection.isSocket) return toClient.put(chunk)
      // Its frames begin after the head, perhaps in the same piece.
      const framesAt = chunk.indexOf('\r\n\r\n') + 4
      toClient.put(chunk.subarray(0, framesAt))
      for (const frame of split(chunk.subarray(framesAt))) desk.put(frame)
    }
  }

  function maybeRepeat(request: SeenRequest): void {
    if (!isMeant?.(request)) return
    hits++
    const { bytes: again } = request
    const timer = setTimeout(() => {
      timers.delete(timer)
      const server = connect({ host: '127.0.0.1', port: target() }, () => server.write(again))
      server.on('data', () => server.destroy())
      server.on('error', () => server.destroy())
    }, random() * repeatWithinMs)
    timers.add(timer)
  }

  const server = createServer({ allowHalfOpen: true }, accept)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('A line has no port.')

  const line: Line = {
    port: address.port,
    get hasSocket() {
      return [...connections].some(each => each.isSocket && !each.isDead)
    },
    get connectionCount() {
      return connections.size
    },
    set(fault) {
      bytes = fault
      const waiting = onChange
      onChange = []
      for (const wake of waiting) wake()
    },
    setFrames(fault) {
      frames = fault
    },
    get hits() {
      return hits
    },
    repeat(which, upToMs) {
      isMeant = which
      repeatWithinMs = upToMs
    },
    cut(how) {
      for (const each of [...connections]) each.end(how)
    },
    cutAfter(left, how) {
      cutting = { left, how }
    },
    cutAtLast() {
      const how = cutting?.how
      cutting = null
      if (how) line.cut(how)
    },
    refuse(is) {
      isRefusing = is
    },
    deaden() {
      for (const each of connections) each.deaden()
    },
    async close() {
      for (const timer of timers) clearTimeout(timer)
      for (const each of [...connections]) {
        each.isDead = false
        each.end('reset')
      }
      line.set({ is: 'calm' })
      await new Promise(resolve => server.close(resolve))
    },
  }
  return line
}
