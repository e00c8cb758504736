/** One run: a stack in a process of its own, frames and requests at the same time, and an eye on what the process says. */
import { setTimeout as pause } from 'node:timers/promises'
import { SignJWT } from 'jose'
import pg from 'pg'
import { chance } from '../chaos/random.ts'
import { startChild } from '../servers/child.ts'
import { createFindings, type Findings } from './findings.ts'
import { sendRequests } from './http.ts'
import type { Target } from './requests.ts'
import type { FuzzedFacts } from './server.ts'
import { sendFrames } from './sockets.ts'

export interface FuzzResult {
  findings: Findings
  /** What the server still held after a collection, in MB: when a tenth was sent, and at the end. */
  held: { early: number; late: number }
  seconds: number
}

/** What the stack says of itself when something went wrong that it had not thought of. */
const FAULT =
  /(?:message|request|partitions|change|database-broadcast)-failed|(?:handler|route|request) failed/
/** Caches that are bounded may fill. */
const MAY_GROW_MB = 24
const SETTLE_MS = 3_000

export async function fuzz(options: { frames: number; requests: number; seed: number }): Promise<FuzzResult> {
  const began = performance.now()
  const findings = createFindings()
  let onHeld = (_megabytes: number) => {}
  const server = await startChild<FuzzedFacts>(
    new URL('./server.ts', import.meta.url),
    {},
    {
      onMessage: message => {
        const { logged, heldBytes } = message as { logged?: string; heldBytes?: number }
        if (logged !== undefined && FAULT.test(logged)) findings.add(`the server said: ${logged}`)
        if (heldBytes !== undefined) onHeld(Math.round(heldBytes / 2 ** 20))
      },
      onEnd: code => findings.add(`the server ended with code ${code}`),
    },
  )
  const heldNow = () =>
    new Promise<number>(resolve => {
      onHeld = resolve
      server.send('held?')
    })
  const { url, superuserUrl } = server.facts
  const source = chance(options.seed)
  const held = { early: 0, late: 0 }
  const done = { frames: 0, requests: 0 }
  let isEarly = true
  const progress = async () => {
    if (!isEarly || done.frames + done.requests < (options.frames + options.requests) / 10) return
    isEarly = false
    held.early = await heldNow()
  }
  try {
    const target = await targetOf(superuserUrl, server.facts)
    const { keys, tokens } = target
    await Promise.all([
      sendFrames({
        url,
        keys: keys.slice(0, 1),
        tokens,
        frames: options.frames,
        chance: source.fork(),
        findings,
        onProgress: sent => {
          done.frames = sent
          void progress()
        },
      }),
      sendRequests({
        url,
        target,
        requests: options.requests,
        chance: source.fork(),
        findings,
        onProgress: sent => {
          done.requests = sent
          void progress()
        },
      }),
    ])
    const health = await fetch(`${url}/health`)
    if (health.status !== 200) findings.add(`health says ${health.status} at the end`)
    await pause(SETTLE_MS)
    held.late = await heldNow()
    if (held.late > held.early + MAY_GROW_MB) findings.add('the server holds more and more')
  } finally {
    await server.stop()
  }
  return { findings, held, seconds: Math.round((performance.now() - began) / 1_000) }
}

async function targetOf(databaseUrl: string, facts: FuzzedFacts): Promise<Target> {
  const database = new pg.Client({ connectionString: databaseUrl })
  await database.connect()
  try {
    const functions = await database.query<{ name: string; args: string[] | null }>(
      `select proname as name, proargnames as args from pg_proc where pronamespace = 'public'::regnamespace`,
    )
    const tables = await database.query<{ name: string }>(
      `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'`,
    )
    const people = await database.query<{ id: string }>('select id from public.profiles order by id')
    const secret = new TextEncoder().encode(facts.jwtSecret)
    const tokenOf = (sub: string, seconds: number) =>
      new SignJWT({ role: 'authenticated', aud: 'authenticated' })
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject(sub)
        .setIssuedAt()
        .setExpirationTime(Math.floor(Date.now() / 1_000) + seconds)
        .sign(secret)
    const good = await Promise.all(people.rows.map(({ id }) => tokenOf(id, 36_000)))
    const bad = [await tokenOf(people.rows[0]?.id ?? '', -60), 'x', '', `${good[0]}x`]
    return {
      functions: functions.rows.map(({ name, args }) => ({ name, args: args ?? [] })),
      tables: tables.rows.map(({ name }) => name),
      keys: [facts.publishableKey, facts.publishableKey, 'sb_publishable_wrong', ''],
      tokens: [...good, ...bad],
    }
  } finally {
    await database.end()
  }
}
