/** What most tests of the Realtime server share: a database of the file's own, servers and clients that end when they should. */

import { createClient, type SupabaseClient, type WebSocketLikeConstructor } from '@supabase/supabase-js'
import { afterAll, afterEach, beforeAll, test } from 'vitest'
import { WebSocket } from 'ws'
import type { RealtimeOptions } from '../index.ts'
import { type ConnectOptions, RawClient } from './raw-client.ts'
import { createTestDatabase, type TestDatabase } from './test-database.ts'
import { PUBLISHABLE_KEY, startTestServer, type TestServer } from './test-server.ts'

export const VERSIONS = ['1.0.0', '2.0.0'] as const
export type Version = (typeof VERSIONS)[number]

export interface Realtime {
  readonly database: TestDatabase
  /** The file's own server. */
  readonly server: TestServer
  /** One more server on the same database, until the end of the test. */
  start(options?: Partial<RealtimeOptions>): Promise<TestServer>
  /** A client of bare frames, until the end of the test; of the file's server unless told. */
  connect(options?: ConnectOptions & { to?: TestServer }): Promise<RawClient>
  /** An unmodified supabase-js, until the end of the test. */
  supabase(options?: { key?: string; version?: Version; to?: TestServer }): SupabaseClient
}

/**
 * Call it once, at the top of a test file.
 * @param options of the file's server; `null`: there is none but those that a test starts.
 */
export function useRealtime(options: Partial<RealtimeOptions> | null = {}): Realtime {
  let database: TestDatabase | undefined
  let shared: TestServer | undefined
  const started: TestServer[] = []
  const clients: RawClient[] = []
  const supabases: SupabaseClient[] = []

  beforeAll(async () => {
    database = await createTestDatabase()
    if (options) shared = await startTestServer(database, options)
  })
  afterEach(async () => {
    for (const client of clients.splice(0)) client.close()
    for (const supabase of supabases.splice(0)) await supabase.realtime.disconnect()
    for (const server of started.splice(0)) await server.close()
  })
  afterAll(async () => {
    await shared?.close()
    await database?.drop()
  })

  const realtime: Realtime = {
    get database() {
      return present(database)
    },
    get server() {
      return present(shared)
    },
    async start(serverOptions) {
      const server = await startTestServer(realtime.database, serverOptions)
      started.push(server)
      return server
    },
    async connect({ to = realtime.server, ...connectOptions } = {}) {
      const client = await RawClient.connect(to.port, connectOptions)
      clients.push(client)
      return client
    },
    supabase({ key = PUBLISHABLE_KEY, version = '2.0.0', to = realtime.server } = {}) {
      const supabase = createClient(to.url, key, {
        auth: { persistSession: false, autoRefreshToken: false },
        realtime: { transport: WebSocket as unknown as WebSocketLikeConstructor, vsn: version },
      })
      supabases.push(supabase)
      return supabase
    },
  }
  return realtime
}

/** A case of the protocol, once for each serializer. Its title starts with the section of `docs/realtime.md`. */
export function conforms(title: string, run: (version: Version) => Promise<void>): void {
  for (const version of VERSIONS) test(`${title} · vsn ${version}`, () => run(version))
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('it is there while a test runs, not before')
  return value
}
