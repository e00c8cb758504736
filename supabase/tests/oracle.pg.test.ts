/** Any clinic, and what each of its people sees in it: no row more, no row less than the rules of oracle/oracle.ts say. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { emptyClinic } from './empty-clinic.ts'
import { type ClinicGraph, clinicGraph, type Person } from './oracle/clinic-graph.ts'
import { load } from './oracle/load.ts'
import { allPaths, allTopics, NOBODY, rightsOf } from './oracle/oracle.ts'
import { tries } from './property.ts'

const clinic = await emptyClinic()
const connection = await clinic.connect()

/** What a row is known by. */
const KEYS: Record<string, string> = {
  'public.profiles': 'id::text',
  'public.out_of_office': 'user_id::text',
  'public.appointments': 'id::text',
  'public.chat_rooms': 'id::text',
  'public.chat_participants': `room_id || ' ' || user_id`,
  'public.chat_messages': 'id::text',
  'public.chat_message_versions': `message_id || ' ' || version`,
  'public.chat_attachments': 'id::text',
  'storage.objects': 'name',
  'public.chat_personal_state': `room_id || ' ' || user_id`,
  'public.access_grants': 'id::text',
  'public.audit_log': `chain || ' ' || n`,
  'public.room_erasures': 'room_id::text',
  'public.legal_holds': 'room_id::text',
  'public.admin_actions': 'id::text',
  'public.notifications': 'id::text',
  'public.notification_preferences': 'user_id::text',
  'public.push_subscriptions': 'user_id::text',
  'public.quick_replies': 'id::text',
  'public.clinic_settings': 'id::text',
  'public.business_hours': 'weekday::text',
  'public.consent_texts': 'version::text',
  'public.consents': `user_id || ' ' || version`,
  'public.client_samples': 'user_id::text',
  'public.client_errors': 'user_id::text',
  'public.health_checks': 'name',
  'public.alert_rules': 'metric',
  'public.alerts': 'value::text',
}
const LOOK = `select jsonb_object_agg(t, keys)::text from (${Object.entries(KEYS)
  .map(([table, key]) => `select '${table}' as t, coalesce(jsonb_agg(${key}), '[]') as keys from ${table}`)
  .join(' union all ')}) seen`

/** Topics, files and questions, one after the other as this person; nothing of it stays. Answers the ones that worked. */
await connection.owner(`
  create function pg_temp.each(p_uid uuid, p_sql text[], p_topics text[] default null) returns jsonb language plpgsql as $$
  declare
    v_answers jsonb[];
    v_answer text;
  begin
    perform set_config('request.jwt.claims', jsonb_build_object('sub', p_uid, 'role', 'authenticated')::text, true),
      set_config('role', 'authenticated', true);
    for i in 1 .. coalesce(cardinality(p_sql), 0) loop
      begin
        perform set_config('realtime.topic', coalesce(p_topics[i], ''), true);
        if p_sql[i] like 'select%' then
          execute p_sql[i] into v_answer;
        else
          execute p_sql[i];
        end if;
        raise exception using errcode = 'UNDO1';
      exception
        when sqlstate 'UNDO1' then v_answers[i] := jsonb_build_object('answer', v_answer);
        when others then v_answers[i] := jsonb_build_object('refused', sqlerrm, 'code', sqlstate);
      end;
    end loop;
    perform set_config('role', 'none', true), set_config('request.jwt.claims', '', true);
    return to_jsonb(v_answers);
  end
  $$`)

interface Said {
  answer?: string | null
  refused?: string
  code?: string
}
async function each(person: Person, sql: string[], topics: string[] = []): Promise<Said[]> {
  const [row] = await connection.owner<{ said: Said[] | null }>('select pg_temp.each($1, $2, $3) as said', [
    person.id,
    sql,
    topics,
  ])
  return row?.said ?? []
}

const sorted = (list: readonly string[]) => [...list].sort()
const REFUSED = ['not_signed_in', 'account_suspended']

async function lookAsEverybody(graph: ClinicGraph, count: Record<string, number>) {
  const topics = allTopics(graph)
  const paths = allPaths(graph)
  const quoted = (text: string) => `'${text}'`
  await connection.owner(
    `insert into realtime.messages (topic, extension, event, payload, private)
       select topic, 'broadcast', 'message', '{}', true from unnest(array[${topics.map(quoted).join(', ')}]) topic`,
  )
  for (const me of [...graph.people, NOBODY]) {
    const rights = rightsOf(graph, me)
    const who = `${me.id} ${me.role}${me.isSuspended ? ' suspended' : ''}`

    const seen = await connection.attemptSql(me.id, LOOK)
    expect(seen, who).toMatchObject({ isDone: true })
    const rows = (seen as { answer: Record<string, string[]> }).answer
    for (const table of Object.keys(KEYS)) {
      expect(sorted(rows[table] ?? []), `${who} in ${table}`).toEqual(sorted(rights.rows[table] ?? ['?']))
      count.rows = (count.rows ?? 0) + (rows[table]?.length ?? 0)
    }

    const heard = await each(
      me,
      topics.map(topic => `select count(*) from realtime.messages where topic = ${quoted(topic)}`),
      topics,
    )
    const joins = topics.filter((_, i) => heard[i]?.answer === '1')
    expect(sorted(joins), `${who} joins`).toEqual(sorted(rights.joins))
    const sent = await each(
      me,
      topics.map(
        topic =>
          `insert into realtime.messages (topic, extension, event) values (${quoted(topic)}, 'broadcast', 'typing')`,
      ),
      topics,
    )
    expect(sorted(topics.filter((_, i) => sent[i] && !sent[i].refused)), `${who} sends`).toEqual(
      sorted(rights.sends),
    )

    const put = await each(
      me,
      paths.map(
        path => `insert into storage.objects (bucket_id, name) values ('chat-attachments', ${quoted(path)})`,
      ),
    )
    const uploads = paths.filter((_, i) => put[i] && !put[i].refused)
    expect(sorted(uploads), `${who} uploads`).toEqual(sorted(rights.uploads))

    const answers = await each(
      me,
      rights.questions.map(({ call }) => `select ${call}`),
    )
    for (const [i, { call, answer, holds }] of rights.questions.entries()) {
      const said = answers[i]
      const what = `${who} asks ${call}: ${JSON.stringify(said)}`
      if (answer === 'ok') {
        expect(said?.refused, what).toBeUndefined()
        if (holds)
          expect(sorted((JSON.parse(said?.answer ?? '[]') as unknown[]).map(String)), what).toEqual(
            sorted(holds),
          )
      } else if (answer === 'refused') expect(REFUSED, what).toContain(said?.refused)
      else expect(said?.refused, what).toBe(answer)
      const word = answer === 'ok' ? 'answered' : 'refused'
      count[word] = (count[word] ?? 0) + 1
    }
  }
}

it('A22 in any clinic everybody sees exactly the rows, joins exactly the topics and is answered exactly the questions that the rules give them', async () => {
  const count: Record<string, number> = {}
  await fc.assert(
    fc.asyncProperty(clinicGraph, async graph => {
      await connection.owner('begin')
      try {
        await load(connection, graph)
        await lookAsEverybody(graph, count)
      } finally {
        await connection.owner('rollback')
      }
    }),
    tries('A22', 30),
  )
  process.stdout.write(`A22: ${JSON.stringify(count)}\n`)
}, 120_000)

it('A22 no table that somebody may read was left out', async () => {
  const open = await clinic.owner<{ name: string }>(
    `select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'public' and c.relkind in ('r', 'v', 'm', 'p') and has_any_column_privilege('authenticated', c.oid, 'select')`,
  )
  expect(sorted(Object.keys(KEYS).filter(key => key.startsWith('public.')))).toEqual(
    sorted(open.map(row => row.name)),
  )
})
