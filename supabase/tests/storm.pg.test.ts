/** Everybody calls everything at once: whatever comes of it, nobody waits for ever, and every refusal has a name. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { callables, type Forged, forgedCalls } from './forgery/calls.ts'
import { scene } from './forgery/scene.ts'
import { tries } from './property.ts'
import { pidOf, waiting } from './states/held.ts'
import { PEOPLE } from './states/model.ts'

const CONNECTIONS = 6
const set = await scene()
const { clinic, ids, connection, mine, past } = set
const functions = await callables(connection)
const storm = await Promise.all(Array.from({ length: CONNECTIONS }, () => clinic.connect()))
const pids = await Promise.all(storm.map(pidOf))
// Nothing has been erased yet, whatever the scene's one row says.
await connection.owner('delete from public.room_erasures where true')
const JOBS = ['close_reply_windows', 'end_expired_grants', 'archive_rooms', 'erase_due_rooms']

/** What a day changes that would leave nothing to be changed for the next: people are back, time has gone by. */
const DAWN = `
  update public.profiles set suspended_at = null where suspended_at is not null;
  update public.chat_participants set left_at = null where left_at is not null;
  update public.chat_rooms set locked_at = null, locked_by = null where locked_at is not null;
  update public.access_grants set starts_at = starts_at - interval '20 minutes', expires_at = expires_at - interval '20 minutes' where ended_at is null;
  update public.chat_rooms set granted_until = granted_until - interval '20 minutes' where granted_until is not null;
  update public.chat_personal_state set opened_at = opened_at - interval '2 hours';
  update public.chat_rooms set status = 'open' where status in ('read_only', 'closed') and appointment_id = '${mine.appointment}';
  update public.chat_rooms set reply_until = now() - interval '1 minute' where id = '${past.room}';
  update private.rate_limits set burst = 1000000`

it('M17 everybody calls everything at once: no deadlock, no refusal without a name, no gap, whole chains', async () => {
  const count = { calls: 0, done: 0, jobs: 0 }
  await fc.assert(
    fc.asyncProperty(
      // A few functions and people at a time: what gets into each other's way has to meet.
      fc
        .tuple(
          fc.subarray(functions, { minLength: 2, maxLength: 6 }),
          fc.subarray([...PEOPLE], { minLength: 1, maxLength: 4 }),
        )
        .chain(([some, people]) =>
          fc.array(fc.array(forgedCalls(set, some, people), { minLength: 8, maxLength: 8 }), {
            minLength: CONNECTIONS,
            maxLength: CONNECTIONS,
          }),
        ),
      fc.constantFrom(...JOBS),
      async (threads: Forged[][], job) => {
        await connection.owner(DAWN)
        const [first, ...others] = storm
        const run = async (i: number) => {
          for (const { by, call } of threads[i] ?? []) {
            const said = await (storm[i] ?? connection).attemptSql(ids[by], `select ${call}`)
            count.calls++
            count.done += Number(said.isDone)
            if (!said.isDone)
              expect(said.code, `${by}: ${call}: ${said.message}`).toMatch(/^(PT4\d\d|22\w{3})$/)
          }
        }
        // A job's transaction is the longest there is: it stays open until nobody can go on.
        await first?.owner('begin')
        expect(await first?.ownerAttempt(`select private.${job}()`), job).toMatchObject({ isDone: true })
        count.jobs++
        let unfinished = others.length
        const running = Promise.all(
          others.map(async (_, i) => {
            await run(i + 1)
            unfinished--
          }),
        )
        await expect
          .poll(async () => (await waiting(clinic, pids)) >= unfinished, { interval: 1, timeout: 15_000 })
          .toBe(true)
        await first?.owner('commit')
        await Promise.all([running, run(0)])
      },
    ),
    { ...tries('M17', 60), endOnFailure: true },
  )
  process.stdout.write(`M17: ${JSON.stringify(count)}\n`)
  expect(await clinic.owner('select * from private.verify_audit_log()')).toEqual([])
  expect(
    await clinic.owner(
      `select r.id from public.chat_rooms r left join public.chat_messages m on m.room_id = r.id
       group by r.id having r.last_seq <> count(m.seq) or r.last_seq <> coalesce(max(m.seq), 0)`,
    ),
  ).toEqual([])
}, 120_000)
