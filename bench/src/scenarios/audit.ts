/**
 * The audit log at 1,000,000 entries: 2,000 rooms of 450 and one of 100,000. How long the verification of all of it, of
 * a long chain and of an ordinary one takes, beside hashing the same entries without their chains; what an entry costs,
 * beside the same row without a chain; a page of it.
 */
import { connectAs, makeVolume, type Volume } from '../clients/volume.ts'
import { compare, type Goal, keep, print } from '../report.ts'
import type { BedsideFacts } from '../servers/bedside.ts'
import { startChild } from '../servers/child.ts'

const ROOMS = 2001
const DOCTORS = 20
const ENTRIES = 450
const LONG = 100_000
const VERIFICATIONS = 3
const SAMPLES = 1000
const GOAL = { atMost: 30_000 }

export async function audit(): Promise<void> {
  const bedside = await startChild<BedsideFacts>(new URL('../servers/bedside.ts', import.meta.url), {})
  const volume = await makeVolume(bedside.facts.databaseUrl, ROOMS, DOCTORS)
  const asPatient = await connectAs(bedside.facts.superuserUrl, volume.patient)
  try {
    const { client, room, others } = volume
    await client.query('select volume.fill_chains($1, $2)', [others, ENTRIES])
    await client.query('select volume.fill_chains($1, $2)', [[room], LONG])
    await client.query('vacuum analyze public.audit_log, private.audit_heads, public.chat_rooms')
    const verify = async (chain: string | null) => {
      const { rows } = await client.query('select * from private.verify_audit_log($1)', [chain])
      if (rows.length > 0) throw new Error('The log of the bench does not hold.')
    }
    const hash = (where: string, values: string[]) =>
      client.query(
        `select count(sha256(a.hash || private.audit_bytes(a.chain, a.n, a.at, a.actor_id, a.action, a.subject_id, a.details)))
         from public.audit_log a ${where}`,
        values,
      )
    const whole = await inTurns(
      VERIFICATIONS,
      () => verify(null),
      () => hash('', []),
    )
    const long = await inTurns(
      VERIFICATIONS,
      () => verify(room),
      () => hash('where a.chain = $1', [room]),
    )
    const ordinary = await inTurns(
      SAMPLES / 10,
      i => verify(pick(others, i)),
      i => hash('where a.chain = $1', [pick(others, i)]),
    )
    const page = await inTurns(
      SAMPLES,
      () =>
        asPatient.query({
          name: 'page',
          text: 'select public.list_access_log($1, $2)',
          values: [room, LONG / 2],
        }),
      () =>
        client.query({
          name: 'page',
          text: 'select * from public.audit_log where chain = $1 and n < $2 order by n desc limit 50',
          values: [room, LONG / 2],
        }),
    )
    const entry = await entries(volume)
    const slowest = (name: string, sides: Sides, goal: Goal) => compare(name, 'ms', ...sides, goal, [1])
    const figures = [
      ...slowest('audit.verify.whole', whole, GOAL),
      ...slowest('audit.verify.long', long, null),
      ...compare('audit.verify.ordinary', 'ms', ...ordinary, null),
      ...compare('audit.page', 'ms', ...page, null),
      ...compare('audit.entry', 'ms', ...entry, null),
    ]
    const { rows } = await client.query<{ n: number }>('select count(*)::int as n from public.audit_log')
    print(
      `the audit log at ${rows[0]?.n} entries; baselines: hashed without chains, read without policies, written without a chain`,
      figures,
    )
    keep('audit', figures)
  } finally {
    await asPatient.end()
    await volume.close()
    await bedside.stop()
  }
}

type Sides = [ours: number[], baseline: number[]]
const pick = (rooms: string[], i: number) => rooms[(i * 7919) % rooms.length] ?? ''

/** Milliseconds of each, one after the other, so many times. */
async function inTurns(
  times: number,
  ours: (i: number) => Promise<unknown>,
  baseline: (i: number) => Promise<unknown>,
): Promise<Sides> {
  const sides: Sides = [[], []]
  const timed = async (work: Promise<unknown>, samples: number[]) => {
    const start = performance.now()
    await work
    samples.push(performance.now() - start)
  }
  for (let i = 0; i < times; i++) {
    await timed(ours(i), sides[0])
    await timed(baseline(i), sides[1])
  }
  return sides
}

/** Within one transaction, so that what is measured is the entry and not the disk. */
async function entries({ client, others, patient }: Volume): Promise<Sides> {
  await client.query('create table volume.chainless (like public.audit_log including all)')
  await client.query('begin')
  const sides = await inTurns(
    SAMPLES,
    i =>
      client.query({
        name: 'audit',
        text: `select private.audit($1, $2, 'messages_read', null, '{"before_seq": 1000}')`,
        values: [pick(others, i), patient],
      }),
    i =>
      client.query({
        name: 'chainless',
        text: `insert into volume.chainless (chain, n, at, actor_id, action, details, hash)
               values ($1, $2, clock_timestamp(), $3, 'messages_read', '{"before_seq": 1000}', sha256('x'))`,
        values: [pick(others, i), i + 1, patient],
      }),
  )
  await client.query('rollback')
  return sides
}
