/** HTTP requests for every route there is: right ones, right ones with something wrong in them, and noise. */
import type { Chance } from '../chaos/random.ts'
import { bytes, json, mangled, text } from './values.ts'

export interface Sent {
  readonly method: string
  readonly path: string
  readonly headers: Record<string, string>
  readonly body: Buffer | null
}

export interface Target {
  readonly functions: readonly { readonly name: string; readonly args: readonly string[] }[]
  readonly tables: readonly string[]
  /** Some good, some not. */
  readonly keys: readonly string[]
  readonly tokens: readonly string[]
}

const METHODS = ['GET', 'GET', 'POST', 'POST', 'POST', 'PATCH', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'BREW']
const AUTH = [
  'token?grant_type=password',
  'token?grant_type=refresh_token',
  'user',
  'logout',
  'signup',
  'recover',
  'verify',
  'settings',
  'admin/users',
  'otp',
]
const REALTIME = [
  'api/broadcast',
  'api/broadcast/lobby/events/x',
  'api/ping',
  'api/tenants/x/health',
  'websocket',
  'healthcheck',
]
const OTHERS = [
  '/health',
  '/metrics',
  '/config.json',
  '/',
  '/appointments/x',
  '/storage/v1/object/x',
  '/functions/v1/x',
  '/sw.js',
  '/.env',
]
const TYPES = [
  'application/json',
  'application/json',
  'application/octet-stream',
  'text/plain',
  'multipart/form-data',
  'x',
]

export function request(chance: Chance, target: Target): Sent {
  const method = chance.pick(METHODS)
  const [path, body] = pathAndBody(chance, target)
  const headers: Record<string, string> = {}
  if (chance.isLucky(0.9)) headers.apikey = chance.pick(target.keys)
  if (chance.isLucky(0.7)) headers.authorization = `Bearer ${chance.pick(target.tokens)}`
  if (chance.isLucky(0.9)) headers['content-type'] = chance.pick(TYPES)
  if (chance.isLucky(0.2)) headers.prefer = chance.pick(['return=representation', 'count=exact', 'x'])
  if (chance.isLucky(0.1)) headers.range = chance.pick(['0-9', '9-0', 'x'])
  if (chance.isLucky(0.1)) headers.origin = chance.pick(['http://localhost', 'null', 'x'])
  if (chance.isLucky(0.05)) headers[`x-${chance.between(1, 9)}`] = 'x'.repeat(chance.between(1, 4_000))
  const hasBody = method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS'
  return {
    method,
    path: sendable(chance.isLucky(0.05) ? mangled(chance, Buffer.from(path)) : Buffer.from(path)),
    headers,
    body: hasBody ? body : null,
  }
}

function pathAndBody(chance: Chance, target: Target): [string, Buffer] {
  const kind = chance.between(1, 10)
  if (kind <= 4) {
    const { name, args } = chance.pick(target.functions)
    const body = Object.fromEntries(args.filter(() => chance.isLucky(0.8)).map(arg => [arg, json(chance, 2)]))
    return [`/rest/v1/rpc/${chance.isLucky(0.95) ? name : escaped(text(chance))}`, asBody(chance, body)]
  }
  if (kind <= 6) {
    const table = chance.isLucky(0.9) ? chance.pick(target.tables) : escaped(text(chance))
    const query = [
      'select=*',
      'select=id,x',
      `id=eq.${text(chance)}`,
      'order=id',
      `limit=${text(chance)}`,
      `or=(${text(chance)})`,
    ]
    return [`/rest/v1/${table}?${chance.some(query, 0.4).join('&')}`, asBody(chance, json(chance))]
  }
  if (kind === 7) {
    const body = { email: text(chance), password: text(chance), refresh_token: text(chance) }
    return [`/auth/v1/${chance.pick(AUTH)}`, asBody(chance, chance.isLucky(0.7) ? body : json(chance))]
  }
  if (kind === 8) {
    const messages = Array.from({ length: chance.between(0, 5) }, () => ({
      topic: 'lobby',
      event: text(chance),
      payload: json(chance),
      private: chance.isLucky(0.5),
    }))
    return [
      `/realtime/v1/${chance.pick(REALTIME)}`,
      asBody(chance, chance.isLucky(0.7) ? { messages } : json(chance)),
    ]
  }
  if (kind === 9) return [chance.pick(OTHERS), asBody(chance, json(chance))]
  return [`/${escaped(text(chance))}/${text(chance)}`, bytes(chance, 2_000)]
}

function asBody(chance: Chance, value: unknown): Buffer {
  const whole = Buffer.from(JSON.stringify(value))
  return chance.isLucky(0.85) ? whole : mangled(chance, whole)
}

/** Lone surrogates, which have no bytes of their own, as what stands for them. */
const escaped = (value: string) => encodeURIComponent(Buffer.from(value).toString())

/** As a client may put it on the line: what an HTTP path cannot hold is escaped. */
function sendable(path: Buffer): string {
  const escaped = [...path].map(byte =>
    byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `%${byte.toString(16).padStart(2, '0')}`,
  )
  return `/${escaped.join('').replace(/^\/+/, '')}`
}

const API = /^\/(?:rest|auth|realtime|storage|functions)\/v1\//
/** Busy, unavailable and "not built in" are answers; a fault is none. */
const FAULTS: ReadonlySet<number> = new Set([500, 502])

/** What is wrong with an answer; null: nothing. */
export function problemOf(sent: Sent, status: number, body: Buffer): string | null {
  const route = `${sent.method} ${sent.path.split(/[?%]/)[0]?.slice(0, 60)}`
  if (FAULTS.has(status)) return `${status} to ${route}: ${body.subarray(0, 200)}`
  if (status < 400 || sent.method === 'HEAD' || !API.test(sent.path)) return null
  try {
    const error = JSON.parse(body.toString())
    const says = error.message ?? error.msg ?? error.error ?? error.errors
    return says ? null : `${status} without words to ${route}`
  } catch {
    return `${status} that is no JSON to ${route}: ${body.subarray(0, 60)}`
  }
}
