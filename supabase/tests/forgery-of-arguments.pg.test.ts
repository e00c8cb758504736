/** Whatever a function is told, what it leaves behind is the caller's truth. Every changed row is looked at. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { invocation } from './empty-clinic.ts'
import { callables, type Forged, forgedCalls, rightCalls } from './forgery/calls.ts'
import { digests, scene } from './forgery/scene.ts'
import { type Caller, type Change, judge } from './forgery/truth.ts'
import { tries } from './property.ts'
import { PEOPLE, type Person } from './states/model.ts'

const ATTEMPTS_A_RUN = 250
const set = await scene()
const { ids, connection, mine, theirs, past } = set
const functions = await callables(connection)

/** From now on every change of a row is noted down; and calls are undone, so that each begins where the first one did. */
await connection.owner(`
  create schema noted;
  create table noted.changes ("table" text, op text, old jsonb, new jsonb);
  create function noted.note() returns trigger language plpgsql security definer as $$
  begin
    -- A partition's trigger is its parent's.
    insert into noted.changes values (case when tg_table_schema = 'realtime' then 'realtime.messages'
        when tg_table_schema = 'public' then tg_table_name else tg_table_schema || '.' || tg_table_name end, tg_op,
      case when tg_op <> 'INSERT' then to_jsonb(old) end, case when tg_op <> 'DELETE' then to_jsonb(new) end);
    return null;
  end
  $$;
  do $$
  declare
    v_table regclass;
  begin
    for v_table in
      select c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname in ('public', 'private', 'auth', 'storage', 'realtime') and c.relkind in ('r', 'p') and not c.relispartition
        and c.relname not in ('rate_buckets', 'audit_heads')
    loop
      execute format('create trigger zz_note after insert or update or delete on %s for each row execute function noted.note()', v_table);
    end loop;
  end
  $$;
  create function pg_temp.try(p_uid uuid, p_sql text[]) returns jsonb language plpgsql as $$
  declare
    v_said jsonb[];
    v_changes jsonb;
  begin
    for i in 1 .. cardinality(p_sql) loop
      begin
        perform set_config('request.jwt.claims', jsonb_build_object('sub', p_uid, 'role', 'authenticated')::text, true),
          set_config('role', 'authenticated', true);
        execute p_sql[i];
        perform set_config('role', 'none', true);
        select coalesce(jsonb_agg(to_jsonb(c)), '[]') into v_changes from noted.changes c where c.old is distinct from c.new;
        raise exception using errcode = 'UNDO1';
      exception
        when sqlstate 'UNDO1' then v_said[i] := jsonb_build_object('changes', v_changes);
        when others then v_said[i] := jsonb_build_object('refused', sqlerrm, 'code', sqlstate);
      end;
    end loop;
    return to_jsonb(v_said);
  end
  $$`)

interface Said {
  changes?: Change[]
  refused?: string
  code?: string
}
async function tryAll(by: Person, calls: string[]): Promise<Said[]> {
  const sql = calls.map(call => `select ${call}`)
  const [row] = await connection.owner<{ said: Said[] }>('select pg_temp.try($1, $2) as said', [ids[by], sql])
  return row?.said ?? []
}

const parties = {
  patient: ids.patient,
  doctor: ids.doctor,
  other_patient: ids.other_patient,
  other_doctor: ids.other_doctor,
}
const rooms = await connection.owner<{ id: string; lastSeq: number }>(
  `select id, last_seq::int as "lastSeq" from public.chat_rooms`,
)
const roomOf = (id: unknown) => rooms.find(room => room.id === id)
const callers = Object.fromEntries(
  PEOPLE.map((person): [Person, Caller] => {
    const [visit, part] =
      parties.other_patient === ids[person] || parties.other_doctor === ids[person]
        ? [theirs, person.slice('other_'.length)]
        : [mine, person]
    const isIn = person !== 'admin'
    const role =
      person === 'admin'
        ? 'admin'
        : ['patient', 'proxy', 'other_patient'].includes(person)
          ? 'patient'
          : 'doctor'
    return [
      person,
      {
        id: ids[person],
        role,
        parts: {
          ...(isIn ? { [visit.room]: part } : {}),
          ...(person === 'patient' || person === 'doctor' ? { [past.room]: part } : {}),
        },
        appointments: {
          ...(isIn && part !== 'care_team' ? { [visit.appointment]: part as 'patient' } : {}),
          ...(person === 'patient' || person === 'doctor' ? { [past.appointment]: person } : {}),
        },
      },
    ]
  }),
) as Record<Person, Caller>

/** What is wrong with what a call left behind. */
const wrongIn = (by: Person, said: Said) =>
  (said.changes ?? []).flatMap(change => {
    const wrong = judge(change, callers[by], roomOf)
    return wrong ? [`${change.table} ${change.op}: ${wrong}`] : []
  })

it('A25 every function has somebody for whom it does what it is for, and leaves nothing that is not true', async () => {
  const right = rightCalls(set)
  expect(Object.keys(right).sort()).toEqual(functions.map(each => each.name))
  for (const [name, [by, args]] of Object.entries(right)) {
    const [said] = await tryAll(by, [invocation(name, args)])
    expect(said, name).toHaveProperty('changes')
    expect(wrongIn(by, said as Said), name).toEqual([])
  }
})

it('A25 whatever arguments are forged, sender, room, seq, time and role are the caller’s', async () => {
  const before = await digests(connection)
  const count = { attempts: 0, answered: 0, changed: 0 }
  await fc.assert(
    fc.asyncProperty(
      fc.array(forgedCalls(set, functions), { minLength: 1, maxLength: ATTEMPTS_A_RUN, size: 'max' }),
      async (forged: Forged[]) => {
        for (const person of PEOPLE) {
          const calls = forged.filter(({ by }) => by === person).map(({ call }) => call)
          if (!calls.length) continue
          for (const [i, said] of (await tryAll(person, calls)).entries()) {
            expect(wrongIn(person, said), `${person}: ${calls[i]}`).toEqual([])
            if (said.code) expect(said.code, `${person}: ${calls[i]}`).toMatch(/^(PT4\d\d|22\w{3})$/)
            count.attempts++
            count.answered += Number(!said.refused)
            count.changed += Number((said.changes?.length ?? 0) > 0)
          }
        }
      },
    ),
    tries('A25', 100),
  )
  process.stdout.write(`A25: ${JSON.stringify(count)}\n`)
  expect(count.changed).toBeGreaterThan(count.attempts / 100)
  expect(await digests(connection)).toEqual(before)
}, 120_000)
