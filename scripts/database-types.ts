/** The client's `database.types.ts`, from a database that is migrated: its catalog read, printed and formatted. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import { readCatalog } from './database-types/catalog.ts'
import { printTypes } from './database-types/print-types.ts'

export const TYPES_FILE = 'core/src/supabase-transport/database.types.ts'
const ROOT = fileURLToPath(new URL('..', import.meta.url))

export async function databaseTypes(databaseUrl: string, schema = 'public'): Promise<string> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    return formatted(printTypes(await readCatalog(client, schema), schema))
  } finally {
    await client.end()
  }
}

function formatted(source: string): string {
  const { status, stdout, stderr, error } = spawnSync(
    'node_modules/.bin/biome',
    ['format', '--colors=off', `--stdin-file-path=${TYPES_FILE}`],
    { cwd: ROOT, input: source, encoding: 'utf8' },
  )
  if (status !== 0) throw new Error(`The types could not be formatted.\n${stderr}`, { cause: error })
  return stdout
}
