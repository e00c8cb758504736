/** The audit log's chain finds out whoever changes it past its triggers; and when the clinic opens. As the owner. */
import { person, room } from '../world/ids.ts'
import type { Case } from './function-types.ts'
import { quietly } from './givens.ts'

const problems = (chain?: string, known?: string) =>
  `select coalesce(string_agg(p.chain || ' ' || p.n || ' ' || p.problem, ', ' order by p.chain, p.n, p.problem), '') as answer
   from private.verify_audit_log(${chain ? `'${chain}'` : 'null'}${known ? `, '${known}'` : ''}) p`
const found = (why: string, answer: string, given?: string, chain?: string, known?: string): Case => ({
  ...{ why, who: 'owner', sql: problems(chain, known), answer: { '': answer } },
  ...(given && { given }),
})

const log = (change: string) => quietly(`update public.audit_log set ${change}`)
const heads = (change: string) => quietly(`update private.audit_heads set ${change}`)
const ofA = `chain = '${room.a}'`
const without = (where: string) => quietly(`delete from public.audit_log where ${where}`)
/** By somebody who knows how the hash is made: the second entry as though it were the third. */
const rewritten = quietly(`
  update public.audit_log a set n = 3, hash = sha256(
      (select b.hash from public.audit_log b where b.${ofA} and b.n = 1)
      || private.audit_bytes(a.chain, 3, a.at, a.actor_id, a.action, a.subject_id, a.details))
    where a.${ofA} and a.n = 2;
  update private.audit_heads h set n = 3, hash = (select a.hash from public.audit_log a where a.${ofA} and a.n = 3)
    where h.${ofA}`)
const known = (n: number, hash = '00') => JSON.stringify([{ chain: room.a, n, hash }])

export const AUDIT_CHAIN: Case[] = [
  found('as it was written', ''),
  found('an entry was altered', 'a 1 altered', log(`action = 'forged' where ${ofA} and n = 1`)),
  found(
    'its time was altered',
    'a 1 altered',
    log(`at = at + interval '1 microsecond' where ${ofA} and n = 1`),
  ),
  found(
    'its author was altered',
    'a 2 altered',
    log(`actor_id = '${person.patient}' where ${ofA} and n = 2`),
  ),
  found('its details were altered', 'a 2 altered', log(`details = '{}' where ${ofA} and n = 2`)),
  found('its subject was altered', 'a 2 altered', log(`subject_id = null where ${ofA} and n = 2`)),
  found('the first was removed', 'a 2 missing_before', without(`${ofA} and n = 1`)),
  found('the last was removed', 'a 1 wrong_end', without(`${ofA} and n = 2`)),
  found('one was removed, and what follows written anew', 'a 3 missing_before', rewritten),
  found('all were removed', 'a 0 chain_missing', without(ofA)),
  found('the head was moved', 'a 2 wrong_end', heads(`n = 1 where ${ofA}`)),
  found(
    'the head was removed',
    'a 0 no_chain, a 2 no_head',
    quietly(`delete from private.audit_heads where ${ofA}`),
  ),
  found('another chain', '', log(`action = 'forged' where ${ofA}`), room.b),
  found('another chain', '', without(`${ofA} and n = 2`), room.b),
  found('another chain', '', quietly(`delete from private.audit_heads where ${ofA}`), room.b),
  found('another chain', '', undefined, room.b, known(2)),
  found('that chain', 'a 1 altered', log(`action = 'forged' where ${ofA} and n = 1`), room.a),
  found('that chain', 'a 1 wrong_end', without(`${ofA} and n = 2`), room.a),
  found(
    'that chain',
    'a 0 no_chain, a 2 no_head',
    quietly(`delete from private.audit_heads where ${ofA}`),
    room.a,
  ),
  found('that chain was another one', 'a 2 rewritten', undefined, room.a, known(2)),
  found('a chain was another one', 'a 2 rewritten', undefined, undefined, known(2)),
  {
    why: 'a chain is the known one',
    who: 'owner',
    sql: `select count(*)::int as answer from private.audit_heads h cross join lateral private.verify_audit_log(null,
      jsonb_build_array(jsonb_build_object('chain', h.chain, 'n', h.n, 'hash', encode(h.hash, 'hex')))) p`,
    answer: { '': 0 },
  },
  {
    why: 'a chain is known by its number as well',
    who: 'owner',
    sql: `select string_agg(p.problem, ' ') as answer from private.audit_heads h cross join lateral private.verify_audit_log(null,
      jsonb_build_array(jsonb_build_object('chain', h.chain, 'n', h.n + 5, 'hash', encode(h.hash, 'hex')))) p where h.${ofA}`,
    answer: { '': 'rewritten' },
  },
  {
    why: 'a chain is known by its name as well',
    who: 'owner',
    sql: `select string_agg(p.problem, ' ') as answer from private.audit_heads h cross join lateral private.verify_audit_log(null,
      jsonb_build_array(jsonb_build_object('chain', '${room.bOld}', 'n', h.n, 'hash', encode(h.hash, 'hex')))) p where h.${ofA}`,
    answer: { '': 'rewritten' },
  },
]

/** Monday, 23 November 2026, by the clock of Madrid. */
const opens = (why: string, at: string, answer: string | null, hours: string): Case => ({
  ...{ why, who: 'owner', answer: { '': answer } },
  given: `update public.clinic_settings set time_zone = 'Europe/Madrid'; delete from public.business_hours;
    insert into public.business_hours values ${hours}`,
  sql: `select to_char(private.next_opening('${at} Europe/Madrid') at time zone 'Europe/Madrid', 'Dy HH24:MI') as answer`,
})
const WEEK = "(1, '09:00', '12:00'), (1, '13:00', '17:00'), (3, '10:00', '12:00')"

export const OPENING: Case[] = [
  opens('it is open', '2026-11-23 09:00', null, WEEK),
  opens('before', '2026-11-23 08:59', 'Mon 09:00', WEEK),
  opens('between', '2026-11-23 12:00', 'Mon 13:00', WEEK),
  opens('afterwards', '2026-11-23 17:00', 'Wed 10:00', WEEK),
  opens('on another day', '2026-11-24 11:00', 'Wed 10:00', WEEK),
  opens('in a week', '2026-11-25 12:00', 'Mon 09:00', WEEK),
]
