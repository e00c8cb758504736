/** Whether something exists is nobody's business who does not take part in it: the same answer, word for word, in the same time. */
import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { type Attempt, invocation, type Value } from './empty-clinic.ts'
import { callables, rightCalls } from './forgery/calls.ts'
import { scene } from './forgery/scene.ts'
import type { Person } from './states/model.ts'

const set = await scene()
const { ids, connection, mine, theirs, grant } = set
const right = rightCalls(set)
const functions = await callables(connection)

/** What an argument names, in the visit of others. `id` is made by the client and names nothing yet. */
const NAMED: Record<string, string> = {
  room_id: mine.room,
  appointment_id: mine.appointment,
  message_id: mine.messages[2] ?? '',
  attachment_id: mine.attachments[0] ?? '',
  grant_id: grant,
  user_id: ids.care_team,
}
const asking = functions.filter(({ args }) => args.some(arg => arg.name in NAMED))
const OUTSIDERS: Person[] = ['other_patient', 'other_doctor']

/** The arguments with these names pointing at what is there, or at nothing. */
function pointed(name: string, at: (arg: string) => string): Record<string, Value> {
  const args = { ...right[name]?.[1] }
  for (const arg of Object.keys(NAMED)) if (arg in args) args[arg] = at(arg)
  return args
}
const there = (arg: string) => NAMED[arg] ?? ''
const nowhere = () => randomUUID()

describe('A26 missing and forbidden are one answer', () => {
  it.each(asking)('A26 $name, whichever of its arguments names something', async ({ name }) => {
    for (const person of OUTSIDERS) {
      const missing = await connection.attempt(ids[person], name, pointed(name, nowhere))
      expect(missing, person).toMatchObject({ isDone: false, code: expect.stringMatching(/^PT40[34]$/) })
      expect(await connection.attempt(ids[person], name, pointed(name, there)), person).toEqual(missing)
      for (const only of Object.keys(pointed(name, there)).filter(arg => arg in NAMED)) {
        const args = pointed(name, arg => (arg === only ? there(arg) : nowhere()))
        expect(await connection.attempt(ids[person], name, args), `${person}, ${only}`).toEqual(missing)
      }
    }
    // The control: whoever may is answered.
    const [who, args] = right[name] ?? ['patient', {}]
    await connection.owner('begin')
    const said = await connection.attempt(ids[who], name, args)
    await connection.owner('rollback')
    expect(said).toMatchObject({ isDone: true })
  })

  const room_id = mine.room
  const inside: [string, Person, string, (id: string) => Record<string, Value>, string][] = [
    [
      'a message of another room to edit',
      'patient',
      'edit_message',
      message_id => ({ room_id, message_id, body: 'x' }),
      theirs.messages[0] ?? '',
    ],
    [
      'a message of another room to retract',
      'patient',
      'retract_message',
      message_id => ({ room_id, message_id }),
      theirs.messages[0] ?? '',
    ],
    [
      'a message of another room to look into',
      'patient',
      'list_message_versions',
      message_id => ({ room_id, message_id }),
      theirs.messages[0] ?? '',
    ],
    [
      'a message of another room to ask who has read it',
      'patient',
      'list_receipts',
      message_id => ({ room_id, message_id }),
      theirs.messages[0] ?? '',
    ],
    [
      'somebody else’s message to ask who has read it',
      'patient',
      'list_receipts',
      message_id => ({ room_id, message_id }),
      mine.messages[2] ?? '',
    ],
    [
      'a message of another room to answer',
      'patient',
      'send_message',
      reply_to => ({ id: randomUUID(), room_id, body: 'x', reply_to }),
      theirs.messages[0] ?? '',
    ],
    [
      'a message of another room to answer later',
      'patient',
      'save_draft',
      reply_to => ({ room_id, body: 'x', reply_to }),
      theirs.messages[0] ?? '',
    ],
    [
      'a file of another room to send',
      'patient',
      'send_message',
      file => ({ id: randomUUID(), room_id, attachment_ids: [file] }),
      theirs.attachments[1] ?? '',
    ],
    [
      'a colleague’s file to send',
      'patient',
      'send_message',
      file => ({ id: randomUUID(), room_id, attachment_ids: [file] }),
      mine.attachments[3] ?? '',
    ],
    [
      'a file that a colleague has not sent yet',
      'patient',
      'open_attachment',
      attachment_id => ({ attachment_id }),
      mine.attachments[3] ?? '',
    ],
    [
      'somebody of another room to take out',
      'doctor',
      'remove_participant',
      user_id => ({ room_id, user_id }),
      ids.other_patient,
    ],
    [
      'a patient to add as a colleague',
      'doctor',
      'add_participant',
      user_id => ({ room_id, user_id, role: 'care_team' }),
      ids.other_patient,
    ],
    [
      'a visit that an administrator has no grant for',
      'admin',
      'list_messages',
      room => ({ room_id: room }),
      theirs.room,
    ],
    [
      'a visit that an administrator has no grant for, to search',
      'admin',
      'search_messages',
      room => ({ room_id: room, query: 'x' }),
      theirs.room,
    ],
    [
      'a file that an administrator has no grant for',
      'admin',
      'open_attachment',
      attachment_id => ({ attachment_id }),
      theirs.attachments[0] ?? '',
    ],
    [
      'somebody else’s visit, to a patient who has another',
      'patient',
      'open_room',
      appointment_id => ({ appointment_id }),
      theirs.appointment,
    ],
  ]
  it.each(inside)('A26 from inside as well: %s', async (_, person, name, args, id) => {
    const missing = await connection.attempt(ids[person], name, args(randomUUID()))
    expect(missing).toMatchObject({ isDone: false })
    expect(await connection.attempt(ids[person], name, args(id))).toEqual(missing)
  })
})

/** Times two calls, one after the other, many times over; in milliseconds, as close to the function as it gets. */
await connection.owner(`
  create function pg_temp.clock(p_uid uuid, p_sql text) returns double precision language plpgsql as $$
  declare
    v_from timestamptz;
  begin
    perform set_config('request.jwt.claims', jsonb_build_object('sub', p_uid, 'role', 'authenticated')::text, true),
      set_config('role', 'authenticated', true);
    v_from := clock_timestamp();
    begin
      execute p_sql;
    exception when others then
      null;
    end;
    perform set_config('role', 'none', true);
    return extract(epoch from clock_timestamp() - v_from) * 1000;
  end
  $$;
  create function pg_temp.clock_pairs(p_uid uuid, p_there text, p_nowhere text, p_times int)
  returns table (there double precision, nowhere double precision) language plpgsql as $$
  begin
    for i in 1 .. p_times loop
      if i % 2 = 0 then
        there := pg_temp.clock(p_uid, p_there);
      end if;
      nowhere := pg_temp.clock(p_uid, replace(p_nowhere, '{id}', gen_random_uuid()::text));
      if i % 2 = 1 then
        there := pg_temp.clock(p_uid, p_there);
      end if;
      return next;
    end loop;
  end
  $$`)

const SAMPLES = 400
/** An answer that comes later by this much tells something, whatever else the machine is doing. */
const TELLING_MS = 0.25

const median = (list: number[]) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0

/**
 * By how much the answer about what exists comes later: the median of the differences within each pair. Both calls of a
 * pair met the same weather, and no outlier moves a median of 400.
 */
async function delay(person: Person, name: string): Promise<{ ms: number; of: number }> {
  const pairs = await connection.owner<{ there: number; nowhere: number }>(
    'select * from pg_temp.clock_pairs($1, $2, $3, $4)',
    [
      ids[person],
      `select ${invocation(name, pointed(name, there))}`,
      `select ${invocation(
        name,
        pointed(name, () => '{id}'),
      )}`,
      SAMPLES,
    ],
  )
  return {
    ms: median(pairs.map(pair => pair.there - pair.nowhere)),
    of: median(pairs.map(pair => pair.nowhere)),
  }
}

describe('A26 in the same time', () => {
  it('A26 the clock tells nothing of what exists', async () => {
    const delays: Record<string, { ms: number; of: number }> = {}
    for (const { name } of asking) delays[name] = await delay('other_patient', name)
    const [worst, found] = Object.entries(delays).sort(
      ([, a], [, b]) => Math.abs(b.ms) - Math.abs(a.ms),
    )[0] ?? ['', { ms: 0, of: 0 }]
    process.stdout.write(
      `A26: ${asking.length} functions, ${SAMPLES} pairs each; the largest difference is ${found.ms.toFixed(4)} ms of ${found.of.toFixed(3)} in ${worst}\n`,
    )
    for (const [name, { ms }] of Object.entries(delays)) expect(Math.abs(ms), name).toBeLessThan(TELLING_MS)
  }, 60_000)

  it('A26 the control: one millisecond more for what exists is found out', async () => {
    await connection.owner('begin')
    try {
      await connection.owner(`
        do $$
        begin
          execute replace(pg_get_functiondef('private.require_participant(uuid, uuid)'::regprocedure), 'if not found then',
            'if not found then if exists (select 1 from public.chat_rooms r where r.id = p_room_id) then perform pg_sleep(0.001); end if;');
        end
        $$`)
      const slow = await delay('other_patient', 'send_message')
      process.stdout.write(`A26: with a millisecond more the difference is ${slow.ms.toFixed(3)} ms\n`)
      expect(slow.ms).toBeGreaterThan(TELLING_MS)
    } finally {
      await connection.owner('rollback')
    }
  }, 60_000)
})

const refusedAs = (said: Attempt) => (said.isDone ? 'done' : said.message)
it('A26 an id that the client makes says as little as it can: within one’s own room only whether one made it', async () => {
  const file = { room_id: theirs.room, name: 'a.png', media_type: 'image/png', size_bytes: 1 }
  const start = (id: string) => connection.attempt(ids.other_patient, 'start_attachment', { ...file, id })
  // The ids of files are one for the whole bucket: a taken one is refused, and says nothing of where it is.
  expect(refusedAs(await start(mine.attachments[0] ?? ''))).toBe('id_conflict')
  // Those of messages are their room's.
  const send = (id: string) =>
    connection.attempt(ids.other_patient, 'send_message', { id, room_id: theirs.room, body: 'x' })
  expect(refusedAs(await send(mine.messages[0] ?? ''))).toBe('done')
})
