/** What SQL finds in schema `realtime`: the table of messages, its partitions, functions and publications. */

import { describe, expect, test } from 'vitest'
import { useRealtime } from '../testing/use-realtime.ts'

const realtime = useRealtime()

async function rows(sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  return (await realtime.database.pool.query<Record<string, unknown>>(sql, values)).rows
}

/** Runs the statements as a role in one transaction, which is rolled back; the rows of the last. */
async function asRole(role: string, ...statements: string[]): Promise<Record<string, unknown>[]> {
  const session = await realtime.database.pool.connect()
  try {
    await session.query('begin')
    await session.query(`set local role ${role}`)
    let last: Record<string, unknown>[] = []
    for (const statement of statements) last = (await session.query(statement)).rows
    return last
  } finally {
    await session.query('rollback')
    session.release()
  }
}

describe('R163 2.1 objects of the database', () => {
  test('2.1 realtime.messages has its columns, types and defaults', async () => {
    const columns = await rows(`
      select attname as name, format_type(atttypid, atttypmod) as type, attnotnull as required,
        pg_get_expr(adbin, adrelid) as default
      from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum
      where attrelid = 'realtime.messages'::regclass and attnum > 0 and not attisdropped
      order by attnum`)
    const column = (name: string, type: string, required: boolean, value: string | null = null) => ({
      ...{ name, type, required },
      default: value,
    })
    expect(columns).toEqual([
      column('topic', 'text', true),
      column('extension', 'text', true),
      column('payload', 'jsonb', false),
      column('event', 'text', false),
      column('private', 'boolean', false, 'false'),
      column('updated_at', 'timestamp without time zone', true, 'now()'),
      column('inserted_at', 'timestamp without time zone', true, 'now()'),
      column('id', 'uuid', true, 'gen_random_uuid()'),
      column('binary_payload', 'bytea', false),
    ])
  })

  test('2.1 its key is (id, inserted_at), by which it is partitioned; it is under RLS', async () => {
    expect(
      await rows(`
        select pg_get_partkeydef(oid) as partitioned, relrowsecurity as rls, pg_get_userbyid(relowner) as owner
        from pg_class where oid = 'realtime.messages'::regclass`),
    ).toEqual([{ partitioned: 'RANGE (inserted_at)', rls: true, owner: 'supabase_realtime_admin' }])
    expect(
      await rows(`select pg_get_constraintdef(oid) as key from pg_constraint
        where conrelid = 'realtime.messages'::regclass and contype = 'p'`),
    ).toEqual([{ key: 'PRIMARY KEY (id, inserted_at)' }])
  })

  test('2.1 replays have their index', async () => {
    const [index] = await rows(`select pg_get_indexdef(indexrelid) as definition from pg_index
      where indrelid = 'realtime.messages'::regclass and not indisprimary`)
    expect(index?.definition).toMatch(
      /\(inserted_at DESC, topic\) WHERE \(?\(?\(?extension = 'broadcast'::text\)? AND \(?private IS TRUE\)*$/,
    )
  })

  test('2.1 the API roles may select, insert and update, and reach no partition', async () => {
    const may = (role: string, right: string, table: string) =>
      rows('select has_table_privilege($1, $2, $3) as may', [role, table, right])
    const [partition] = await rows(`select inhrelid::regclass::text as name from pg_inherits
      where inhparent = 'realtime.messages'::regclass limit 1`)
    for (const role of ['anon', 'authenticated', 'service_role']) {
      for (const [right, expected] of [
        ['select', true],
        ['insert', true],
        ['update', true],
        ['delete', false],
        ['truncate', false],
      ] as const) {
        expect(await may(role, right, 'realtime.messages'), `${role} ${right}`).toEqual([{ may: expected }])
        expect(await may(role, right, String(partition?.name))).toEqual([{ may: false }])
      }
    }
  })

  test('2.1 there is a partition for each day from yesterday to three days ahead, in UTC', async () => {
    const partitions = await rows(`
      select relname as name, pg_get_expr(relpartbound, oid) as bound
      from pg_inherits join pg_class on oid = inhrelid
      where inhparent = 'realtime.messages'::regclass order by relname`)
    const day = (n: number) => new Date(Date.now() + n * 86_400_000).toISOString().slice(0, 10)
    const wanted = [-1, 0, 1, 2, 3].map(n => ({
      name: `messages_${day(n).replaceAll('-', '_')}`,
      bound: `FOR VALUES FROM ('${day(n)} 00:00:00') TO ('${day(n + 1)} 00:00:00')`,
    }))
    // Midnight may pass between the server's start and here.
    expect(partitions).toEqual(expect.arrayContaining(wanted.slice(1, 4)))
    expect(partitions).toHaveLength(5)
  })

  test('2.1 the server makes partitions that are missing when it starts', async () => {
    const missing = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '_')
    await rows(`drop table realtime.messages_${missing}`)
    await realtime.start()
    const [found] = await rows('select to_regclass($1) is not null as found', [
      `realtime.messages_${missing}`,
    ])
    expect(found).toEqual({ found: true })
  })

  test('2.1 sessions run in UTC, which inserted_at has to be', async () => {
    expect(await rows('show timezone')).toEqual([{ TimeZone: 'UTC' }])
  })

  test('2.1 a row holds JSON or bytes, not both', async () => {
    const both = `insert into realtime.messages (topic, extension, payload, binary_payload)
      values ('t', 'broadcast', '{}', '\\x00')`
    await expect(rows(both)).rejects.toMatchObject({ code: '23514' })
  })

  test('2.1 the functions have their signatures, and run with the rights of their caller', async () => {
    const functions = await rows(`
      select proname as name, pg_get_function_arguments(oid) as arguments, pg_get_function_result(oid) as result,
        provolatile as volatility, prosecdef as is_definer
      from pg_proc
      where pronamespace = 'realtime'::regnamespace
        and proname in ('topic', 'send', 'send_binary', 'broadcast_changes')
      order by proname`)
    expect(functions).toEqual([
      {
        name: 'broadcast_changes',
        arguments:
          'topic_name text, event_name text, operation text, table_name text, table_schema text, new record, old record, ' +
          "level text DEFAULT 'ROW'::text",
        result: 'void',
        volatility: 'v',
        is_definer: false,
      },
      {
        name: 'send',
        arguments: 'payload jsonb, event text, topic text, private boolean DEFAULT true',
        result: 'void',
        volatility: 'v',
        is_definer: false,
      },
      {
        name: 'send_binary',
        arguments: 'payload bytea, event text, topic text, private boolean DEFAULT true',
        result: 'void',
        volatility: 'v',
        is_definer: false,
      },
      { name: 'topic', arguments: '', result: 'text', volatility: 's', is_definer: false },
    ])
    for (const role of ['anon', 'authenticated', 'service_role']) {
      expect(await asRole(role, 'select realtime.topic()')).toEqual([{ topic: null }])
    }
  })

  test('2.1 topic() is the topic of the transaction; empty is null', async () => {
    const set = (topic: string) => `select set_config('realtime.topic', '${topic}', true)`
    expect(await asRole('anon', set('room:1'), 'select realtime.topic()')).toEqual([{ topic: 'room:1' }])
    expect(await asRole('anon', set(''), 'select realtime.topic()')).toEqual([{ topic: null }])
  })

  test('2.1 send() leaves its topic set until the end of the transaction', async () => {
    const send = `select realtime.send('{}', 'e', 'sent:1', false)`
    expect(await asRole('service_role', send, 'select realtime.topic()')).toEqual([{ topic: 'sent:1' }])
    expect(await rows('select realtime.topic()')).toEqual([{ topic: null }])
  })

  test('2.1 both publications are there: one for the user’s tables, one for new messages', async () => {
    expect(
      await rows(`select pubname as name, pubinsert as ins, pubupdate as upd, pubdelete as del, pubviaroot as root,
        puballtables as every from pg_publication order by pubname`),
    ).toEqual([
      { name: 'supabase_realtime', ins: true, upd: true, del: true, root: false, every: false },
      {
        name: 'supabase_realtime_messages_publication',
        ...{ ins: true, upd: false, del: false, root: true, every: false },
      },
    ])
    const published = await rows(`select pubname as name, schemaname || '.' || tablename as table
      from pg_publication_tables order by 1, 2`)
    expect(published).toEqual([
      { name: 'supabase_realtime_messages_publication', table: 'realtime.messages' },
    ])
  })

  test('2.1 postgres may write policies and publish its tables', async () => {
    await asRole(
      'postgres',
      'create policy theirs on realtime.messages for select to anon using (true)',
      'drop policy theirs on realtime.messages',
    )
    await rows('grant create on schema public to postgres')
    await asRole(
      'postgres',
      'create table public.theirs (id int primary key)',
      'alter publication supabase_realtime add table public.theirs',
    )
  })

  test('2.1 broadcast_changes() raises at statement level and for other operations', async () => {
    for (const [operation, level] of [
      ['INSERT', 'STATEMENT'],
      ['TRUNCATE', 'ROW'],
      ['insert', 'ROW'],
    ]) {
      const call = rows("select realtime.broadcast_changes('t', 'e', $1, 'x', 'y', null, null, $2)", [
        operation,
        level,
      ])
      await expect(call, `${operation} ${level}`).rejects.toThrow()
    }
  })
})
