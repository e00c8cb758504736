/**
 * The HTTP server itself: bound before anything else starts (so that a taken port is known at once), answering 503 until
 * it is told what to do, and unimpressed by clients that are slow, broken or gone.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { ListenError, PortTakenError } from '../errors.ts'
import { errorLabel, type Log } from '../log.ts'
import { HttpError, internalError, sendError } from './reply.ts'

const TIMEOUTS = { headersMs: 10_000, requestMs: 30_000 }
const KEEP_ALIVE_MS = 65_000
const DRAIN_MS = 3_000
const IDLE_CHECK_MS = 50

export interface Handlers {
  request(req: IncomingMessage, res: ServerResponse): Promise<void>
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void
}

export interface Listener {
  readonly port: number
  /** Answer with these from now on. */
  use(handlers: Handlers): void
  /** Idempotent. Requests under way get a moment to finish. */
  close(): Promise<void>
}

/** @throws PortTakenError, ListenError */
export async function listen(options: {
  host: string
  port: number
  log: Log
  /** How long a client may take for the head, and for all of a request. */
  timeouts?: { headersMs: number; requestMs: number }
}): Promise<Listener> {
  const { headersMs, requestMs } = options.timeouts ?? TIMEOUTS
  let handlers: Handlers | null = null
  const server = createServer({
    headersTimeout: headersMs,
    requestTimeout: requestMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: Math.min(2_000, headersMs),
  })

  server.on('request', (req, res) => {
    if (!handlers) {
      sendError(res, starting())
      return
    }
    handlers.request(req, res).catch(error => {
      if (!(error instanceof HttpError)) options.log(`gateway: a handler failed (${errorLabel(error)})`)
      sendError(res, error instanceof HttpError ? error : internalError(error), req.method === 'HEAD')
    })
  })
  server.on('upgrade', (req, socket, head) => {
    socket.on('error', () => socket.destroy())
    if (handlers) handlers.upgrade(req, socket, head)
    else refuseUpgrade(socket, 503)
  })
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    answerBroken(error, socket)
  })

  await bind(server, options)
  const address = server.address()
  const port = address && typeof address === 'object' ? address.port : options.port

  let closed: Promise<void> | null = null
  return {
    port,
    use: next => {
      handlers = next
    },
    close: () => {
      closed ??= closeServer(server)
      return closed
    },
  }
}

function bind(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') reject(new PortTakenError(port))
      else reject(new ListenError(host, port, error))
    })
    server.listen(port, host, () => {
      server.removeAllListeners('error')
      resolve()
    })
  })
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>(resolve => {
    server.close(() => resolve())
  })
  server.closeIdleConnections()
  // Kept alive after its last answer, a connection would be waited for until the end.
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS)
  const impatient = setTimeout(() => server.closeAllConnections(), DRAIN_MS)
  await closed
  clearInterval(idle)
  clearTimeout(impatient)
}

const starting = (): HttpError =>
  new HttpError(503, 'starting', 'The server is starting', { headers: { 'Retry-After': '1' } })

/** `waitMs`: until it is worth another attempt. */
export function refuseUpgrade(socket: Duplex, status: 404 | 429 | 503, waitMs?: number): void {
  const retry = waitMs === undefined ? '' : `Retry-After: ${Math.ceil(waitMs / 1_000)}\r\n`
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${retry}Connection: close\r\nContent-Length: 0\r\n\r\n`,
  )
}

/** A request that is no HTTP, or that never got complete. */
function answerBroken(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const [status, code] =
    error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? ['408 Request Timeout', 'request_timeout']
      : error.code === 'HPE_HEADER_OVERFLOW'
        ? ['431 Request Header Fields Too Large', 'headers_too_large']
        : ['400 Bad Request', 'bad_request']
  const body = JSON.stringify({ code, message: status.slice(4), details: null, hint: null })
  socket.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  )
}
