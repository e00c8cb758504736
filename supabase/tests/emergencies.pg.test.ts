/** People who come and go, break-glass, locks, suspensions, notices: what each does to the room and what it is told. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Clinic, clinic, type PersonName, people, ROSAS_VISIT, type Row } from './clinic.ts'

let bedside: Clinic
let room: string
const REASON = 'The patient asked us to look.'

beforeAll(async () => {
  bedside = await clinic()
  room = await bedside.roomOf(ROSAS_VISIT)
})
afterAll(() => bedside.close())

const events = async (count: number) =>
  (
    await bedside.owner(
      `select event from public.chat_messages where room_id = $1 and kind = 'system' order by seq desc limit $2`,
      [room, count],
    )
  ).map(row => row.event as Row)
const epoch = async () =>
  (await bedside.owner('select epoch from public.chat_rooms where id = $1', [room]))[0]?.epoch as number
const read = (person: PersonName) => bedside.call<Row>(person, 'list_messages(room_id => $1)', [room])
const logged = async (action: string) =>
  bedside.owner(
    'select actor_id, subject_id, details from public.audit_log where room_id = $1 and action = $2',
    [room, action],
  )

describe('A40 a colleague and somebody who writes for the patient', () => {
  it('A40 come by the doctor, are told to the room, take part, and lose it all when removed', async () => {
    await bedside.call('ines', "add_participant(room_id => $1, user_id => $2, role => 'care_team')", [
      room,
      people.samuel,
    ])
    await bedside.call('ines', "add_participant(room_id => $1, user_id => $2, role => 'proxy')", [
      room,
      people.jun,
    ])
    expect(await events(2)).toEqual([
      { type: 'participant_added', actor_id: people.ines, subject_id: people.jun },
      { type: 'participant_added', actor_id: people.ines, subject_id: people.samuel },
    ])
    await bedside.send('samuel', room, 'a second opinion')
    await bedside.send('jun', room, 'for my mother')
    const { appointments } = await bedside.call<{ appointments: Row[] }>('jun', 'list_appointments()')
    expect(appointments.map(each => each.id)).toContain(ROSAS_VISIT)

    const before = await epoch()
    await bedside.call('rosa', 'remove_participant(room_id => $1, user_id => $2)', [room, people.jun])
    await bedside.call('samuel', 'remove_participant(room_id => $1, user_id => $2)', [room, people.samuel])
    expect(await epoch()).toBe(before + 2)
    for (const person of ['jun', 'samuel'] as const) {
      expect(await bedside.refusal(read(person))).toMatchObject({ message: 'not_found' })
    }
    expect(await logged('participant_removed')).toMatchObject([
      { actor_id: people.rosa, subject_id: people.jun },
      { actor_id: people.samuel, subject_id: people.samuel },
    ])
  })
  it('A40 adding twice at once adds once', async () => {
    const add = () =>
      bedside.call<Row[]>('ines', "add_participant(room_id => $1, user_id => $2, role => 'care_team')", [
        room,
        people.samuel,
      ])
    await Promise.all([add(), add(), add()])
    const added = await bedside.owner(
      `select 1 from public.chat_messages where room_id = $1 and event ->> 'subject_id' = $2 and event ->> 'type' = 'participant_added'`,
      [room, people.samuel],
    )
    expect(added).toHaveLength(2)
    await bedside.call('ines', 'remove_participant(room_id => $1, user_id => $2)', [room, people.samuel])
  })
  it('A40 who was removed in an emergency comes back as what they were', async () => {
    await bedside.call('marta', 'remove_participant(room_id => $1, user_id => $2, reason => $3)', [
      room,
      people.rosa,
      REASON,
    ])
    expect(await bedside.refusal(read('rosa'))).toMatchObject({ message: 'not_found' })
    const people_ = await bedside.call<Row[]>(
      'marta',
      "add_participant(room_id => $1, user_id => $2, role => 'proxy')",
      [room, people.rosa],
    )
    expect(people_.find(person => person.id === people.rosa)).toMatchObject({
      role: 'patient',
      left_at: null,
    })
    expect(await read('rosa')).toHaveProperty('messages')
  })
})

describe('A41 break-glass', () => {
  const start = (minutes: number, reason = REASON) =>
    bedside.call<Row>('marta', 'start_access(room_id => $1, reason => $2, minutes => $3)', [
      room,
      reason,
      minutes,
    ])

  it('A41 without a grant nothing, with one everything, each reading written down, and the room is told', async () => {
    expect(await bedside.refusal(read('marta'))).toMatchObject({ message: 'not_found' })
    const grant = await start(15)
    expect((await events(1))[0]).toEqual({
      type: 'access_started',
      actor_id: people.marta,
      grant_id: grant.id,
      minutes: 15,
    })
    expect((await read('marta')).messages).toEqual((await read('rosa')).messages)
    expect(await logged('messages_read')).toMatchObject([{ actor_id: people.marta }])
    expect(
      await bedside.as('marta', 'select 1 from public.chat_messages where room_id = $1', [room]),
    ).toEqual([])
    await bedside.send('ines', room, 'while somebody looks')
    expect(await logged('message_streamed')).toMatchObject([
      { actor_id: people.marta, details: { grant_id: grant.id } },
    ])
    expect(await bedside.refusal(bedside.send('marta', room, 'hello'))).toMatchObject({
      message: 'not_found',
    })
  })
  it('A41 a longer look takes a new reason, and is told', async () => {
    await start(30, 'Still reading, the patient knows.')
    expect((await events(1))[0]).toMatchObject({ type: 'access_extended', minutes: 30 })
    const live = await bedside.owner(
      'select 1 from public.access_grants where room_id = $1 and ended_at is null',
      [room],
    )
    expect(live).toHaveLength(1)
    expect(await bedside.refusal(start(61))).toMatchObject({ detail: 'minutes' })
    expect(await bedside.refusal(start(5, 'short'))).toMatchObject({ detail: 'reason' })
  })
  it('A41 the patient reads who looked, when and why', async () => {
    const { entries } = await bedside.call<{ entries: Row[] }>('rosa', 'list_access_log(room_id => $1)', [
      room,
    ])
    expect(entries.find(entry => entry.action === 'access_started')).toMatchObject({
      reason: REASON,
      actor: { id: people.marta, display_name: 'Marta Lindqvist' },
    })
    expect(await bedside.call('rosa', 'verify_access_log(room_id => $1)', [room])).toMatchObject({
      problems: [],
    })
    expect(
      await bedside.refusal(bedside.call('henry', 'list_access_log(room_id => $1)', [room])),
    ).toMatchObject({ message: 'not_found' })
  })
  it('A41 its end bites at once, and asked twice is told once', async () => {
    const [{ id }] = (await bedside.owner('select id from public.access_grants where ended_at is null')) as [
      Row,
    ]
    const before = await epoch()
    const end = () => bedside.call('marta', 'end_access(grant_id => $1)', [id])
    await Promise.all([end(), end()])
    expect(await epoch()).toBe(before + 1)
    expect(await bedside.refusal(read('marta'))).toMatchObject({ message: 'not_found' })
    expect(await logged('access_ended')).toHaveLength(1)
    expect((await events(2)).map(event => event.type)).toEqual(['access_ended', 'access_extended'])
  })
  it('A41 what runs out ends with the next thing that is told, whatever it is', async () => {
    for (const tell of [
      () => bedside.send('ines', room, 'a message'),
      () => bedside.call('rosa', 'mark_read(room_id => $1, read_seq => 1000000)', [room]),
      () => bedside.call('ines', 'set_patient_may_reply(room_id => $1, may_reply => false)', [room]),
      () => bedside.call('ines', 'set_patient_may_reply(room_id => $1, may_reply => true)', [room]),
    ]) {
      await start(1)
      await bedside.owner(
        `update public.access_grants set starts_at = now() - interval '2 minutes', expires_at = now() - interval '1 minute' where ended_at is null`,
      )
      await bedside.owner(
        `update public.chat_rooms set granted_until = now() - interval '1 minute' where id = $1`,
        [room],
      )
      const before = await epoch()
      await bedside.owner('delete from realtime.messages')
      await tell()
      expect(await epoch()).toBe(before + 1)
      const topics = await bedside.owner(
        `select distinct topic from realtime.messages where topic like 'room:%'`,
      )
      expect(topics).toEqual([{ topic: `room:${room}:${before + 1}` }])
    }
    expect((await logged('access_expired')).length).toBe(4)
  })
})

describe('A42 emergencies', () => {
  it('A42 a locked room takes no word from anybody, says so, and goes on when unlocked', async () => {
    await bedside.call('marta', 'lock_room(room_id => $1, reason => $2)', [room, REASON])
    for (const person of ['rosa', 'ines'] as const) {
      expect(await bedside.refusal(bedside.send(person, room, 'x'))).toMatchObject({ detail: 'room_locked' })
      expect(await bedside.call(person, 'can_reply(room_id => $1)', [room])).toMatchObject({
        may_reply: false,
        block: 'room_locked',
        next_step: 'call_clinic',
        hint: expect.stringContaining('Call the clinic'),
      })
    }
    expect(await read('rosa')).toHaveProperty('messages')
    await bedside.call('marta', 'unlock_room(room_id => $1, reason => $2)', [room, REASON])
    await bedside.send('rosa', room, 'again')
    expect((await events(2)).map(event => event.type)).toEqual(['room_unlocked', 'room_locked'])
  })
  it("A42 a notice is the clinic's word, with its text", async () => {
    await bedside.call('marta', "post_notice(room_id => $1, body => 'We are closed on Friday.')", [room])
    const { messages } = (await read('rosa')) as { messages: Row[] }
    expect(messages.at(-1)).toMatchObject({
      kind: 'system',
      sender_id: null,
      body: 'We are closed on Friday.',
      event: { type: 'notice', actor_id: people.marta },
    })
  })
  it('A43 suspending somebody bites at once: functions, tables, topics of every room of theirs', async () => {
    const before = await epoch()
    await bedside.owner('delete from realtime.messages')
    await bedside.call('marta', 'suspend_user(user_id => $1, reason => $2)', [people.rosa, REASON])
    expect(await bedside.refusal(read('rosa'))).toMatchObject({ code: 'PT403', message: 'account_suspended' })
    expect(await epoch()).toBe(before + 1)
    await bedside.send('ines', room, 'into the void')
    const topics = (await bedside.owner('select distinct topic from realtime.messages')).map(row => row.topic)
    expect(topics).not.toContain(`user:${people.rosa}`)
    expect(topics).not.toContain(`room:${room}:${before}`)
    expect(topics).toContain(`user:${people.ines}`)
    await bedside.call('marta', 'reinstate_user(user_id => $1, reason => $2)', [people.rosa, REASON])
    expect(await read('rosa')).toHaveProperty('messages')
    expect(
      await bedside.refusal(
        bedside.call('marta', 'suspend_user(user_id => $1, reason => $2)', [people.marta, REASON]),
      ),
    ).toMatchObject({ message: 'not_oneself' })
  })
  it('A43 a suspended administrator loses every grant', async () => {
    await bedside.call('marta', 'start_access(room_id => $1, reason => $2)', [room, REASON])
    const before = await epoch()
    await bedside.owner('update public.profiles set suspended_at = now() where id = $1', [people.marta])
    expect(await epoch()).toBe(before + 1)
    await bedside.owner('update public.profiles set suspended_at = null where id = $1', [people.marta])
    expect(await bedside.refusal(read('marta'))).toMatchObject({ message: 'not_found' })
  })
})
