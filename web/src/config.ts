/** What the server tells the page before it starts: `GET /config.json`. */

import type { IdleConfig } from './idle/idle.ts'

export interface DemoAccount {
  email: string
  password: string
  label: string
  role: string
}

export interface Config {
  /** Where Supabase answers, absolute. */
  url: string
  /** The publishable key. */
  key: string
  /** Only the local stack names any. */
  demoAccounts: DemoAccount[]
  /** Whether the server sends mails with a link to a new password; unless it says no, it does. */
  passwordReset: boolean
  /** Other times than the usual ones before somebody who does nothing is signed off. */
  idle: IdleConfig
}

/** @throws Error when the file cannot be fetched or is not what this version needs. */
export async function loadConfig(): Promise<Config> {
  let answer: Response
  try {
    answer = await fetch('/config.json', { cache: 'no-cache' })
  } catch (error) {
    // Without a network the app opens to what it has.
    const kept = keptConfig()
    if (kept === null) throw error
    return kept
  }
  if (!answer.ok) throw new Error(`config.json: HTTP ${answer.status}`)
  const config = parseConfig(await answer.json(), location.origin)
  keep(config)
  return config
}

const KEY = 'bedside-config'

/** Without the demo's accounts: they cannot be used offline, and names stay nowhere. */
function keep(config: Config): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...config, demoAccounts: [] }))
  } catch {
    // A browser that keeps nothing needs the network to start.
  }
}

function keptConfig(): Config | null {
  try {
    return parseConfig(JSON.parse(localStorage.getItem(KEY) ?? ''), location.origin)
  } catch {
    return null
  }
}

/** `origin` completes a missing or relative `url`. */
export function parseConfig(value: unknown, origin: string): Config {
  if (!isRecord(value) || typeof value.key !== 'string') throw new Error('config.json: key is missing')
  const url = typeof value.url === 'string' ? value.url : ''
  const accounts = Array.isArray(value.demoAccounts) ? value.demoAccounts : []
  return {
    url: new URL(url, origin).href.replace(/\/$/, ''),
    key: value.key,
    passwordReset: value.passwordReset !== false,
    idle: isRecord(value.idle) ? idleConfig(value.idle) : {},
    demoAccounts: accounts.flatMap(account => demoAccount(account) ?? []),
  }
}

function demoAccount(value: unknown): DemoAccount | null {
  if (!isRecord(value)) return null
  const { email, password, label, role } = value
  if (typeof email !== 'string' || typeof password !== 'string') return null
  return {
    email,
    password,
    label: typeof label === 'string' ? label : email,
    role: typeof role === 'string' ? role : '',
  }
}

function idleConfig(idle: Record<string, unknown>): IdleConfig {
  const seconds = (value: unknown) => (typeof value === 'number' && value >= 10 ? value : undefined)
  const [staffSeconds, patientSeconds] = [seconds(idle.staffSeconds), seconds(idle.patientSeconds)]
  return {
    ...(staffSeconds !== undefined && { staffSeconds }),
    ...(patientSeconds !== undefined && { patientSeconds }),
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
