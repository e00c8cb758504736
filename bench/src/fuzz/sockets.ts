/** Sends frames on many sockets, looks at each that comes back, and asks every so often whether anybody is home. */
import { WebSocket } from 'ws'
import type { Chance } from '../chaos/random.ts'
import type { Findings } from './findings.ts'
import { frame, problemOf, type Version } from './frames.ts'

export interface FrameRun {
  url: string
  keys: readonly string[]
  tokens: readonly string[]
  frames: number
  chance: Chance
  findings: Findings
  onProgress(sent: number): void
}

const SOCKETS = 16
/** Between two heartbeats. */
const BATCH = 50
const PATIENCE_MS = 15_000
/** Cut for what it sent (1009), for its rate (1001), for what it does not read (1013, 1006). */
const DESERVED: ReadonlySet<number> = new Set([1001, 1006, 1009, 1013])

export async function sendFrames(run: FrameRun): Promise<void> {
  let sent = 0
  const lane = async (chance: Chance, version: Version) => {
    let socket: WebSocket | null = null
    while (sent < run.frames) {
      socket ??= await open(run, chance, version)
      const batch = Math.min(BATCH, run.frames - sent)
      sent += batch
      for (let i = 0; i < batch; i++) socket.send(frame(chance, version, run.tokens))
      if (!(await isHome(socket, version))) {
        run.findings.add('no answer to a heartbeat')
        socket.terminate()
      }
      // Some come back as new ones: leaving in the middle of everything is part of it.
      if (socket.readyState === WebSocket.OPEN && chance.isLucky(0.02)) socket.terminate()
      if (socket.readyState !== WebSocket.OPEN) socket = null
      run.onProgress(sent)
    }
    socket?.terminate()
  }
  await Promise.all(
    Array.from({ length: SOCKETS }, (_, i) => lane(run.chance.fork(), i % 2 === 0 ? '1.0.0' : '2.0.0')),
  )
}

async function open({ url, keys, findings }: FrameRun, chance: Chance, version: Version): Promise<WebSocket> {
  const address = `${url.replace('http', 'ws')}/realtime/v1/websocket?apikey=${chance.pick(keys)}&vsn=${version}`
  const socket = new WebSocket(address)
  socket.on('message', (data, isBinary) => {
    findings.answered(isBinary ? 'bytes' : kindOf(String(data)))
    const problem = problemOf(data as Buffer, isBinary, version)
    if (problem !== null) findings.add(problem)
  })
  socket.on('close', code => {
    if (!DESERVED.has(code)) findings.add(`closed with ${code}`)
  })
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  // Whatever happens to it later is told by its end.
  socket.on('error', () => undefined)
  return socket
}

/** By event, and of replies whether it was a yes. */
function kindOf(text: string): string {
  const [event = 'other'] =
    /phx_reply|phx_close|phx_error|presence_\w+|postgres_changes|broadcast|system/.exec(text) ?? []
  return event === 'phx_reply' ? `phx_reply ${text.includes('"status":"ok"') ? 'ok' : 'error'}` : event
}

let beats = 0

/** Answered, or closed for what it did. */
async function isHome(socket: WebSocket, version: Version): Promise<boolean> {
  const ref = `beat-${++beats}`
  const beat =
    version === '1.0.0'
      ? { topic: 'phoenix', event: 'heartbeat', payload: {}, ref }
      : [null, ref, 'phoenix', 'heartbeat', {}]
  return await new Promise(resolve => {
    const settle = (isAlive: boolean) => {
      clearTimeout(timer)
      socket.off('message', look)
      socket.off('close', gone)
      resolve(isAlive)
    }
    const look = (data: unknown) => {
      if (String(data).includes(`"${ref}"`)) settle(true)
    }
    const gone = () => settle(true)
    const timer = setTimeout(settle, PATIENCE_MS, false)
    socket.on('message', look)
    socket.on('close', gone)
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(beat))
    else settle(true)
  })
}
