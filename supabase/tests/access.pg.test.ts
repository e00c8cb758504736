import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Clinic, clinic, type PersonName, people, ROSAS_VISIT } from './clinic.ts'

let bedside: Clinic
let room: string

beforeAll(async () => {
  bedside = await clinic()
  room = await bedside.roomOf(ROSAS_VISIT)
})
afterAll(() => bedside.close())

const TABLES = ['profiles', 'appointments', 'chat_rooms', 'chat_participants', 'chat_messages'] as const
const INSIDE: PersonName[] = ['rosa', 'ines']
const OUTSIDE: PersonName[] = ['henry', 'amira', 'jun', 'samuel', 'marta']

/** How many rows of Rosa's room this person sees, table by table. */
async function visible(person: PersonName) {
  const counts = await bedside.as(
    person,
    `select (select count(*)::int from public.chat_rooms where id = $1) as rooms,
            (select count(*)::int from public.chat_participants where room_id = $1) as participants,
            (select count(*)::int from public.chat_messages where room_id = $1) as messages`,
    [room],
  )
  return counts[0]
}

describe('A1 only participants see a room, its participants and its messages', () => {
  it.each(INSIDE)('A1 %s takes part and sees it', async person => {
    expect(await visible(person)).toEqual({ rooms: 1, participants: 2, messages: 5 })
  })
  it.each(OUTSIDE)('A1 %s does not and sees nothing', async person => {
    expect(await visible(person)).toEqual({ rooms: 0, participants: 0, messages: 0 })
  })
})

describe('A2 nobody writes to the tables, participant or not', () => {
  const attempts = (): [string, string, unknown[]][] => [
    [
      'insert a message',
      "insert into public.chat_messages (id, room_id, seq, sender_id, kind, body) values (gen_random_uuid(), $1, 99, $2, 'text', 'forged')",
      [room, people.ines],
    ],
    ['change a message', "update public.chat_messages set body = 'changed' where room_id = $1", [room]],
    ['delete a message', 'delete from public.chat_messages where room_id = $1', [room]],
    ["raise a room's seq", 'update public.chat_rooms set last_seq = 1000 where id = $1', [room]],
    [
      'open a room',
      "insert into public.chat_rooms (appointment_id, status) values ($1, 'open')",
      [ROSAS_VISIT],
    ],
    [
      'join a room',
      "insert into public.chat_participants (room_id, user_id, role) values ($1, $2, 'doctor')",
      [room, people.rosa],
    ],
    ['move a cursor', 'update public.chat_participants set read_seq = 0 where room_id = $1', [room]],
    [
      'confirm an appointment',
      "update public.appointments set status = 'confirmed' where id = $1",
      [ROSAS_VISIT],
    ],
    ['become a doctor', "update public.profiles set role = 'doctor' where id = $1", [people.rosa]],
    ['lift a suspension', 'update public.profiles set suspended_at = null where id = $1', [people.rosa]],
  ]
  it.each(['rosa', 'henry', 'marta', null] as const)('A2 refused for %s', async person => {
    for (const [what, text, values] of attempts()) {
      const refused = await bedside.refusal(bedside.as(person, text, values))
      expect(refused.code, what).toBe('42501')
    }
  })
})

it("A3 a person changes their own language and time zone, and nobody else's", async () => {
  const mine = await bedside.as(
    'rosa',
    `update public.profiles set locale = 'fr', time_zone = 'Europe/Paris' where id = $1 returning id`,
    [people.rosa],
  )
  expect(mine).toEqual([{ id: people.rosa }])
  const others = await bedside.as(
    'rosa',
    `update public.profiles set locale = 'fr' where id = $1 returning id`,
    [people.ines],
  )
  expect(others).toEqual([])
  const refused = await bedside.refusal(
    bedside.as('rosa', `update public.profiles set time_zone = 'Mars/Olympus' where id = $1`, [people.rosa]),
  )
  expect(refused).toMatchObject({ code: 'PT400', message: 'argument_invalid', detail: 'time_zone' })
})

it("A4 people see the names of those they share an appointment with, and no one else's", async () => {
  const names = async (person: PersonName) =>
    (await bedside.as(person, 'select id from public.profiles order by id')).map(row => row.id)
  expect(await names('jun')).toEqual([people.jun, people.ines, people.samuel].sort())
  expect(await names('rosa')).not.toContain(people.henry)
  expect(await names('marta')).toEqual(Object.values(people).sort())
})

describe('A5 a suspended person is refused everywhere with the next statement', () => {
  beforeAll(() =>
    bedside.owner('update public.profiles set suspended_at = now() where id = $1', [people.samuel]),
  )
  afterAll(() =>
    bedside.owner('update public.profiles set suspended_at = null where id = $1', [people.samuel]),
  )

  it('A5 by table', async () => {
    for (const table of TABLES) {
      expect(await bedside.as('samuel', `select 1 from public.${table}`), table).toEqual([])
      expect((await bedside.as('ines', `select 1 from public.${table}`)).length, table).toBeGreaterThan(0)
    }
  })
  it('A5 by function', async () => {
    expect(await bedside.refusal(bedside.call('samuel', 'list_rooms()'))).toMatchObject({
      code: 'PT403',
      message: 'account_suspended',
    })
    expect(await bedside.call('ines', 'list_rooms()')).toHaveProperty('rooms')
  })
})

it('A4 and of them only name, role and specialty', async () => {
  for (const column of ['suspended_at', 'locale', 'time_zone', 'created_at']) {
    const refused = await bedside.refusal(bedside.as('rosa', `select ${column} from public.profiles`))
    expect(refused.code, column).toBe('42501')
  }
  expect(await bedside.call('rosa', 'get_profile()')).toMatchObject({
    id: people.rosa,
    time_zone: 'Europe/Paris',
  })
})

it('A6 somebody who is not signed in reaches no table and no function', async () => {
  for (const table of TABLES) {
    expect((await bedside.refusal(bedside.as(null, `select 1 from public.${table}`))).code, table).toBe(
      '42501',
    )
  }
  expect((await bedside.refusal(bedside.call(null, 'get_profile()'))).code).toBe('42501')
})

describe('A7 topics', () => {
  const mayJoin = async (person: PersonName, topic: string) => {
    const rows = await bedside.as(
      person,
      `with t as materialized (select set_config('realtime.topic', $1, true)) select private.may_join($1) as ok from t`,
      [topic],
    )
    return rows[0]?.ok
  }
  it("A7 participants join the room's topics of the present epoch only", async () => {
    expect(await mayJoin('rosa', `room:${room}:1`)).toBe(true)
    expect(await mayJoin('ines', `live:${room}:1`)).toBe(true)
    expect(await mayJoin('rosa', `room:${room}:2`)).toBe(false)
    for (const person of OUTSIDE) expect(await mayJoin(person, `room:${room}:1`), person).toBe(false)
  })
  it("A7 a user topic is its user's", async () => {
    expect(await mayJoin('rosa', `user:${people.rosa}`)).toBe(true)
    expect(await mayJoin('rosa', `user:${people.ines}`)).toBe(false)
  })
  it.each([
    '',
    'room:',
    'room:x:1',
    `room:${ROSAS_VISIT}`,
    'admin',
    'user:',
    'room:00000000-0000-0000-0000-000000000000:99999999999',
    '💊',
  ])('A7 "%s" is nobody\'s', async topic => {
    expect(await mayJoin('rosa', topic)).toBe(false)
  })

  const publish = (person: PersonName, topic: string) =>
    bedside.as(
      person,
      `with t as materialized (select set_config('realtime.topic', $1, true))
       insert into realtime.messages (topic, extension, event, payload) select $1, 'broadcast', 'message', '{}' from t`,
      [topic],
    )
  it('A8 a participant sends to the live topic, and to no room or user topic', async () => {
    await publish('rosa', `live:${room}:1`)
    for (const topic of [`room:${room}:1`, `user:${people.rosa}`, `user:${people.ines}`]) {
      expect((await bedside.refusal(publish('rosa', topic))).code, topic).toBe('42501')
    }
    expect((await bedside.refusal(publish('henry', `live:${room}:1`))).code).toBe('42501')
  })
})

describe('A9 the schema opens nothing by accident', () => {
  it('A9 every table of ours has row level security', async () => {
    const open = await bedside.owner(
      `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and not relrowsecurity`,
    )
    expect(open).toEqual([])
  })
  it('A9 anon executes nothing and holds no right on any table', async () => {
    const functions = await bedside.owner(
      `select p.oid::regprocedure::text as name from pg_proc p
       where p.pronamespace in ('public'::regnamespace, 'private'::regnamespace)
         and has_function_privilege('anon', p.oid, 'execute')`,
    )
    expect(functions).toEqual([])
    const tables = await bedside.owner(
      `select c.relname from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
         and has_any_column_privilege('anon', c.oid, 'select, insert, update')`,
    )
    expect(tables).toEqual([])
  })
  it('A9 every definer function has an empty search_path', async () => {
    const loose = await bedside.owner(
      `select p.oid::regprocedure::text as name from pg_proc p
       where p.pronamespace in ('public'::regnamespace, 'private'::regnamespace) and p.prosecdef
         and not coalesce(p.proconfig, '{}') @> array['search_path=""']`,
    )
    expect(loose).toEqual([])
  })
  it('A9 every foreign key has an index that starts with its columns', async () => {
    const missing = await bedside.owner(
      `select con.conrelid::regclass::text as table, con.conname from pg_constraint con
       where con.contype = 'f' and con.connamespace = 'public'::regnamespace and not exists (
         select 1 from pg_index i where i.indrelid = con.conrelid
           and (i.indkey::int2[])[0:cardinality(con.conkey) - 1] @> con.conkey
           and con.conkey @> (i.indkey::int2[])[0:cardinality(con.conkey) - 1])`,
    )
    expect(missing).toEqual([])
  })
  it('A9 the migrations put nothing but policies into auth, storage and realtime', async () => {
    const made = await bedside.owner(
      `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where n.nspname in ('auth', 'storage', 'realtime') and pg_get_userbyid(c.relowner) = 'postgres'
       union all
       select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
         where n.nspname in ('auth', 'storage', 'realtime') and pg_get_userbyid(p.proowner) = 'postgres'
       union all
       select tgname from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_proc p on p.oid = t.tgfoid
         where c.relnamespace in ('auth'::regnamespace, 'storage'::regnamespace, 'realtime'::regnamespace)
           and p.pronamespace in ('public'::regnamespace, 'private'::regnamespace)`,
    )
    expect(made).toEqual([])
  })
})
