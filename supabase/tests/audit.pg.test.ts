/** What the audit log holds, who may write it, whom it makes wait. That no tampering stays unnoticed: tampering.pg.test.ts. */
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, describe, expect, it } from 'vitest'
import { type Call, SENT, stepsIn } from './audit/cases.ts'
import { clinic, type PersonName, people, ROSAS_VISIT } from './clinic.ts'

const bedside = await clinic()
const room = await bedside.roomOf(ROSAS_VISIT)
const clients: pg.Client[] = []
async function connect(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: bedside.database.superuserUrl })
  clients.push(client)
  await client.connect()
  return client
}
afterAll(async () => {
  await Promise.all(clients.map(client => client.end()))
  await bedside.close()
})

/** Within the transaction that is open on the client. */
async function run(client: pg.Client, [who, sql]: Call): Promise<void> {
  const become = (role: string, claims: string) =>
    client.query(`select set_config('role', $1, true), set_config('request.jwt.claims', $2, true)`, [
      role,
      claims,
    ])
  if (who === 'clinic') return void (await client.query(sql))
  await become('authenticated', JSON.stringify({ sub: people[who], role: 'authenticated' }))
  await client.query(`select public.${sql}`)
  await become('none', '')
}

interface Entry {
  chain: string
  action: string
  actor_id: string | null
  subject_id: string | null
  details: Record<string, unknown>
}

const stage = await connect()

/** What the last of these calls writes into the log, in a transaction that is then undone. */
async function written(calls: readonly Call[]): Promise<Entry[]> {
  const log = async () =>
    (await stage.query<Entry>('select * from public.audit_log order by at, chain, n')).rows
  const last = calls.at(-1)
  if (!last) throw new Error('A case without a call.')
  const before = await log()
  let entries: Entry[]
  await stage.query('begin')
  try {
    for (const call of calls.slice(0, -1)) await run(stage, call)
    const { length } = await log()
    await run(stage, last)
    entries = (await log()).slice(length)
    expect((await stage.query('select * from private.verify_audit_log()')).rows).toEqual([])
  } finally {
    await stage.query('rollback')
  }
  expect(await log(), 'an entry goes with its transaction').toEqual(before)
  return entries
}

const named = (id: string | null) =>
  Object.entries(people).find(([, person]) => person === id)?.[0] ?? 'nobody'

const { here, reason, look, send, cases } = stepsIn(room)

describe('A15 the log holds each read under a grant, each change of state and of people', () => {
  it.each(cases)('A15 %s', async (_, calls, expected) => {
    const entries = await written(calls)
    expect(entries.map(entry => `${entry.action} by ${named(entry.actor_id)}`)).toEqual(expected)
    expect(JSON.stringify(entries)).not.toMatch(/zebra|stripes/i)
  })

  it('A15 every function that can write has its case', async () => {
    const rows = await bedside.owner(
      `select distinct proname as name from pg_proc where pronamespace = 'public'::regnamespace and provolatile = 'v'`,
    )
    const tried = new Set(cases.map(([, calls]) => calls.at(-1)?.[1].match(/^\w+/)?.[0]))
    expect(rows.map(row => row.name).filter(name => !tried.has(String(name)))).toEqual([])
  })

  it('A15 what was streamed names the message and the grant', async () => {
    const [entry] = await written([look, send])
    expect(entry).toMatchObject({
      chain: room,
      subject_id: SENT,
      details: { grant_id: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    })
  })

  it('A15 opening a room is one entry an hour and person', async () => {
    const open = (who: PersonName): Call => [who, `open_room('${ROSAS_VISIT}')`]
    const later: Call = [
      'clinic',
      `update public.chat_personal_state set opened_at = opened_at - interval '61 minutes'`,
    ]
    expect(await written([open('rosa'), open('rosa')])).toEqual([])
    expect(await written([open('rosa'), open('ines')])).toMatchObject([
      { action: 'room_opened', actor_id: people.ines },
    ])
    expect(await written([open('rosa'), later, open('rosa')])).toMatchObject([
      { action: 'room_opened', actor_id: people.rosa },
    ])
  })

  it.each([
    ['a sentence', '{"note": "two words"}'],
    ['a long word', `{"note": "${'x'.repeat(65)}"}`],
    ['markup', '{"note": "<b>"}'],
    ['a letter beyond ASCII', '{"note": "é"}'],
    ['an empty text', '{"note": ""}'],
    ['a list', '{"note": ["a"]}'],
    ['an object within', '{"note": {"a": "two words"}}'],
    ['no object', '"word"'],
  ])('A15 details refuse %s', async (_, details) => {
    const write = (value: string) =>
      bedside.owner(`select private.audit($1, null, 'room_inspected', null, $2)`, [room, value])
    expect(await bedside.refusal(write(details))).toMatchObject({ code: '23514' })
    expect(
      await written([['clinic', `select private.audit('${room}', null, 'room_inspected')`]]),
    ).toHaveLength(1)
  })
})

describe('A16 nobody writes, changes or empties the log', () => {
  const attempts = [
    [
      'write an entry',
      `insert into public.audit_log (chain, n, at, action, hash) values ($1, 999, now(), 'forged', sha256('x'))`,
    ],
    ['change an entry', `update public.audit_log set actor_id = null where chain = $1`],
    ['delete an entry', `delete from public.audit_log where chain = $1`],
    ['empty the log', 'truncate public.audit_log'],
    ['write a head', `insert into private.audit_heads values (gen_random_uuid(), 1, 'x')`],
    ['change a head', `update private.audit_heads set n = 0 where chain = $1`],
    ['delete a head', `delete from private.audit_heads where chain = $1`],
    ['call the writer', `select private.audit($1, null, 'forged')`],
    [
      'make an entry by its own function',
      `select private.audit_live_reading(r, null) from public.chat_rooms r where id = $1`,
    ],
    ['take the guard away', 'alter table public.audit_log disable trigger all'],
    ['get past the guard', 'set session_replication_role = replica'],
  ] as const
  const as = (role: 'anon' | 'authenticated' | 'service_role', sql: string) =>
    bedside.database.as({ role, sub: people.marta }, sql, sql.includes('$1') ? [room] : [])

  it.each(['anon', 'authenticated', 'service_role'] as const)('A16 as %s', async role => {
    for (const [what, sql] of attempts) {
      expect((await bedside.refusal(as(role, sql))).code, what).toBe('42501')
    }
  })
  it('A16 while an administrator and the secret key read it', async () => {
    for (const role of ['authenticated', 'service_role'] as const) {
      expect(
        (await as(role, 'select 1 from public.audit_log where chain = $1')).rows.length,
        role,
      ).toBeGreaterThan(0)
    }
  })

  it.each([
    ['change', `update public.audit_log set actor_id = null`],
    ['delete', 'delete from public.audit_log'],
    ['empty', 'truncate public.audit_log'],
  ])('A16 not even its owner can %s it, unless the guard is taken away first', async (_, sql) => {
    const [owner] = await bedside.owner(`select tableowner from pg_tables where tablename = 'audit_log'`)
    expect(owner).toEqual({ tableowner: 'postgres' })
    expect(await bedside.refusal(bedside.database.query(sql))).toMatchObject({
      code: '42501',
      message: 'audit_log is append-only',
    })
    const client = await connect()
    await client.query('begin')
    await client.query('set local role postgres')
    await client.query('alter table public.audit_log disable trigger user')
    await client.query(sql)
    await client.query('rollback')
  })
})

describe('A18 writing the log makes nobody wait who need not', () => {
  const blocked = { code: '55P03' }
  /** The call in a transaction of its own, which gives up when it has to wait for a lock; then undone. */
  async function goesThrough(call: Call): Promise<void> {
    const client = await connect()
    await client.query('begin')
    await client.query(`set local lock_timeout = '200ms'`)
    try {
      await run(client, call)
    } finally {
      await client.query('rollback')
    }
  }
  /** Runs `during` while the calls are done and not yet committed. */
  async function holding(calls: readonly Call[], during: () => Promise<void>): Promise<void> {
    const client = await connect()
    await client.query('begin')
    for (const call of calls) await run(client, call)
    try {
      await during()
    } finally {
      await client.query('rollback')
    }
  }
  const sendTo = (who: PersonName, to: string): Call => [
    who,
    `send_message(id => '${randomUUID()}', room_id => '${to}', body => 'hello')`,
  ]

  it('A18 sending goes on, in other rooms and in the same one, while its chain is held', async () => {
    const [elsewhere] = await bedside.owner(
      `select r.id from public.chat_rooms r join public.appointments a on a.id = r.appointment_id
       where r.status = 'open' and a.patient_id = $1 limit 1`,
      [people.henry],
    )
    const inspect: Call = ['marta', `inspect_room('${ROSAS_VISIT}')`]
    await holding([inspect, ['rosa', `open_room('${ROSAS_VISIT}')`]], async () => {
      await goesThrough(sendTo('rosa', room))
      await goesThrough(sendTo('ines', room))
      await goesThrough(sendTo('henry', String(elsewhere?.id)))
      await goesThrough(['ines', `mark_read(${here}, read_seq => 5)`])
      await goesThrough(['ines', `list_messages(${here})`])
      // The chain is held indeed: an entry of the same room waits.
      expect(await bedside.refusal(goesThrough(inspect))).toMatchObject(blocked)
    })
    await goesThrough(inspect)
  })

  it('A18 two administrators who read two rooms under grants do not wait for each other', async () => {
    await bedside.owner(`update public.profiles set role = 'admin' where id = $1`, [people.samuel])
    const [second] = await bedside.owner(
      `select id from public.chat_rooms where id <> $1 and status = 'open' limit 1`,
      [room],
    )
    const there = `room_id => '${second?.id}'`
    await bedside.call('marta', `start_access(${here}, ${reason})`)
    await bedside.call('samuel', `start_access(${here}, ${reason})`)
    await bedside.call('samuel', `start_access(${there}, ${reason})`)
    await holding([['marta', `list_messages(${here})`]], async () => {
      await goesThrough(['samuel', `list_messages(${there})`])
      await goesThrough(['samuel', `search_messages(${there}, query => 'hello')`])
      expect(await bedside.refusal(goesThrough(['samuel', `list_messages(${here})`]))).toMatchObject(blocked)
    })
    await goesThrough(['samuel', `list_messages(${here})`])
  })

  it("A18 the clinic's own chain holds up no room", async () => {
    await holding([['marta', `update_clinic('{"edit_window_minutes": 20}')`]], async () => {
      await goesThrough(sendTo('rosa', room))
      await goesThrough(['ines', `open_room('${ROSAS_VISIT}')`])
      await goesThrough(['ines', `set_room_status(${here}, status => 'read_only')`])
      expect(
        await bedside.refusal(goesThrough(['clinic', `select private.audit(null, null, 'setting_changed')`])),
      ).toMatchObject(blocked)
    })
  })
})
