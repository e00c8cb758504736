/** Sends requests, some at a time, and looks at each answer. */
import { Agent, request as send } from 'node:http'
import type { Chance } from '../chaos/random.ts'
import type { Findings } from './findings.ts'
import { problemOf, request, type Sent, type Target } from './requests.ts'

export interface RequestRun {
  url: string
  target: Target
  requests: number
  chance: Chance
  findings: Findings
  onProgress(sent: number): void
}

const AT_A_TIME = 16
const PATIENCE_MS = 30_000
/**
 * A refused body is answered, and its connection closed while it is still being sent. A head too large to be read is
 * answered with words, which a HEAD request does not expect.
 */
const DESERVED: ReadonlySet<string> = new Set(['EPIPE', 'ECONNRESET', 'HPE_CLOSED_CONNECTION'])

export async function sendRequests(run: RequestRun): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_A_TIME })
  const { hostname, port } = new URL(run.url)
  let sent = 0
  const ask = (one: Sent) =>
    new Promise<{ status: number; body: Buffer }>((resolve, reject) => {
      const { method, path, headers, body } = one
      const asked = send({ agent, hostname, port, method, path, headers, timeout: PATIENCE_MS }, response => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks) }))
        response.on('error', reject)
      })
      asked.on('timeout', () => asked.destroy(new Error('no answer')))
      asked.on('error', reject)
      asked.end(body ?? undefined)
    })
  const lane = async (chance: Chance) => {
    while (sent < run.requests) {
      sent++
      const one = request(chance, run.target)
      try {
        const { status, body } = await ask(one)
        run.findings.answered(`HTTP ${status}`)
        const problem = problemOf(one, status, body)
        if (problem !== null) run.findings.add(problem)
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
        if (!DESERVED.has(code)) run.findings.add(`${code} from ${one.method} ${one.path.slice(0, 60)}`)
      }
      run.onProgress(sent)
    }
  }
  await Promise.all(Array.from({ length: AT_A_TIME }, () => lane(run.chance.fork())))
  agent.destroy()
}
