/** Rows written past the functions: every table and column that the catalog knows, in every form, by everybody. */
import { describe, expect, it } from 'vitest'
import { rows } from './forgery/rows.ts'
import { digests, scene } from './forgery/scene.ts'
import { PEOPLE } from './states/model.ts'

const set = await scene()
const { clinic, ids, connection, mine, theirs, nobody } = set

type Column = {
  schema: string
  table: string
  name: string
  type: string
  isGenerated: boolean
  isKey: boolean
}

/** Runs each statement as this person and keeps what it did. Answers how many rows each of them wrote; null: refused. */
await connection.owner(`
  create function pg_temp.forge(p_role text, p_uid uuid, p_sql text[]) returns jsonb language plpgsql as $$
  declare
    v_rows jsonb[];
    v_count int;
  begin
    perform set_config('request.jwt.claims', jsonb_build_object('sub', p_uid, 'role', p_role)::text, true),
      set_config('role', p_role, true);
    for i in 1 .. cardinality(p_sql) loop
      begin
        execute p_sql[i];
        get diagnostics v_count = row_count;
        v_rows[i] := to_jsonb(v_count);
      exception when others then
        v_rows[i] := to_jsonb(sqlstate);
      end;
    end loop;
    perform set_config('role', 'none', true);
    return to_jsonb(v_rows);
  end
  $$`)

const columns = await clinic.owner<Column>(
  `select n.nspname as schema, c.oid::regclass::text as table, quote_ident(a.attname) as name,
     format_type(a.atttypid, a.atttypmod) as type, a.attgenerated <> '' or a.attidentity = 'a' as "isGenerated",
     exists (select 1 from pg_index i where i.indrelid = c.oid and i.indisprimary and a.attnum = any(i.indkey)) as "isKey"
   from pg_class c join pg_namespace n on n.oid = c.relnamespace
   join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
   where n.nspname in ('public', 'private', 'auth', 'storage', 'realtime') and c.relkind in ('r', 'p') and not c.relispartition`,
)

/** What somebody would like a column of this kind to say. */
function wishes({ name, type }: Column): string[] {
  if (name === 'role') return [`'admin'`, `'doctor'`]
  if (name === 'status') return [`'open'`, `'confirmed'`, `'clean'`]
  if (type === 'uuid')
    return [ids.doctor, ids.patient, ids.other_patient, mine.room, theirs.room].map(id => `'${id}'`)
  if (type.startsWith('timestamp')) return [`now() - interval '1 year'`, `'infinity'`, 'null']
  if (/int|numeric|double/.test(type)) return ['1', '0', '1000000']
  if (type === 'boolean') return ['true', 'false']
  if (type.startsWith('json')) return [`'{"role":"admin"}'`]
  if (type === 'bytea') return [`'\\x00'`]
  if (type.startsWith('time')) return [`'00:00'`]
  return [`'forged'`]
}

/** The forms in which one column can be written. */
function forms(column: Column, all: Column[]): string[] {
  const { table, name } = column
  const others = all.filter(each => each.table === table && !each.isGenerated && each.name !== name)
  const list = [name, ...others.map(each => each.name)].join(', ')
  const keys = all.filter(each => each.table === table && each.isKey).map(each => each.name)
  return wishes(column).flatMap(wish => {
    const copy = `select ${[wish, ...others.map(each => each.name)].join(', ')} from ${table} limit 1`
    return [
      `insert into ${table} (${name}) values (${wish})`,
      `insert into ${table} (${name}) values (${wish}) returning *`,
      `insert into ${table} (${list}) ${copy}`,
      ...(keys.length
        ? [
            `insert into ${table} (${list}) ${copy} on conflict (${keys.join(', ')}) do update set ${name} = ${wish}`,
            `insert into ${table} (${list}) ${copy} on conflict do nothing`,
          ]
        : []),
      `update ${table} set ${name} = ${wish}`,
      `update ${table} set ${name} = ${wish} where ctid = (select min(ctid) from ${table})`,
      `update ${table} set ${name} = ${wish} where true returning ${name}`,
      `with forged as (update ${table} set ${name} = ${wish} returning *) select count(*) from forged having count(*) > 0`,
      `merge into ${table} t using (select 1) s on true when matched then update set ${name} = ${wish}`,
    ]
  })
}
const tables = [...new Set(columns.map(column => column.table))]
const wholes = (table: string) => [
  `delete from ${table}`,
  `delete from ${table} returning *`,
  `with gone as (delete from ${table} returning *) select count(*) from gone having count(*) > 0`,
  // Supabase gives everybody every privilege on its storage tables; no API of its knows this statement.
  ...(table.startsWith('storage.') ? [] : [`truncate ${table} cascade`]),
  `insert into ${table} default values`,
  `merge into ${table} t using (select 1) s on true when matched then delete`,
]
const statements = [
  ...columns.filter(column => !column.isGenerated).flatMap(column => forms(column, columns)),
  ...tables.flatMap(wholes),
]

async function forge(role: string, person: string | null, sql: string[]) {
  const [row] = await connection.owner<{ said: (number | string)[] }>(
    'select pg_temp.forge($1, $2, $3) as said',
    [role, person, sql],
  )
  return row?.said ?? []
}

const isWritten = (said: number | string | undefined) => typeof said === 'number' && said > 0

describe('A24 nobody writes past the functions', () => {
  const actors: [string, string, string | null][] = [
    ...PEOPLE.map((person): [string, string, string] => [person, 'authenticated', ids[person]]),
    ['nobody', 'authenticated', nobody],
    ['anon', 'anon', null],
  ]
  let attempts = 0

  it.each(actors)('A24 not %s, to any column of any table, in any form', async (_, role, person) => {
    const before = await digests(connection)
    const wanted = [...statements, ...rows(set, person ?? nobody)]
    const said = await forge(role, person, wanted)
    attempts += said.length
    expect(said).toHaveLength(wanted.length)
    // One's own language and time zone are one's own; what is neither is refused there, too.
    expect(wanted.filter((_, i) => isWritten(said[i]))).toEqual([])
    expect(await digests(connection)).toEqual(before)
  })
  it('A24 and what is one’s own to write can be written: language and time zone, in every form', async () => {
    for (const person of PEOPLE) {
      const written = await forge('authenticated', ids[person], [
        `update public.profiles set locale = 'fr', time_zone = 'Europe/Paris'`,
        `update public.profiles set locale = 'fr' where id = '${ids[person]}' returning id`,
        `with mine as (update public.profiles set locale = 'fr' returning id) select 1 from mine`,
        `update public.profiles set locale = 'fr' where id <> '${ids[person]}'`,
      ])
      expect(written, person).toEqual([1, 1, 1, 0])
    }
    const [others] = await clinic.owner<{ count: number }>(
      `select count(*)::int from public.profiles where locale = 'fr' and time_zone = 'Europe/Paris'`,
    )
    expect(others).toEqual({ count: PEOPLE.length })
  })
  it('A24 not even the clinic’s own programs, with the secret key, what was said, read, granted and erased', async () => {
    const closed = [
      'audit_log',
      'access_grants',
      'admin_actions',
      'chat_messages',
      'chat_message_versions',
      'room_erasures',
      'legal_holds',
    ]
    const wanted = statements.filter(sql =>
      closed.some(table => new RegExp(`(into|update|from|truncate) (public\\.)?${table}\\b`).test(sql)),
    )
    const before = await digests(connection)
    const said = await forge('service_role', null, wanted)
    attempts += said.length
    expect(wanted.length).toBeGreaterThan(500)
    expect(wanted.filter((_, i) => isWritten(said[i]))).toEqual([])
    expect(await digests(connection)).toEqual(before)
    expect(await forge('service_role', null, ['update public.profiles set specialty = specialty'])).toEqual([
      7,
    ])
  })
  it('A24 nothing but the missing right stands in the way of the rows that were tried', async () => {
    await connection.owner('begin')
    for (const person of ['admin', 'other_doctor', 'other_patient'] as const) {
      for (const sql of rows(set, ids[person])) {
        await connection.owner('savepoint tried')
        // The log refuses its own owner; somebody has no row of that kind yet.
        const [said] = await forge('supabase_admin', ids[person], [sql])
        if (!/read_seq|delivered_seq|left_at|set tokens|back_at/.test(sql))
          expect(isWritten(said), `${sql}: ${said}`).toBe(true)
        await connection.owner('rollback to tried')
      }
    }
    await connection.owner('rollback')
  })
  it('A24 ten thousand attempts at least', () => {
    process.stdout.write(`A24: ${attempts} attempts, ${tables.length} tables, ${columns.length} columns\n`)
    expect(attempts).toBeGreaterThan(10_000)
  })
})
