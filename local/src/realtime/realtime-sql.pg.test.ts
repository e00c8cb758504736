import { readFile } from 'node:fs/promises'
import type pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from './testing/test-database.ts'

let database: TestDatabase
let session: pg.PoolClient

beforeAll(async () => {
  database = await createTestDatabase()
  session = await database.pool.connect()
})

afterAll(async () => {
  session.release()
  await database.drop()
})

async function rows(sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  return (await session.query<Record<string, unknown>>(sql, values)).rows
}

async function asRole<T>(role: string, use: () => Promise<T>): Promise<T> {
  await session.query(`set role ${role}`)
  try {
    return await use()
  } finally {
    await session.query('reset role')
  }
}

function partitions(): Promise<Record<string, unknown>[]> {
  return rows(
    "select relname from pg_class where relname like 'messages\\_2%' and relkind = 'r' order by relname",
  )
}

test('RL1 realtime.sql may run again', async () => {
  await session.query(await readFile(new URL('../../sql/realtime.sql', import.meta.url), 'utf8'))
})

test('RL2 partitions reach from yesterday to three days ahead, at midnight UTC too; after 72 hours they go', async () => {
  const names = (...days: string[]) => days.map(day => ({ relname: `messages_${day}` }))
  const window = (at: string) => session.query('select realtime.maintain_message_partitions($1)', [at])
  for (const { relname } of await partitions()) await session.query(`drop table realtime.${relname}`)

  await window('2030-12-30 23:59:59.999Z')
  const before = names('2030_12_29', '2030_12_30', '2030_12_31', '2031_01_01', '2031_01_02')
  expect(await partitions()).toEqual(before)
  await window('2030-12-31 00:00:00Z')
  expect(await partitions()).toEqual([...before, ...names('2031_01_03')])
  // The last row of the 29th may be 72 hours old at midnight after the 1st.
  await window('2031-01-01 23:59:59Z')
  expect(await partitions()).toEqual([...before, ...names('2031_01_03', '2031_01_04')])
  await window('2031-01-02 00:00:00Z')
  expect((await partitions())[0]).toEqual({ relname: 'messages_2030_12_30' })

  for (const { relname } of await partitions()) await session.query(`drop table realtime.${relname}`)
  await session.query('select realtime.maintain_message_partitions()')
})

test('RL3 realtime.send stores an object under its id, and loses anything else with a warning', async () => {
  const notices: string[] = []
  const onNotice = (notice: { message: string | undefined }) => notices.push(notice.message ?? '')
  session.on('notice', onNotice)
  await session.query('delete from realtime.messages')
  await session.query(`select realtime.send('{"a": 1}', 'e', 't')`)
  await session.query(`select realtime.send('{"id": "mine"}', 'e', 't', false)`)
  for (const payload of ['[1]', '"text"', 'null', null]) {
    await session.query("select realtime.send($1::jsonb, 'e', 't')", [payload])
  }
  await session.query("select realtime.send('{}', 'e', null)")
  session.off('notice', onNotice)

  const stored = await rows(
    'select id::text, topic, event, extension, private, payload from realtime.messages',
  )
  expect(stored).toHaveLength(2)
  const [first, second] = stored
  const common = { topic: 't', event: 'e', extension: 'broadcast' }
  expect(first).toMatchObject({ ...common, private: true, payload: { a: 1, id: first?.id } })
  expect(second).toMatchObject({ ...common, private: false, payload: { id: 'mine' } })
  expect(notices).toHaveLength(5)
  for (const notice of notices) expect(notice).toMatch(/^WarnSendingBroadcastMessage: /)
})

test('RL4 realtime.send has the rights of its caller; postgres may send, write policies and publish its tables', async () => {
  await session.query('delete from realtime.messages')
  for (const role of ['anon', 'authenticated']) {
    await asRole(role, () => session.query("select realtime.send('{}', 'forged', 't')"))
  }
  for (const role of ['postgres', 'service_role']) {
    await asRole(role, () => session.query("select realtime.send('{}', 'genuine', 't')"))
  }
  expect(await rows('select event from realtime.messages')).toEqual([
    { event: 'genuine' },
    { event: 'genuine' },
  ])

  await session.query('grant create on schema public to postgres')
  await asRole('postgres', async () => {
    await session.query('create policy mine on realtime.messages for select to anon using (true)')
    await session.query('drop policy mine on realtime.messages')
    await session.query('create table public.things (id int primary key)')
    await session.query('alter publication supabase_realtime add table public.things')
  })
})

test('RL5 anon and authenticated reach no partition and no partition function', async () => {
  await session.query("select set_config('request.jwt.claims', '{}', false)")
  for (const role of ['anon', 'authenticated']) {
    await asRole(role, async () => {
      const [partition] = await partitions()
      await expect(session.query(`select from realtime.${partition?.relname}`)).rejects.toThrow('permission')
      await expect(session.query('select realtime.maintain_message_partitions()')).rejects.toThrow(
        'permission',
      )
      expect(await rows('select * from realtime.messages')).toEqual([])
    })
  }
})

test('RL6 broadcast_changes sends a row from a trigger and refuses what is none', async () => {
  await session.query('delete from realtime.messages')
  await session.query(`
    create table public.notes (id int primary key, body text);
    create function public.tell() returns trigger language plpgsql security definer as $$
    begin
      perform realtime.broadcast_changes('notes', tg_op, tg_op, tg_table_name, tg_table_schema, new, old);
      return null;
    end $$;
    create trigger tell after insert or update or delete on public.notes for each row execute function public.tell();
    insert into public.notes values (1, 'a');
    update public.notes set body = 'b';
    delete from public.notes;
  `)
  const sent = await rows('select event, topic, private, payload from realtime.messages order by inserted_at')
  const common = { schema: 'public', table: 'notes', id: expect.any(String) }
  expect(sent.map(message => message.payload)).toEqual(
    expect.arrayContaining([
      { ...common, operation: 'INSERT', record: { id: 1, body: 'a' }, old_record: null },
      { ...common, operation: 'UPDATE', record: { id: 1, body: 'b' }, old_record: { id: 1, body: 'a' } },
      { ...common, operation: 'DELETE', record: null, old_record: { id: 1, body: 'b' } },
    ]),
  )
  for (const [operation, level] of [
    ['INSERT', 'STATEMENT'],
    ['TRUNCATE', 'ROW'],
  ]) {
    const call = session.query("select realtime.broadcast_changes('t', 'e', $1, 'x', 'y', null, null, $2)", [
      operation,
      level,
    ])
    await expect(call).rejects.toMatchObject({ code: '22023' })
  }
})

test('RL7 realtime.topic() is the topic of the moment', async () => {
  expect(await rows('select realtime.topic()')).toEqual([{ topic: null }])
  await session.query('begin')
  await session.query("select set_config('realtime.topic', 'room:1', true)")
  expect(await rows('select realtime.topic()')).toEqual([{ topic: 'room:1' }])
  await session.query('rollback')
})
