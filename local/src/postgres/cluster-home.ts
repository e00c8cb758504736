/**
 * Where a cluster's files live and who owns them. Normally `<dataDir>/postgres`. Where we are root and PostgreSQL's user
 * cannot reach that (a 0700 directory above it), a directory under `SYSTEM_DIR` that the data directory points to by
 * `<dataDir>/postgres.path`. Which of the two is found by trying as that user.
 *
 * Must never happen: a second, empty cluster beside one that still holds data.
 */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chown, cp, lstat, mkdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DataDirError } from '../errors.ts'
import { binariesFor, SYSTEM_DIR } from './binaries.ts'
import { isRoot, postgresUser } from './os-user.ts'
import { canRun, type OsUser } from './run-as.ts'

export interface ClusterHome {
  /** Belongs to `user`; holds `data` (the cluster) and `postgres.log`. */
  dir: string
  /** Holds bin/, lib/, share/. */
  native: string
  /** Whom PostgreSQL runs as; null: the user we are. */
  user: OsUser | null
}

export const dataOf = (home: { dir: string }): string => join(home.dir, 'data')

/** Makes the data directory: closed to others, but to be passed through where root hands a part of it to another user. */
export async function makeDataDir(dataDir: string): Promise<void> {
  await mkdir(dataDir, { recursive: true, mode: isRoot() ? 0o711 : 0o700 })
}

export async function prepareHome(dataDir: string, postgresPackage: string): Promise<ClusterHome> {
  const inPlace = join(dataDir, 'postgres')
  const standard = await postgresUser()
  if (!standard) {
    await refuseForeign(inPlace)
    await mkdir(inPlace, { recursive: true, mode: 0o700 })
    return { dir: inPlace, native: await binariesFor(null, postgresPackage), user: null }
  }
  const dir = await rootsHome(dataDir, inPlace, standard)
  // A cluster made earlier by an ordinary user stays theirs.
  const owner = await lstat(existsSync(dataOf({ dir })) ? dataOf({ dir }) : dir)
  const user = owner.uid > 0 ? { uid: owner.uid, gid: owner.gid } : standard
  return { dir, native: await binariesFor(user, postgresPackage), user }
}

async function refuseForeign(dir: string): Promise<void> {
  const owner = await lstat(dir).catch(() => null)
  if (owner && owner.uid !== process.getuid?.()) {
    throw new DataDirError(
      `${dir} belongs to another user (uid ${owner.uid}).`,
      'Start as that user, or choose another data directory.',
    )
  }
}

async function rootsHome(dataDir: string, inPlace: string, user: OsUser): Promise<string> {
  const pointer = join(dataDir, 'postgres.path')
  const away = (await readFile(pointer, 'utf8').catch(() => '')).trim()
  if (away && existsSync(dataOf({ dir: away }))) {
    await writeFile(join(away, 'origin'), dataDir)
    return away
  }
  const hasData = existsSync(dataOf({ dir: inPlace }))
  if (!hasData) {
    await mkdir(inPlace, { recursive: true, mode: 0o700 })
    await chown(inPlace, user.uid, user.gid)
  }
  const owner = await lstat(inPlace)
  const tester = owner.uid > 0 ? { uid: owner.uid, gid: owner.gid } : user
  if (await canWriteIn(tester, inPlace)) return inPlace

  const home = await freshSystemHome(dataDir, tester)
  if (hasData) await moveTree(dataOf({ dir: inPlace }), dataOf({ dir: home }), tester)
  await writeFile(pointer, `${home}\n`, { mode: 0o600 })
  await rm(inPlace, { recursive: true, force: true })
  return home
}

function canWriteIn(user: OsUser, dir: string): Promise<boolean> {
  return canRun(user, '/bin/sh', ['-c', 'cd "$1" && : > .probe && rm .probe', 'probe', dir])
}

async function freshSystemHome(dataDir: string, user: OsUser): Promise<string> {
  const here = await realpath(dataDir)
  const name = createHash('sha256').update(here).digest('hex').slice(0, 16)
  const home = join(SYSTEM_DIR, name)
  const origin = await readFile(join(home, 'origin'), 'utf8').catch(() => null)
  if (origin !== null && origin !== dataDir) {
    throw new DataDirError(`${home} holds the data of ${origin}.`, `Start that one, or remove ${home}.`)
  }
  // Same path, but no pointer to it any more: the data directory was deleted, and with it the passwords to this.
  await rm(home, { recursive: true, force: true })
  await mkdir(dirname(home), { recursive: true, mode: 0o755 })
  await mkdir(home, { mode: 0o700 })
  await writeFile(join(home, 'origin'), dataDir)
  await chown(home, user.uid, user.gid)
  if (!(await canWriteIn(user, home))) {
    throw new DataDirError(
      `Neither ${dataDir} nor ${SYSTEM_DIR} can be used by PostgreSQL's user (uid ${user.uid}).`,
      'Choose another data directory, one that this user may enter.',
    )
  }
  return home
}

async function moveTree(from: string, to: string, user: OsUser): Promise<void> {
  try {
    await rename(from, to)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EXDEV')) throw error
    const half = `${to}.half`
    await cp(from, half, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true })
    if (!(await canRun(null, 'chown', ['-R', `${user.uid}:${user.gid}`, half]))) throw error
    await rename(half, to)
  }
}
