/** Which operating system user runs PostgreSQL: ourselves, or a system user where we are root. */
import { PostgresError } from '../errors.ts'
import { canRun, type OsUser, runAs } from './run-as.ts'

const OWN_USER = 'bedside-postgres'

async function lookUp(name: string): Promise<OsUser | null> {
  try {
    const uid = Number((await runAs(null, 'id', ['-u', name])).trim())
    const gid = Number((await runAs(null, 'id', ['-g', name])).trim())
    return uid > 0 ? { uid, gid } : null
  } catch {
    return null
  }
}

export function isRoot(): boolean {
  return process.getuid?.() === 0
}

/** `null`: PostgreSQL runs as the user we are. */
export async function postgresUser(): Promise<OsUser | null> {
  if (!isRoot()) return null
  const existing = (await lookUp('postgres')) ?? (await lookUp(OWN_USER))
  if (existing) return existing
  const made =
    (await canRun(null, 'useradd', [
      '--system',
      '--no-create-home',
      '--shell',
      '/usr/sbin/nologin',
      OWN_USER,
    ])) || (await canRun(null, 'adduser', ['-S', '-D', '-H', '-s', '/sbin/nologin', OWN_USER]))
  const user = made ? await lookUp(OWN_USER) : null
  if (user) return user
  throw new PostgresError(
    'PostgreSQL refuses to run as root, and no system user could be made for it.',
    `Run as an ordinary user, or create one: useradd --system ${OWN_USER}`,
  )
}
