/** A database in a cluster of a test file's own, for tests that set it up anew or end it. */

import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Cluster, SUPERUSER, startCluster } from '../../postgres/cluster.ts'
import { createTestDatabase, type TestDatabase } from './test-database.ts'

export interface OwnedDatabase extends TestDatabase {
  readonly cluster: Cluster
}

/** Its `drop` ends the cluster as well. `settings`: of PostgreSQL, by name. */
export async function createOwnedDatabase(settings: Record<string, string> = {}): Promise<OwnedDatabase> {
  const dataDir = await mkdtemp(join(tmpdir(), 'bedside-cluster-'))
  const password = randomUUID()
  const cluster = await startCluster({
    dataDir,
    superuserPassword: password,
    ephemeral: true,
    settings,
    log: () => undefined,
  })
  const { host, port } = cluster
  const database = await createTestDatabase({ host, port, database: 'postgres', user: SUPERUSER, password })
  return {
    ...database,
    cluster,
    async drop() {
      await database.drop()
      await cluster.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
