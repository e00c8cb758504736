/** A database without the demo clinic, for tests that make their own people; and calls as any of them, answers and refusals alike. */
import { testDatabase } from '@bedside/local/testing'
import pg from 'pg'
import { afterAll } from 'vitest'

export type Row = Record<string, unknown>

/** What a call came to: its answer, or what PostgreSQL refused it with. */
export type Attempt =
  | { isDone: true; answer: unknown }
  | { isDone: false; code: string; message: string; detail: string; hint: string }

/** Runs SQL as a person (null: not signed in) or as the owner, and keeps nothing of what was refused. One round trip. */
const ATTEMPT = `
  create function pg_temp.attempt(p_uid uuid, p_sql text, p_as_owner boolean default false) returns jsonb language plpgsql as $$
  declare
    v_role text := case when p_uid is null then 'anon' else 'authenticated' end;
    v_answer text; v_code text; v_message text; v_detail text; v_hint text;
  begin
    if not p_as_owner then
      perform set_config('request.jwt.claims', jsonb_build_object('sub', p_uid, 'role', v_role)::text, true),
        set_config('role', v_role, true);
    end if;
    if p_sql ilike 'select%' then
      execute p_sql into v_answer;
    else
      execute p_sql;
    end if;
    perform set_config('role', 'none', true), set_config('request.jwt.claims', '', true);
    return jsonb_build_object('answer', v_answer);
  exception when others then
    get stacked diagnostics v_code = returned_sqlstate, v_message = message_text, v_detail = pg_exception_detail,
      v_hint = pg_exception_hint;
    return jsonb_build_object('code', v_code, 'message', v_message, 'detail', v_detail, 'hint', v_hint);
  end
  $$;`

export type Value = string | number | boolean | null | Date | readonly string[] | { json: unknown }

/** A value as SQL writes it. */
export function literal(value: Value): string {
  if (value === null) return 'null'
  if (value instanceof Date) return pg.escapeLiteral(value.toISOString())
  if (Array.isArray(value)) return `array[${value.map(each => literal(each)).join(', ')}]::uuid[]`
  if (typeof value === 'object')
    return `${pg.escapeLiteral(JSON.stringify((value as { json: unknown }).json))}::jsonb`
  return typeof value === 'string' ? pg.escapeLiteral(value) : String(value)
}

/** `public.<name>(<argument> => <value>, …)` */
export const invocation = (name: string, args: Record<string, Value> = {}) =>
  `public.${name}(${Object.entries(args)
    .map(([key, value]) => `${pg.escapeIdentifier(key)} => ${literal(value)}`)
    .join(', ')})`

function parsed(answer: unknown): unknown {
  if (typeof answer !== 'string' || !/^[[{]/.test(answer)) return answer
  return JSON.parse(answer)
}

export interface Connection {
  /** As the owner of everything. */
  owner<R extends Row = Row>(sql: string, values?: unknown[]): Promise<R[]>
  /** A call of the API as this person; committed at once, unless a transaction is open on this connection. */
  attempt(person: string | null, name: string, args?: Record<string, Value>): Promise<Attempt>
  /** One statement as this person; a query answers the first value of its first row. */
  attemptSql(person: string | null, sql: string): Promise<Attempt>
  /** The same as the owner of everything: the clinic's own system, a job. */
  ownerAttempt(sql: string): Promise<Attempt>
}

/** Await it at the top of a test file: it is gone when that file is done. */
export async function emptyClinic() {
  const database = await testDatabase()
  const pool = new pg.Pool({ connectionString: database.superuserUrl, max: 4 })
  // The database may be dropped while one of them is still on its way out of the pool.
  pool.on('connect', client => client.on('error', () => {}))
  // Tests type faster than people: limits are a matter of their own tests.
  await pool.query('update private.rate_limits set burst = 1000000')

  const clients: pg.Client[] = []
  afterAll(async () => {
    await Promise.all([pool.end(), ...clients.map(client => client.end())])
    await database.drop()
  })

  async function connect(): Promise<Connection> {
    const client = new pg.Client({ connectionString: database.superuserUrl })
    clients.push(client)
    await client.connect()
    await client.query(ATTEMPT)
    const names = new Map<string, number>()
    const nameOf = (sql: string) => {
      names.set(sql, names.size)
      return names.get(sql)
    }
    const run = async (person: string | null, sql: string, asOwner: boolean): Promise<Attempt> => {
      const { rows } = await client.query({
        name: 'attempt',
        text: 'select pg_temp.attempt($1, $2, $3) as said',
        values: [person, sql, asOwner],
      })
      const said = rows[0].said as Record<string, string>
      if (!('code' in said)) return { isDone: true, answer: parsed(said.answer) }
      return {
        isDone: false,
        code: said.code ?? '',
        message: said.message ?? '',
        detail: said.detail ?? '',
        hint: said.hint ?? '',
      }
    }
    return {
      owner: async <R extends Row>(sql: string, values?: unknown[]) => {
        // With values it is a statement that comes again and again: planned once.
        const result = await (values
          ? client.query<R>({ name: String(names.get(sql) ?? nameOf(sql)), text: sql, values })
          : client.query<R>(sql))
        return result.rows
      },
      attempt: (person, name, args) => run(person, `select ${invocation(name, args)}`, false),
      attemptSql: (person, sql) => run(person, sql, false),
      ownerAttempt: sql => run(null, sql, true),
    }
  }

  return {
    database,
    connect,
    /** As the owner of everything. */
    owner: async <R extends Row = Row>(sql: string, values: unknown[] = []) =>
      (await pool.query<R>(sql, values)).rows,
    /** People of the clinic: ids by role. */
    async addPeople(people: { id: string; role: 'patient' | 'doctor' | 'admin'; suspended?: boolean }[]) {
      await pool.query(
        `with who as (select * from jsonb_to_recordset($1) w (id uuid, role text, suspended boolean)),
              users as (insert into auth.users (id) select id from who returning id)
         insert into public.profiles (id, role, display_name, suspended_at)
           select who.id, role, initcap(role) || ' ' || left(who.id::text, 8), case when suspended then now() end
           from who join users on users.id = who.id`,
        [JSON.stringify(people)],
      )
    },
  }
}

export type EmptyClinic = Awaited<ReturnType<typeof emptyClinic>>
