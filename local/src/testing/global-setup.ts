/**
 * One ephemeral cluster for a whole test run, with two template databases: everything up to the migrations, and the same
 * with the seed. Test files clone them (see `index.ts`).
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'
import { bootstrap } from '../database/bootstrap.ts'
import { databaseUrl, withClient } from '../database/connect.ts'
import { migrate } from '../database/migrations.ts'
import { loadLite } from '../gateway/lite/apps.ts'
import { logToStderr } from '../log.ts'
import { startCluster } from '../postgres/cluster.ts'
import { makeSecrets, type Secrets } from '../secrets.ts'

export interface TestCluster {
  host: string
  port: number
  secrets: Secrets
}

declare module 'vitest' {
  export interface ProvidedContext {
    bedsideCluster: TestCluster
  }
}

export const TEMPLATE = 'bedside_template'
export const SEEDED_TEMPLATE = 'bedside_template_seeded'
/** As a new project is before its first migration. */
export const BARE_TEMPLATE = 'bedside_template_bare'
const SUPABASE_DIR = fileURLToPath(new URL('../../../supabase', import.meta.url))

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'bedside-test-'))
  const secrets = makeSecrets()
  const cluster = await startCluster({
    dataDir,
    superuserPassword: secrets.passwords.supabase_admin,
    ephemeral: true,
    log: logToStderr,
  })
  const teardown = async () => {
    await cluster.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
  try {
    const server = { host: cluster.host, port: cluster.port }
    const template = { ...server, database: TEMPLATE }
    await bootstrap(template, secrets, async () => (await loadLite()).getAuthSchemaSql())
    const clone = (name: string) =>
      withClient({ ...server, database: 'template1' }, 'supabase_admin', secrets, client =>
        client.query(`create database ${name} template ${TEMPLATE} owner postgres`),
      )
    await clone(BARE_TEMPLATE)
    await migrate(template, secrets, { supabaseDir: SUPABASE_DIR, seed: false })
    await clone(SEEDED_TEMPLATE)
    await migrate({ ...server, database: SEEDED_TEMPLATE }, secrets, {
      supabaseDir: SUPABASE_DIR,
      seed: true,
    })
    project.provide('bedsideCluster', { ...server, secrets })
    process.env.BEDSIDE_TEST_PG_URL = databaseUrl(template, 'supabase_admin', secrets)
    return teardown
  } catch (error) {
    await teardown()
    throw error
  }
}
