/**
 * Runs a program as the operating system user that PostgreSQL belongs to. `null` is the user we are; only root ever
 * runs something as somebody else (PostgreSQL refuses to run as root).
 */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const execFileAsync = promisify(execFile)

export interface OsUser {
  uid: number
  gid: number
}

/** Nothing of our own environment (tokens, proxies, LD_*) reaches PostgreSQL. */
export const POSTGRES_ENV: NodeJS.ProcessEnv = {
  PATH: process.env.PATH ?? '/usr/bin:/bin',
  LC_ALL: 'C',
  TZ: 'UTC',
}

export function asUser(user: OsUser | null): { uid?: number; gid?: number } {
  return user ? { uid: user.uid, gid: user.gid } : {}
}

/** @throws Error with `stderr` when it exits with anything but 0. */
export async function runAs(user: OsUser | null, file: string, args: readonly string[]): Promise<string> {
  const { stdout } = await execFileAsync(file, args, { ...asUser(user), cwd: '/', env: POSTGRES_ENV })
  return stdout
}

/** Whether that user really can: no guessing from modes and parents. */
export async function canRun(user: OsUser | null, file: string, args: readonly string[]): Promise<boolean> {
  try {
    await runAs(user, file, args)
    return true
  } catch {
    return false
  }
}
