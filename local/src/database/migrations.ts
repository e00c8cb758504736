/**
 * Applies `supabase/migrations/<14 digits>_<name>.sql` in order, each in a transaction of its own, as the role that
 * hosted Supabase gives (`postgres`, no superuser), and the seed once after them.
 *
 * Must never happen: a database whose history differs from the files without anybody being told.
 */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Client } from 'pg'
import { MigrationError } from '../errors.ts'
import type { Secrets } from '../secrets.ts'
import { type DatabaseAddress, withClient } from './connect.ts'

interface MigrationFile {
  version: string
  name: string
  file: string
  sql: string
}

interface AppliedMigration {
  version: string
  name: string
  statements: string[]
}

/** Any number will do, as long as every runner takes the same. */
const RUNNER_LOCK = 7_229_018

const HISTORY = `
create schema if not exists supabase_migrations;
create table if not exists supabase_migrations.schema_migrations (
  version text primary key,
  statements text[],
  name text
);
create table if not exists supabase_migrations.seed_files (
  path text primary key,
  hash text not null
)`

const START_AFRESH =
  'Put the file back as it was, or, where the data may be lost, remove the data directory (.bedside) to start afresh.'

export interface MigrationRun {
  applied: string[]
  isSeeded: boolean
}

/** @throws MigrationError */
export async function migrate(
  address: DatabaseAddress,
  secrets: Secrets,
  options: { supabaseDir: string; seed: boolean; onApply?: (file: string) => void },
): Promise<MigrationRun> {
  const files = await readMigrations(join(options.supabaseDir, 'migrations'))
  return withClient(address, 'postgres', secrets, async client => {
    await client.query('set client_min_messages = warning')
    await client.query('select pg_advisory_lock($1)', [RUNNER_LOCK])
    await client.query(HISTORY)
    const pending = compare(files, await readHistory(client))
    for (const migration of pending) {
      options.onApply?.(migration.file)
      await inTransaction(client, migration, () =>
        client.query(
          'insert into supabase_migrations.schema_migrations (version, statements, name) values ($1, $2, $3)',
          [migration.version, [migration.sql], migration.name],
        ),
      )
    }
    const isSeeded = options.seed && (await seed(client, options))
    return { applied: pending.map(one => one.file), isSeeded }
  })
}

async function readMigrations(dir: string): Promise<MigrationFile[]> {
  const names = existsSync(dir) ? (await readdir(dir)).filter(name => name.endsWith('.sql')).sort() : []
  const files: MigrationFile[] = []
  for (const file of names) {
    const [, version, name] = /^(\d{14})_([\w-]+)\.sql$/.exec(file) ?? []
    if (!version || !name) {
      throw new MigrationError(`${file}: a migration is named <14 digits>_<name>.sql.`, 'Rename it.')
    }
    if (files.at(-1)?.version === version) {
      throw new MigrationError(
        `${file}: two migrations have the version ${version}.`,
        'Rename the newer one.',
      )
    }
    files.push({ version, name, file, sql: await readFile(join(dir, file), 'utf8') })
  }
  return files
}

async function readHistory(client: Client): Promise<AppliedMigration[]> {
  const { rows } = await client.query<AppliedMigration>(
    'select version, name, statements from supabase_migrations.schema_migrations order by version',
  )
  return rows
}

/** The files still to be applied. @throws MigrationError when files and history disagree. */
export function compare(
  files: readonly MigrationFile[],
  history: readonly AppliedMigration[],
): MigrationFile[] {
  const byVersion = new Map(files.map(file => [file.version, file]))
  for (const applied of history) {
    const file = byVersion.get(applied.version)
    const label = `${applied.version}_${applied.name}.sql`
    if (!file) throw new MigrationError(`${label} was applied to this database but is missing.`, START_AFRESH)
    if (applied.statements.join('') !== file.sql) {
      throw new MigrationError(
        `${file.file} was changed after it had been applied to this database.`,
        START_AFRESH,
      )
    }
  }
  const latest = history.at(-1)?.version ?? ''
  const pending = files.filter(file => !history.some(applied => applied.version === file.version))
  const late = pending.find(file => file.version < latest)
  if (late) {
    throw new MigrationError(
      `${late.file} is older than ${latest}, which is already applied.`,
      'Give it a newer version number.',
    )
  }
  return pending
}

async function inTransaction(
  client: Client,
  { file, sql }: { file: string; sql: string },
  record: () => Promise<unknown>,
): Promise<void> {
  await client.query('begin')
  try {
    await client.query(sql)
    await record()
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw new MigrationError(
      `${file}: ${describe(error, sql)}`,
      'Nothing of it was applied. Mend the file and start again.',
      { cause: error },
    )
  } finally {
    await client.query('reset all; set client_min_messages = warning')
  }
}

/** PostgreSQL's message with the line it points to. Its detail is left out: it quotes rows. */
function describe(error: unknown, sql: string): string {
  if (!(error instanceof Error)) return 'failed'
  const position = 'position' in error ? Number(error.position) : Number.NaN
  const line = Number.isFinite(position) ? ` (line ${sql.slice(0, position).split('\n').length})` : ''
  const code = 'code' in error && typeof error.code === 'string' ? ` [${error.code}]` : ''
  return `${error.message}${line}${code}`
}

async function seed(
  client: Client,
  options: { supabaseDir: string; onApply?: (file: string) => void },
): Promise<boolean> {
  const path = 'supabase/seed.sql'
  const file = join(options.supabaseDir, 'seed.sql')
  if (!existsSync(file)) return false
  const done = await client.query('select from supabase_migrations.seed_files where path = $1', [path])
  if (done.rowCount !== 0) return false
  const sql = await readFile(file, 'utf8')
  options.onApply?.('seed.sql')
  const hash = createHash('sha256').update(sql).digest('hex')
  await inTransaction(client, { file: 'seed.sql', sql }, () =>
    client.query('insert into supabase_migrations.seed_files (path, hash) values ($1, $2)', [path, hash]),
  )
  return true
}
