/** Frames for Realtime: right ones, right ones with something wrong in them, and noise. */
import type { Chance } from '../chaos/random.ts'
import { bytes, json, mangled, text } from './values.ts'

export type Version = '1.0.0' | '2.0.0'

const TOPICS = [
  'realtime:lobby',
  'realtime:room:1',
  'realtime:a:b:c',
  'realtime:ünï',
  'realtime:',
  'phoenix',
  'other',
]
const EVENTS = [
  'phx_join',
  'phx_join',
  'broadcast',
  'broadcast',
  'presence',
  'access_token',
  'phx_leave',
  'heartbeat',
]
const TABLES = ['chat_messages', 'appointments', 'profiles', '*', 'nothing']
const OPERATORS = [
  'eq',
  'neq',
  'lt',
  'gte',
  'in',
  'like',
  'ilike',
  'is',
  'match',
  'isdistinct',
  'not.eq',
  'x',
]

/** `tokens`: some good, some not. */
export function frame(chance: Chance, version: Version, tokens: readonly string[]): Buffer | string {
  if (chance.isLucky(0.1)) return bytes(chance, 300)
  if (chance.isLucky(0.05)) return text(chance)
  const topic = chance.isLucky(0.9) ? chance.pick(TOPICS) : text(chance)
  const event = chance.isLucky(0.9) ? chance.pick(EVENTS) : text(chance)
  if (version === '2.0.0' && event === 'broadcast' && chance.isLucky(0.5)) {
    const whole = binary(chance, topic)
    return chance.isLucky(0.5) ? whole : mangled(chance, whole)
  }
  const payload = chance.isLucky(0.8) ? payloadOf(chance, event, tokens) : json(chance)
  const ref = reference(chance)
  const joinRef = reference(chance)
  const message =
    version === '1.0.0'
      ? { topic, event, payload, ref, join_ref: joinRef }
      : [joinRef, ref, topic, event, payload]
  const whole = JSON.stringify(message)
  return chance.isLucky(0.85) ? whole : mangled(chance, Buffer.from(whole)).toString()
}

function reference(chance: Chance): unknown {
  return chance.isLucky(0.9)
    ? String(chance.between(1, 50))
    : chance.pick([null, 7, '', {}, [], 'x'.repeat(300)])
}

function payloadOf(chance: Chance, event: string, tokens: readonly string[]): unknown {
  if (event === 'phx_join') return { config: config(chance), ...tokenOf(chance, tokens) }
  if (event === 'access_token') return tokenOf(chance, tokens)
  if (event === 'presence') {
    const verb = chance.pick(['track', 'TRACK', 'untrack', text(chance)])
    return { type: 'presence', event: verb, payload: chance.isLucky(0.7) ? { at: 1 } : json(chance) }
  }
  if (event === 'broadcast') return { type: 'broadcast', event: text(chance), payload: json(chance) }
  return {}
}

function tokenOf(chance: Chance, tokens: readonly string[]): { access_token?: unknown } {
  if (chance.isLucky(0.3)) return {}
  return { access_token: chance.isLucky(0.8) ? chance.pick(tokens) : json(chance, 1) }
}

function config(chance: Chance): unknown {
  const or = (value: unknown) => (chance.isLucky(0.85) ? value : json(chance, 1))
  return or({
    private: or(chance.pick([true, false, 'true'])),
    broadcast: or({
      ack: or(chance.isLucky(0.5)),
      self: or(chance.isLucky(0.5)),
      ...(chance.isLucky(0.2) && { replay: or({ since: or(1), limit: or(chance.between(-1, 30)) }) }),
    }),
    presence: or({ key: or(text(chance)), enabled: or(chance.isLucky(0.5)) }),
    ...(chance.isLucky(0.2) && {
      postgres_changes: or(Array.from({ length: chance.between(0, 3) }, () => or(change(chance, or)))),
    }),
  })
}

function change(chance: Chance, or: (value: unknown) => unknown): unknown {
  return {
    event: or(chance.pick(['*', 'INSERT', 'UPDATE', 'DELETE', 'insert'])),
    schema: or(chance.pick(['public', 'auth', '*'])),
    table: or(chance.pick(TABLES)),
    ...(chance.isLucky(0.5) && {
      filter: or(`${chance.pick(['id', 'body', text(chance)])}=${chance.pick(OPERATORS)}.${text(chance)}`),
    }),
    ...(chance.isLucky(0.2) && { select: or(['id', text(chance)]) }),
  }
}

/** Kind 3: a broadcast as bytes. */
function binary(chance: Chance, topic: string): Buffer {
  const payload = chance.isLucky(0.5) ? Buffer.from(JSON.stringify(json(chance))) : bytes(chance, 200)
  const parts = [
    String(chance.between(1, 50)),
    String(chance.between(1, 50)),
    topic,
    text(chance),
    chance.isLucky(0.7) ? '{}' : text(chance),
  ].map(part => Buffer.from(part).subarray(0, 255))
  const encoding = chance.isLucky(0.9) ? chance.between(0, 1) : chance.between(2, 255)
  return Buffer.concat([
    Buffer.from([chance.isLucky(0.95) ? 3 : 0, ...parts.map(part => part.length), encoding]),
    ...parts,
    payload,
  ])
}

/** What is wrong with a frame of the server's; null: nothing. */
export function problemOf(data: Buffer, isBinary: boolean, version: Version): string | null {
  if (isBinary) {
    const [kind, topic = 0, event = 0, meta = 0] = data
    if (version === '1.0.0') return 'bytes to version 1'
    return kind === 4 && data.length >= 5 + topic + event + meta ? null : `bytes of kind ${kind}`
  }
  let message: unknown
  try {
    message = JSON.parse(data.toString())
  } catch {
    return 'text that is no JSON'
  }
  const [, , topic, event, payload] =
    version === '1.0.0'
      ? (({ topic, event, payload }) => [null, null, topic, event, payload])(
          message as Record<string, unknown>,
        )
      : (message as unknown[])
  if (typeof topic !== 'string' || typeof event !== 'string') return 'no topic or no event'
  if (typeof payload !== 'object' || payload === null) return `${event} without a payload`
  if (event !== 'phx_reply') return null
  const { status } = payload as { status?: unknown }
  return status === 'ok' || status === 'error' ? null : 'a reply without a status'
}
