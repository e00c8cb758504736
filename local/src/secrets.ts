/**
 * The passwords and keys of one data directory, made once and kept in `<dataDir>/secrets.json` (0600). Every database
 * role that can log in has a random password of its own.
 */
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DataDirError } from './errors.ts'

/** The roles that somebody connects as. */
export const LOGIN_ROLES = [
  'supabase_admin',
  'postgres',
  'authenticator',
  'supabase_auth_admin',
  'rest_gateway',
] as const
export type LoginRole = (typeof LOGIN_ROLES)[number]

export interface Secrets {
  jwtSecret: string
  publishableKey: string
  secretKey: string
  passwords: Record<LoginRole, string>
}

const token = (bytes: number): string => randomBytes(bytes).toString('base64url')

export function makeSecrets(): Secrets {
  return {
    jwtSecret: token(48),
    publishableKey: `sb_publishable_${token(24)}`,
    secretKey: `sb_secret_${token(24)}`,
    passwords: {
      supabase_admin: token(24),
      postgres: token(24),
      authenticator: token(24),
      supabase_auth_admin: token(24),
      rest_gateway: token(24),
    },
  }
}

export async function loadSecrets(dataDir: string): Promise<Secrets> {
  const file = join(dataDir, 'secrets.json')
  if (existsSync(file)) return readSecrets(file)
  if (existsSync(join(dataDir, 'postgres', 'data'))) {
    throw new DataDirError(
      `${file} is missing, and with it the passwords to the data beside it.`,
      `Put it back, or remove ${dataDir} to start afresh.`,
    )
  }
  const made = makeSecrets()
  const half = `${file}.new`
  await writeFile(half, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 })
  await rename(half, file)
  return made
}

async function readSecrets(file: string): Promise<Secrets> {
  const text = await readFile(file, 'utf8').catch(cause => {
    throw new DataDirError(
      `${file} cannot be read by this user.`,
      'Start as the user who owns it, or choose another data directory.',
      {
        cause,
      },
    )
  })
  try {
    const read: unknown = JSON.parse(text)
    if (isSecrets(read)) return read
  } catch {
    // Said below: its text must not be quoted.
  }
  throw new DataDirError(
    `${file} is damaged.`,
    'Put back a good copy, or remove its directory to start afresh.',
  )
}

function isSecrets(value: unknown): value is Secrets {
  if (typeof value !== 'object' || value === null) return false
  const { jwtSecret, publishableKey, secretKey, passwords } = value as Partial<Record<keyof Secrets, unknown>>
  if (typeof passwords !== 'object' || passwords === null) return false
  const known = passwords as Partial<Record<string, unknown>>
  return (
    [jwtSecret, publishableKey, secretKey].every(text => typeof text === 'string') &&
    LOGIN_ROLES.every(role => typeof known[role] === 'string')
  )
}
