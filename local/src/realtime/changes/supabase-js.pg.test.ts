/** `postgres_changes` as applications use it: through the unmodified client. */

import { createClient, type SupabaseClient, type WebSocketLikeConstructor } from '@supabase/supabase-js'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { type ChangeBench, createChangeBench } from '../testing/change-bench.ts'
import { PUBLISHABLE_KEY, signToken } from '../testing/test-server.ts'
import { live } from '../testing/use-changes.ts'

let bench: ChangeBench
const clients: SupabaseClient[] = []

async function connect(subject?: string): Promise<SupabaseClient> {
  const token = subject === undefined ? null : await signToken({ sub: subject })
  const client = createClient(bench.server.url, PUBLISHABLE_KEY, {
    auth: { persistSession: false, autoRefreshToken: false },
    realtime: {
      transport: WebSocket as unknown as WebSocketLikeConstructor,
      reconnectAfterMs: () => 20,
    },
    ...(token === null ? {} : { accessToken: async () => token }),
  })
  clients.push(client)
  return client
}

beforeAll(async () => {
  bench = await createChangeBench()
  await bench.sql(`
    create table public.todos (id bigint generated always as identity primary key, owner text, title text, done boolean,
      tags text[], due timestamptz);
    alter table public.todos enable row level security;
    create policy mine on public.todos for select to authenticated
      using (owner = current_setting('request.jwt.claims', true)::json ->> 'sub');
    grant select on public.todos to anon, authenticated;
    create table public.news (id int primary key, headline text);
    grant select on public.news to anon, authenticated;
    alter publication supabase_realtime add table public.todos, public.news`)
})

afterEach(async () => {
  for (const client of clients.splice(0)) await client.removeAllChannels()
})

afterAll(() => bench.close())

test('R137 two users each hear of their own rows, in the types of the columns', async () => {
  const heard: Record<string, unknown[]> = { ada: [], eve: [] }
  for (const name of ['ada', 'eve']) {
    const channel = (await connect(name))
      .channel('todos')
      .on('postgres_changes', { event: '*', schema: 'public', table: 'todos' }, change =>
        heard[name]?.push(change),
      )
    await live(channel)
  }
  await bench.sql(
    `insert into public.todos (owner, title, done, tags, due) values ('ada', 'a', false, '{x,y}', '2026-01-02 03:04:05+00')`,
  )
  await bench.sql(`insert into public.todos (owner, title) values ('eve', 'b')`)
  await expect.poll(() => [heard.ada?.length, heard.eve?.length]).toEqual([1, 1])
  await bench.sql(`update public.todos set done = true where owner = 'ada'`)
  await expect.poll(() => heard.ada?.length).toBe(2)
  await bench.sql(`delete from public.todos where owner = 'ada'`)
  await expect.poll(() => [heard.ada?.length, heard.eve?.length]).toEqual([3, 2])
  const common = { schema: 'public', table: 'todos', commit_timestamp: expect.any(String), errors: null }
  const row = { id: 1, owner: 'ada', title: 'a', tags: ['x', 'y'], due: '2026-01-02T03:04:05+00:00' }
  expect(heard.ada).toEqual([
    { ...common, eventType: 'INSERT', new: { ...row, done: false }, old: {} },
    { ...common, eventType: 'UPDATE', new: { ...row, done: true }, old: { id: 1 } },
    { ...common, eventType: 'DELETE', new: {}, old: { id: 1 } },
  ])
  expect(heard.eve).toEqual([
    expect.objectContaining({
      eventType: 'INSERT',
      new: expect.objectContaining({ owner: 'eve', title: 'b' }),
    }),
    { ...common, eventType: 'DELETE', new: {}, old: { id: 1 } },
  ])
})

test('R137 several listeners of one channel each hear what they asked for, beside broadcasts', async () => {
  const heard: string[] = []
  const client = await connect()
  const channel = client
    .channel('news')
    .on('postgres_changes', { event: 'INSERT', schema: 'public', table: 'news' }, ({ new: row }) =>
      heard.push(`insert ${row.id}`),
    )
    .on('postgres_changes', { event: 'UPDATE', schema: 'public', table: 'news' }, ({ new: row, old }) =>
      heard.push(`update ${old.id} ${row.headline}`),
    )
    .on('postgres_changes', { event: 'INSERT', schema: 'public', table: 'news', filter: 'id=gt.1' }, change =>
      heard.push(`filtered ${change.new.id}`),
    )
    .on('postgres_changes', { event: '*', schema: 'public' }, ({ eventType }) =>
      heard.push(`any ${eventType}`),
    )
    .on('broadcast', { event: 'message' }, () => heard.push('broadcast'))
  await live(channel)
  await bench.sql(`insert into public.news values (1, 'a')`)
  await bench.sql(`update public.news set headline = 'b'`)
  await bench.sql(`insert into public.news values (2, 'c')`)
  await bench.sql('delete from public.news')
  await expect.poll(() => heard.length).toBe(9)
  await bench.database.send('news', 'message', {}, false)
  await expect.poll(() => heard.at(-1)).toBe('broadcast')
  expect(heard.toSorted()).toEqual([
    ...['any DELETE', 'any DELETE', 'any INSERT', 'any INSERT', 'any UPDATE'],
    ...['broadcast', 'filtered 2', 'insert 1', 'insert 2', 'update 1 b'],
  ])
})

test('R137 a subscription that cannot be is told to the application, which stays subscribed to the rest', async () => {
  const client = await connect()
  const channel = client
    .channel('wrong')
    .on(
      'postgres_changes',
      { event: '*', schema: 'public', table: 'news', filter: 'id=eq.x' },
      () => undefined,
    )
  await expect(live(channel)).rejects.toThrow('Unable to subscribe to changes with given parameters')
  expect(await channel.send({ type: 'broadcast', event: 'still', payload: {} })).toBe('ok')
})

test('R138 a lost slot makes the client join again, after which it hears of changes again', async () => {
  const heard: unknown[] = []
  const statuses: string[] = []
  let oks = 0
  const channel = (await connect())
    .channel('news')
    .on('postgres_changes', { event: 'INSERT', schema: 'public', table: 'news' }, ({ new: row }) =>
      heard.push(row.id),
    )
    .on('system', {}, ({ status }) => {
      if (status === 'ok') oks++
    })
    .subscribe(status => statuses.push(status))
  await expect.poll(() => oks).toBe(1)
  await bench.sql(`
    do $$
    declare lost text := (select slot_name from pg_replication_slots
      where database = current_database() and slot_name like '%changes');
    begin
      loop
        begin
          perform pg_terminate_backend(active_pid) from pg_replication_slots
            where slot_name = lost and active_pid is not null;
          perform pg_drop_replication_slot(lost);
          return;
        exception when object_in_use then perform pg_sleep(0.001);
        end;
      end loop;
    end $$`)
  await expect.poll(() => oks, { timeout: 15_000 }).toBe(2)
  await bench.sql(`insert into public.news values (10, 'again')`)
  await expect.poll(() => heard).toEqual([10])
  expect(statuses).toEqual(['SUBSCRIBED', 'CHANNEL_ERROR', 'SUBSCRIBED'])
  await channel.unsubscribe()
})
