/** A database, a server and raw clients for tests of `postgres_changes`. */

import type { RealtimeOptions } from '../index.ts'
import { type ConnectOptions, RawClient, type Received } from './raw-client.ts'
import { createTestDatabase, type TestDatabase } from './test-database.ts'
import { SECRET_KEY, signToken, startTestServer, type TestServer } from './test-server.ts'

export interface ChangeTools {
  /** SQL as the superuser, committed at once. */
  sql(text: string, values?: unknown[]): Promise<void>
  /** Joins and waits until the subscription is live. Returns the ids of the reply. */
  subscribe(client: RawClient, topic: string, entries: object[], subject?: string): Promise<number[]>
  /** Returns when every change committed before has reached whom it was for. */
  settle(client: RawClient): Promise<void>
  close(): void
}

export interface ChangeBench extends Omit<ChangeTools, 'close'> {
  readonly database: TestDatabase
  readonly server: TestServer
  connect(options?: ConnectOptions): Promise<RawClient>
  closeClients(): void
  close(): Promise<void>
}

const FENCE = 'the-fence'

/** For a database and a server that are there. */
export async function createChangeTools(database: TestDatabase, server: TestServer): Promise<ChangeTools> {
  await database.pool.query(`
    create table public.fence (n int primary key);
    grant select on public.fence to service_role;
    alter publication supabase_realtime add table public.fence;
  `)
  const watchman = await RawClient.connect(server.port, { key: SECRET_KEY })
  let fences = 0

  const tools: ChangeTools = {
    async sql(text, values = []) {
      await database.pool.query(text, values)
    },
    async subscribe(client, topic, entries, subject) {
      const token = subject === undefined ? undefined : await signToken({ sub: subject })
      const { status, response } = await client.join(topic, { postgres_changes: entries }, token)
      if (status !== 'ok') throw new Error(`the join was refused: ${JSON.stringify(response)}`)
      const { payload } = await client.waitForEvent('system', topic)
      if (payload.message !== 'Subscribed to PostgreSQL') throw new Error(String(payload.message))
      const echoed = response?.postgres_changes as { id: number }[] | undefined
      return (echoed ?? []).map(({ id }) => id)
    },
    async settle(client) {
      if (fences === 0) {
        const entry = { event: 'INSERT', schema: 'public', table: 'fence' }
        await tools.subscribe(watchman, FENCE, [entry])
      }
      const n = ++fences
      await database.pool.query('insert into public.fence values ($1)', [n])
      const isFence = ({ payload }: Received) =>
        (payload.data as { record?: { n?: number } } | undefined)?.record?.n === n
      await watchman.waitFor(isFence, 'the fence')
      await client.heartbeat()
    },
    close() {
      watchman.close()
    },
  }
  return tools
}

export async function createChangeBench(options: Partial<RealtimeOptions> = {}): Promise<ChangeBench> {
  const database = await createTestDatabase()
  const server = await startTestServer(database, options)
  const tools = await createChangeTools(database, server)
  const clients: RawClient[] = []

  return {
    ...tools,
    database,
    server,
    async connect(connectOptions) {
      const client = await RawClient.connect(server.port, connectOptions)
      clients.push(client)
      return client
    },
    closeClients() {
      for (const client of clients.splice(0)) client.close()
    },
    async close() {
      tools.close()
      for (const client of clients.splice(0)) client.close()
      await server.close()
      await database.drop()
    },
  }
}

/** The payloads of the changes that came, oldest first. */
export function changesOf(client: RawClient, topic?: string): { ids: number[]; data: ChangeData }[] {
  return client.received
    .filter(({ event }) => event === 'postgres_changes')
    .filter(message => topic === undefined || message.topic === `realtime:${topic}`)
    .map(({ payload }) => payload as unknown as { ids: number[]; data: ChangeData })
}

export interface ChangeData {
  schema: string
  table: string
  type: string
  commit_timestamp: string
  columns: { name: string; type: string }[]
  record?: Record<string, unknown>
  old_record?: Record<string, unknown>
  errors: string[] | null
}
