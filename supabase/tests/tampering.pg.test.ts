/**
 * Whoever has got past every guard (a superuser, somebody with the disk) and changes the log is found out, whatever they
 * changed. Each tampering is tried on a log that real calls wrote, looked at by the verification, and undone.
 */
import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { clinic, type PersonName, people, ROSAS_VISIT } from './clinic.ts'
import { tries } from './property.ts'

const bedside = await clinic()
const intruder = new pg.Client({ connectionString: bedside.database.superuserUrl })
await intruder.connect()
afterAll(async () => {
  await intruder.end()
  await bedside.close()
})

/**
 * Does the statements, answers what the verification finds then, and undoes them. Null: they cannot be done (two entries
 * of one place, say).
 */
const TRY = `
  create function pg_temp.state() returns numeric language sql as $$
    select (select sum(hashtextextended(a::text, 1)) from public.audit_log a)
      + (select sum(hashtextextended(h::text, 2)) from private.audit_heads h)
  $$;
  create function pg_temp.tamper(p_statements text[], p_known jsonb, p_before numeric) returns jsonb language plpgsql as $$
  declare
    v_statement text;
    v_found jsonb;
    v_is_changed boolean;
  begin
    begin
      begin
        foreach v_statement in array p_statements loop
          execute v_statement;
        end loop;
      exception when integrity_constraint_violation or data_exception then
        raise sqlstate 'UNDO0';
      end;
      select coalesce(jsonb_agg(v.problem order by v.problem), '[]') into v_found from private.verify_audit_log(null, p_known) v;
      v_is_changed := pg_temp.state() is distinct from p_before;
      raise sqlstate 'UNDO1';
    exception
      when sqlstate 'UNDO0' then return null;
      when sqlstate 'UNDO1' then return jsonb_build_object('is_changed', v_is_changed, 'found', v_found);
    end;
  end
  $$;
  -- The rest of the chain from this place on as it would be if it had been written so.
  create function pg_temp.rehash(p_chain uuid, p_from bigint, p_with_head boolean) returns void language plpgsql as $$
  declare
    v_entry record;
    v_n bigint := p_from - 1;
    v_hash bytea := coalesce((select a.hash from public.audit_log a where a.chain = p_chain and a.n = p_from - 1), '');
  begin
    for v_entry in select * from public.audit_log a where a.chain = p_chain and a.n >= p_from order by a.n loop
      v_n := v_n + 1;
      v_hash := sha256(v_hash || private.audit_bytes(p_chain, v_n, v_entry.at, v_entry.actor_id, v_entry.action,
        v_entry.subject_id, v_entry.details));
      update public.audit_log a set n = v_n, hash = v_hash where a.chain = p_chain and a.n = v_entry.n;
    end loop;
    if p_with_head then
      update private.audit_heads h set n = v_n, hash = v_hash where h.chain = p_chain;
    end if;
  end
  $$;`

interface Entry {
  chain: string
  n: number
}

let log: Entry[] = []
let chains: string[] = []
let untouchedState = ''

beforeAll(async () => {
  await bookAndTalk()
  await intruder.query(TRY)
  // Past the triggers that let nobody change an entry.
  await intruder.query('set session_replication_role = replica')
  log = (await intruder.query<Entry>('select chain, n::int from public.audit_log order by chain, n')).rows
  chains = [...new Set(log.map(entry => entry.chain))]
  untouchedState =
    (await intruder.query<{ state: string }>('select pg_temp.state() as state')).rows[0]?.state ?? ''
})

/** A few hundred entries, as people and the clinic leave them. */
async function bookAndTalk(): Promise<void> {
  const reason = 'The patient asked us to look.'
  const rooms = await bedside.owner(
    `select r.id, r.appointment_id as visit, p.user_id as patient from public.chat_rooms r
     join public.chat_participants p on p.room_id = r.id and p.role = 'patient' where r.status = 'open'`,
  )
  for (const { id, visit, patient } of rooms) {
    const who = Object.entries(people).find(([, person]) => person === patient)?.[0] as PersonName
    await bedside.call(who, 'open_room($1)', [visit])
    await bedside.call(who, "accept_consent(version => 1, locale => 'en')")
    await bedside.call('marta', 'start_access(room_id => $1, reason => $2)', [id, reason])
    for (let i = 0; i < 12; i++) {
      const sent = await bedside.send(who, String(id), `Word ${i}`)
      await bedside.call('marta', 'list_messages(room_id => $1, before_seq => $2)', [id, i + 2])
      await bedside.call(who, 'edit_message(room_id => $1, message_id => $2, body => $3)', [
        id,
        sent.id,
        `W ${i}`,
      ])
    }
    await bedside.call('marta', "search_messages(room_id => $1, query => 'word')", [id])
    await bedside.call('marta', 'lock_room(room_id => $1, reason => $2)', [id, reason])
    await bedside.call('marta', 'unlock_room(room_id => $1, reason => $2)', [id, reason])
  }
  for (const minutes of [5, 10, 20, 30]) {
    await bedside.call('marta', 'update_clinic($1)', [{ edit_window_minutes: minutes }])
    await bedside.call('marta', 'suspend_user(user_id => $1, reason => $2)', [people.jun, reason])
    await bedside.call('marta', 'reinstate_user(user_id => $1, reason => $2)', [people.jun, reason])
  }
  await bedside.call('ines', "set_room_status(room_id => $1, status => 'closed')", [
    await bedside.roomOf(ROSAS_VISIT),
  ])
}

// Ways to tamper ------------------------------------------------------------------------------------------------

const uuid = (id: string) => `${pg.escapeLiteral(id)}::uuid`
const is = (alias: string, { chain, n }: Entry) => `(${alias}.chain = ${uuid(chain)} and ${alias}.n = ${n})`
const lengthOf = (chain: string) => log.filter(entry => entry.chain === chain).length
const anEntry = fc.nat().map(i => log[i % log.length] as Entry)
const aChain = fc.nat().map(i => chains[i % chains.length] as string)
const aNewUuid = fc.uuid().map(uuid)
const someBytes = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map(bytes => `'\\x${Buffer.from(bytes).toString('hex')}'::bytea`)
const flippedBit = fc.nat(255).map(bit => `set_bit(hash, ${bit}, 1 - get_bit(hash, ${bit}))`)
const ofAnother = (column: string) =>
  anEntry.map(entry => `(select b.${column} from public.audit_log b where ${is('b', entry)})`)

/** What may stand in a column instead. */
const NEW_VALUES = {
  at: fc.oneof(
    fc.constantFrom(1, -1, 60_000_000).map(us => `at + ${us} * interval '1 microsecond'`),
    fc.constantFrom(`'infinity'`, `'-infinity'`, `'2000-01-01'`),
    ofAnother('at'),
  ),
  actor_id: fc.oneof(aNewUuid, fc.constant('null'), ofAnother('actor_id')),
  action: fc.oneof(
    fc.stringMatching(/^[a-z_]{3,40}$/).map(word => `'${word}'`),
    ofAnother('action'),
  ),
  subject_id: fc.oneof(aNewUuid, fc.constant('null'), ofAnother('subject_id')),
  details: fc.oneof(
    fc
      .dictionary(
        fc.stringMatching(/^[a-z_|"]{1,8}$/),
        fc.oneof(fc.integer(), fc.boolean(), fc.constant(null)),
      )
      .map(details => `${pg.escapeLiteral(JSON.stringify(details))}::jsonb`),
    fc.constant(`details || '{"minutes": 16}'`),
    ofAnother('details'),
  ),
  n: fc.oneof(
    fc.integer({ min: 1, max: 99 }).map(String),
    fc.constantFrom('n + 1000', '9223372036854775807'),
  ),
  chain: fc.oneof(aChain.map(uuid), aNewUuid),
  hash: fc.oneof(flippedBit, someBytes, ofAnother('hash')),
}
const CONTENT = ['at', 'actor_id', 'action', 'subject_id', 'details'] as const
const prefixed = (columns: readonly string[]) => columns.map(column => `b.${column}`).join(', ')

/** A column of an entry. */
const altering = (columns: readonly (keyof typeof NEW_VALUES)[]) =>
  fc
    .constantFrom(...columns)
    .chain(column => fc.tuple(anEntry, fc.constant(column), NEW_VALUES[column]))
    .map(([entry, column, value]) => ({
      entry,
      sql: [`update public.audit_log a set ${column} = ${value} where ${is('a', entry)}`],
    }))

/** Every entry of the chain from this place on, by so many places. Far away first: two may not be in one place. */
const shift = (chain: string, from: number, by: number) => [
  `update public.audit_log a set n = n + 1000000 where chain = ${uuid(chain)} and n >= ${from}`,
  `update public.audit_log a set n = n - ${1_000_000 - by} where chain = ${uuid(chain)} and n > 1000000`,
]
const copy = (entry: Entry, to: string) =>
  `insert into public.audit_log (chain, n, ${CONTENT.join(', ')}, hash)
   select ${to}, ${prefixed(CONTENT)}, b.hash from public.audit_log b where ${is('b', entry)}`
const rehash = (chain: string, from: number) => `select pg_temp.rehash(${uuid(chain)}, ${from}, false)`

const deleting = fc.oneof(
  fc
    .tuple(anEntry, fc.constantFrom(0, 0, 1, 5, 1000), fc.boolean(), fc.boolean())
    .map(([{ chain, n }, more, isClosed, isRehashed]) => [
      `delete from public.audit_log where chain = ${uuid(chain)} and n between ${n} and ${n + more}`,
      ...(isClosed ? shift(chain, n, -more - 1) : []),
      ...(isRehashed ? [rehash(chain, n)] : []),
    ]),
  fc
    .tuple(aChain, fc.boolean())
    .map(([chain, isFirst]) => [
      `delete from public.audit_log where chain = ${uuid(chain)} and n = ${isFirst ? 1 : lengthOf(chain)}`,
    ]),
  fc
    .tuple(aChain, fc.boolean())
    .map(([chain, withHead]) => [
      `delete from public.audit_log where chain = ${uuid(chain)}`,
      ...(withHead ? [`delete from private.audit_heads where chain = ${uuid(chain)}`] : []),
    ]),
  fc
    .boolean()
    .map(withHeads => [
      'delete from public.audit_log',
      ...(withHeads ? ['delete from private.audit_heads'] : []),
    ]),
)

const swapping = fc.oneof(
  fc
    .tuple(
      anEntry,
      anEntry,
      fc.constantFrom([...CONTENT], [...CONTENT, 'hash'], ['hash'], ['at'], ['details']),
    )
    .map(([one, other, columns]) => [
      `update public.audit_log a set (${columns.join(', ')}) = row(${prefixed(columns)}) from public.audit_log b
       where ${is('a', one)} and ${is('b', other)} or ${is('a', other)} and ${is('b', one)}`,
    ]),
  fc
    .tuple(anEntry, fc.nat())
    .map(([one, i]) => ({ one, n: 1 + (i % lengthOf(one.chain)) }))
    .map(({ one: { chain, n: first }, n: second }) => [
      `update public.audit_log set n = 1000000 where chain = ${uuid(chain)} and n = ${first}`,
      `update public.audit_log set n = ${first} where chain = ${uuid(chain)} and n = ${second}`,
      `update public.audit_log set n = ${second} where chain = ${uuid(chain)} and n = 1000000`,
    ]),
)

const inserting = fc.oneof(
  fc
    .tuple(anEntry, anEntry, fc.boolean())
    .map(([entry, { chain, n }, isRehashed]) => [
      ...shift(chain, n, 1),
      copy(entry, `${uuid(chain)}, ${n}`),
      ...(isRehashed ? [rehash(chain, n)] : []),
    ]),
  fc
    .tuple(anEntry, aChain, fc.boolean())
    .map(([entry, chain, isRehashed]) => [
      copy(entry, `${uuid(chain)}, ${lengthOf(chain) + 1}`),
      ...(isRehashed ? [rehash(chain, lengthOf(chain) + 1)] : []),
    ]),
  fc.tuple(anEntry, aNewUuid).map(([entry, chain]) => [copy(entry, `${chain}, 1`)]),
)

const moving = fc.oneof(
  fc
    .tuple(anEntry, aChain, fc.boolean())
    .map(([entry, chain, isRehashed]) => [
      `update public.audit_log a set chain = ${uuid(chain)}, n = ${lengthOf(chain) + 1} where ${is('a', entry)}`,
      ...(isRehashed ? [rehash(chain, lengthOf(chain) + 1)] : []),
    ]),
  fc
    .tuple(aChain, aNewUuid, fc.boolean())
    .map(([chain, to, withHead]) => [
      `update public.audit_log set chain = ${to} where chain = ${uuid(chain)}`,
      ...(withHead ? [`update private.audit_heads set chain = ${to} where chain = ${uuid(chain)}`] : []),
    ]),
)

const heading = fc.oneof(
  fc
    .tuple(
      aChain,
      fc.oneof(
        fc.constantFrom('n = n + 1', 'n = n - 1', 'n = 0', `n = 0, hash = ''`),
        fc.oneof(flippedBit, someBytes, ofAnother('hash')).map(hash => `hash = ${hash}`),
        fc.oneof(aNewUuid, aChain.map(uuid)).map(chain => `chain = ${chain}`),
        anEntry.map(
          entry => `(n, hash) = (select b.n, b.hash from public.audit_log b where ${is('b', entry)})`,
        ),
      ),
    )
    .map(([chain, change]) => [`update private.audit_heads set ${change} where chain = ${uuid(chain)}`]),
  aChain.map(chain => [`delete from private.audit_heads where chain = ${uuid(chain)}`]),
  fc
    .tuple(aNewUuid, someBytes, fc.nat(3))
    .map(([chain, hash, n]) => [`insert into private.audit_heads values (${chain}, ${n}, ${hash})`]),
  fc.tuple(aChain, aChain).map(([one, other]) => [
    `update private.audit_heads a set (n, hash) = row(b.n, b.hash) from private.audit_heads b
       where a.chain = ${uuid(one)} and b.chain = ${uuid(other)} or a.chain = ${uuid(other)} and b.chain = ${uuid(one)}`,
  ]),
)

/** A column changed, and everything after it made to fit; but for the head. */
const rewriting = altering(CONTENT).map(({ entry, sql }) => [...sql, rehash(entry.chain, entry.n)])

const WAYS = {
  altering: altering(Object.keys(NEW_VALUES) as (keyof typeof NEW_VALUES)[]).map(({ sql }) => sql),
  deleting,
  swapping,
  inserting,
  moving,
  heading,
  rewriting,
}
type Way = keyof typeof WAYS
const aTampering = fc
  .constantFrom(...(Object.keys(WAYS) as Way[]), 'altering' as const, 'altering' as const)
  .chain(way => WAYS[way].map(sql => ({ way, sql })))

// ---------------------------------------------------------------------------------------------------------------

interface Outcome {
  is_changed: boolean
  found: string[]
}
async function tamper(sql: readonly string[], known: unknown = []): Promise<Outcome | null> {
  const { rows } = await intruder.query<{ outcome: Outcome | null }>({
    name: 'tamper',
    text: 'select pg_temp.tamper($1, $2, $3) as outcome',
    values: [sql, JSON.stringify(known), untouchedState],
  })
  return rows[0]?.outcome ?? null
}
const untouched = { is_changed: false, found: [] }

it('A17 a log that nobody touched holds', async () => {
  expect(await tamper([])).toEqual(untouched)
  expect(log.length).toBeGreaterThan(150)
  expect(chains.length).toBeGreaterThan(5)
})

it('A17 every tampering is found', async () => {
  const count: Record<string, number> = {}
  await fc.assert(
    fc.asyncProperty(fc.array(aTampering, { minLength: 1, maxLength: 2 }), async ways => {
      const outcome = await tamper(ways.flatMap(({ sql }) => sql))
      // What cannot be done, and what comes to the same log again, is no tampering.
      fc.pre(outcome !== null)
      if (!outcome.is_changed) expect(outcome.found).toEqual([])
      fc.pre(outcome.is_changed)
      expect(outcome.found).not.toEqual([])
      for (const word of [...ways.map(({ way }) => way), ...new Set(outcome.found)]) {
        count[word] = (count[word] ?? 0) + 1
      }
    }),
    tries('A17', 2000),
  )
  process.stdout.write(`A17: ${JSON.stringify(count)}\n`)
  for (const way of Object.keys(WAYS)) expect(count[way], way).toBeGreaterThan(0)
  expect(await tamper([])).toEqual(untouched)
}, 600_000)

it('A17 a chain that was rewritten together with its head is found by a head that was kept elsewhere', async () => {
  const known = await bedside.call<unknown[]>('marta', 'list_audit_heads()')
  expect(known).toHaveLength(chains.length)
  expect(await tamper([], known)).toEqual(untouched)
  const aRewriting = fc.oneof(
    altering(CONTENT),
    anEntry.map(entry => ({ entry, sql: [`delete from public.audit_log a where ${is('a', entry)}`] })),
    anEntry.map(entry => ({
      entry,
      sql: [...shift(entry.chain, entry.n, 1), copy(entry, `${uuid(entry.chain)}, ${entry.n}`)],
    })),
    anEntry.map(entry => ({
      entry,
      sql: [`delete from public.audit_log where chain = ${uuid(entry.chain)} and n > ${entry.n}`],
    })),
  )
  await fc.assert(
    fc.asyncProperty(aRewriting, async ({ entry, sql }) => {
      fc.pre(lengthOf(entry.chain) > 1)
      const rewritten = [...sql, `select pg_temp.rehash(${uuid(entry.chain)}, 1, true)`]
      const alone = await tamper(rewritten)
      fc.pre(alone?.is_changed ?? false)
      // It holds in itself: that is why heads are kept elsewhere.
      expect(alone?.found).toEqual([])
      expect((await tamper(rewritten, known))?.found).toEqual(['rewritten'])
    }),
    tries('A17 with heads', 200),
  )
}, 600_000)
