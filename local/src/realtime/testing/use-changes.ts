/** What the protocol's cases about `postgres_changes` share: published tables of their own, and subscribers to them. */

import type { RealtimeChannel } from '@supabase/supabase-js'
import { afterAll, beforeAll } from 'vitest'
import { type ChangeData, type ChangeTools, changesOf, createChangeTools } from './change-bench.ts'
import type { RawClient } from './raw-client.ts'
import type { Realtime, Version } from './use-realtime.ts'

export interface Changes extends Omit<ChangeTools, 'close'> {
  /** A published table that no other case has, which every role may read. Returns its name, without `public`. */
  table(columns: string, afterwards?: (name: string) => string): Promise<string>
  /** A client that is told of what `entries` ask for, on the topic `rows`. */
  watch(version: Version, entries: object[], who?: { subject?: string; key?: string }): Promise<Watcher>
  /** The changes that came, once all that was committed has been told. */
  told(client: RawClient): Promise<ChangeData[]>
  /** The same, without what is about them. */
  rowsOf(client: RawClient): Promise<{ [field in 'type' | 'record' | 'old_record']: unknown }[]>
}

export interface Watcher {
  readonly client: RawClient
  readonly ids: number[]
}

/** Call it once, at the top of a test file. */
export function useChanges(realtime: Realtime): Changes {
  let shared: ChangeTools | undefined
  let tables = 0

  const tools = () => {
    if (!shared) throw new Error('they are there while a test runs, not before')
    return shared
  }
  const told = async (client: RawClient) => {
    await tools().settle(client)
    return changesOf(client).map(({ data }) => data)
  }
  beforeAll(async () => {
    shared = await createChangeTools(realtime.database, realtime.server)
  })
  afterAll(() => shared?.close())

  return {
    sql: (text, values) => tools().sql(text, values),
    subscribe: (client, topic, entries, subject) => tools().subscribe(client, topic, entries, subject),
    settle: client => tools().settle(client),
    async table(columns, afterwards = () => '') {
      const name = `table_${++tables}`
      await tools().sql(`
        create table public.${name} (${columns});
        grant select on public.${name} to anon, authenticated, service_role;
        ${afterwards(name)};
        alter publication supabase_realtime add table public.${name}`)
      return name
    },
    async watch(version, entries, { subject, key } = {}) {
      const client = await realtime.connect({ version, ...(key === undefined ? {} : { key }) })
      // Else a row from before might still be on its way, and be told.
      await tools().settle(client)
      return { client, ids: await tools().subscribe(client, 'rows', entries, subject) }
    },
    told,
    async rowsOf(client) {
      const changes = await told(client)
      return changes.map(({ type, record, old_record }) => ({ type, record, old_record }))
    },
  }
}

/** Subscribes an unmodified channel; resolves when its changes are live, rejects when they cannot be. */
export function live(channel: RealtimeChannel): Promise<void> {
  return new Promise((resolve, reject) => {
    channel
      .on('system', {}, ({ extension, status, message }) => {
        if (extension !== 'postgres_changes') return
        if (status === 'ok') resolve()
        else reject(new Error(message))
      })
      .subscribe((status, error) => {
        if (error) reject(new Error(`${status}: ${error.message}`))
      })
  })
}
