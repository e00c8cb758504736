/** Editing, retracting, finding. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Clinic, clinic, type PersonName, people, ROSAS_VISIT, type Row } from './clinic.ts'

let bedside: Clinic
let room: string

beforeAll(async () => {
  bedside = await clinic()
  room = await bedside.roomOf(ROSAS_VISIT)
})
afterAll(() => bedside.close())

interface Message extends Row {
  id: string
  seq: number
  body: string | null
  change: number | null
}

const edit = (person: PersonName, id: string, body: string) =>
  bedside.call<Message>(person, 'edit_message(room_id => $1, message_id => $2, body => $3)', [room, id, body])
const retract = (person: PersonName, id: string) =>
  bedside.call<Message>(person, 'retract_message(room_id => $1, message_id => $2)', [room, id])
const versions = (person: PersonName, id: string) =>
  bedside.call<Row[]>(person, 'list_message_versions(room_id => $1, message_id => $2)', [room, id])
const told = async (event: string) =>
  (
    await bedside.owner(
      `select payload -> 'message' as message from realtime.messages where topic = $1 and event = $2 order by inserted_at`,
      [`room:${room}:1`, event],
    )
  ).map(row => row.message as Message)

describe('editing', () => {
  let id: string
  beforeEach(async () => {
    await bedside.owner('delete from realtime.messages')
    id = randomUUID()
    await bedside.send('rosa', room, 'I take two pils', id)
  })

  it('M30 an edit keeps what the message said, and tells the room', async () => {
    const edited = await edit('rosa', id, ' I take two pills ')
    expect(edited).toMatchObject({ id, body: 'I take two pills', edited_at: expect.any(String) })
    expect(await told('message_changed')).toEqual([edited])
    const earlier = [{ version: 1, body: 'I take two pils' }]
    expect(await versions('ines', id)).toMatchObject(earlier)
    await edit('rosa', id, 'I take three pills')
    expect(await versions('ines', id)).toMatchObject([...earlier, { version: 2, body: 'I take two pills' }])
  })
  it('M30 asked twice it is done once', async () => {
    const first = await edit('rosa', id, 'once')
    expect(await edit('rosa', id, 'once')).toEqual(first)
    expect(await versions('rosa', id)).toHaveLength(1)
    expect(await told('message_changed')).toHaveLength(1)
  })
  it('M30 concurrent edits each leave a version', async () => {
    await Promise.all(Array.from({ length: 6 }, (_, i) => edit('rosa', id, `edit ${i}`)))
    const kept = await versions('rosa', id)
    expect(kept.map(version => version.version)).toEqual([1, 2, 3, 4, 5, 6])
  })
  it('M30 after its window it is refused with what to do', async () => {
    await bedside.owner(
      `update public.chat_messages set created_at = now() - interval '16 minutes' where id = $1`,
      [id],
    )
    expect(await bedside.refusal(edit('rosa', id, 'late'))).toMatchObject({
      code: 'PT409',
      message: 'edit_window_over',
      detail: '15',
    })
    await retract('rosa', id)
  })
  it('M30 only its author edits or retracts', async () => {
    for (const attempt of [() => edit('ines', id, 'mine now'), () => retract('ines', id)]) {
      expect(await bedside.refusal(attempt())).toMatchObject({ code: 'PT403', message: 'forbidden' })
    }
  })

  it('M31 a retraction takes the text away; what it said stays with its author', async () => {
    await edit('rosa', id, 'for somebody else')
    const retracted = await retract('rosa', id)
    expect(retracted).toMatchObject({ body: null, retracted_at: expect.any(String) })
    expect(await retract('rosa', id)).toEqual(retracted)
    expect(await versions('rosa', id)).toHaveLength(2)
    expect(await versions('ines', id)).toEqual([])
    expect(
      await bedside.as('ines', 'select 1 from public.chat_message_versions where message_id = $1', [id]),
    ).toEqual([])
    expect(await bedside.refusal(edit('rosa', id, 'back'))).toMatchObject({ message: 'message_retracted' })
    const search = await bedside.call('ines', "search_messages(room_id => $1, query => 'somebody')", [room])
    expect(search).toMatchObject({ messages: [] })
  })

  it('M32 changes are numbered without a gap, and a device that was away asks for those it missed', async () => {
    const since = async (change: number, size = 50) =>
      bedside.call<{ messages: Message[]; last_change: number; has_more: boolean }>(
        'ines',
        'list_changes(room_id => $1, after_change => $2, page_size => $3)',
        [room, change, size],
      )
    const before = (await since(0)).last_change
    await edit('rosa', id, 'first')
    await edit('rosa', id, 'second')
    const other = randomUUID()
    await bedside.send('ines', room, 'wrong room', other)
    await retract('ines', other)
    const missed = await since(before)
    expect(missed).toMatchObject({ last_change: before + 3, has_more: false })
    expect(missed.messages.map(message => [message.id, message.change])).toEqual([
      [id, before + 2],
      [other, before + 3],
    ])
    expect(await since(before, 1)).toMatchObject({ has_more: true, messages: [{ id }] })
    expect((await since(before + 3)).messages).toEqual([])
    const page = await bedside.call('ines', 'list_messages(room_id => $1)', [room])
    expect(page).toMatchObject({ last_change: before + 3 })
  })
})

describe('finding', () => {
  const find = async (query: string, person: PersonName = 'ines') => {
    const answer = await bedside.call<{ messages: Message[]; match: string; has_more: boolean }>(
      person,
      'search_messages(room_id => $1, query => $2)',
      [room, query],
    )
    return { match: answer.match, bodies: answer.messages.map(message => message.body) }
  }
  beforeAll(async () => {
    for (const body of [
      'The swellings went down after the walking',
      'Mañana me hacen las radiografías',
      'Les médicaments me donnent des nausées',
      'ذهبت إلى المستشفى أمس',
      'Ibuprofen 400 mg, 100% sure_of it',
    ]) {
      await bedside.send('rosa', room, body)
    }
    const other = await bedside.roomOf('b0000000-0000-4000-8000-000000000003')
    await bedside.send('henry', other, 'Ibuprofen in another room')
  })

  it.each([
    ['stems in English', 'swelling walked', 'words', 'The swellings went down after the walking'],
    ['stems in Spanish', 'radiografía', 'words', 'Mañana me hacen las radiografías'],
    ['stems in French', 'médicament', 'words', 'Les médicaments me donnent des nausées'],
    ['stems in Arabic', 'مستشفى', 'words', 'ذهبت إلى المستشفى أمس'],
    ['without accents', 'manana', 'words', 'Mañana me hacen las radiografías'],
    ['a phrase', '"400 mg"', 'words', 'Ibuprofen 400 mg, 100% sure_of it'],
    ['part of a word', 'profen', 'parts', 'Ibuprofen 400 mg, 100% sure_of it'],
    ['a near spelling', 'ibuprofin', 'parts', 'Ibuprofen 400 mg, 100% sure_of it'],
    ['a sign that patterns know', '%', 'parts', 'Ibuprofen 400 mg, 100% sure_of it'],
    ['another one', '_', 'parts', 'Ibuprofen 400 mg, 100% sure_of it'],
    ['signs as they are', '100%', 'words', 'Ibuprofen 400 mg, 100% sure_of it'],
  ])('M33 finds %s, in this room only', async (_, query, match, body) => {
    expect(await find(query)).toEqual({ match, bodies: [body] })
  })
  it.each(['xyzzy', "'; --", ':* & | !', '\\'])('M33 finds nothing for %j', async query => {
    expect(await find(query)).toEqual({ match: 'parts', bodies: [] })
  })
  it('M33 pages from the newest back, without a hole or a double', async () => {
    for (let i = 0; i < 12; i++) await bedside.send('rosa', room, `dose number ${i}`)
    const found: (string | null)[] = []
    let before: number | null = null
    for (;;) {
      const page: { messages: Message[]; has_more: boolean } = await bedside.call(
        'ines',
        "search_messages(room_id => $1, query => 'doses', before_seq => $2, page_size => 5)",
        [room, before],
      )
      found.push(...page.messages.map(message => message.body))
      before = page.messages.at(-1)?.seq ?? null
      if (!page.has_more) break
    }
    expect(found).toEqual(Array.from({ length: 12 }, (_, i) => `dose number ${11 - i}`))
  })
})

it('M44 the inbox: who waits first, the longest before all others, then by last message; page by page; each their own', async () => {
  type Inbox = { appointments: Row[]; has_more: boolean }
  const inbox = async (who: 'ines' | 'samuel' | 'rosa' | 'marta') => {
    const ids: unknown[] = []
    let after: Row | undefined
    for (;;) {
      const page: Inbox = await bedside.call(
        who,
        "list_appointments(scope => 'inbox', after_starts_at => $1, after_id => $2, page_size => 1)",
        [after?.starts_at ?? null, after?.id ?? null],
      )
      ids.push(...page.appointments.map(each => each.id))
      after = page.appointments.at(-1)
      if (!page.has_more || !after) return ids
    }
  }
  const expected = async (where: string) =>
    (
      await bedside.owner(
        `select r.appointment_id as id from public.chat_rooms r where ${where}
         order by r.waiting_since nulls last, r.last_message_at desc, r.appointment_id`,
      )
    ).map(each => each.id)
  const of = (id: string) =>
    `r.last_message_at is not null and r.status <> 'archived' and exists (
       select 1 from public.chat_participants p where p.room_id = r.id and p.user_id = '${id}' and p.left_at is null)`

  await bedside.send('ines', room, 'answered, all of it')
  const quiet = await inbox('ines')
  expect(quiet).toEqual(await expected(of(people.ines)))
  await bedside.send('rosa', room, 'one more thing')
  const waiting = await inbox('ines')
  expect(waiting).toEqual(await expected(of(people.ines)))
  expect(waiting.length).toBeGreaterThan(1)
  expect(waiting.toSorted()).toEqual(quiet.toSorted())
  expect(await inbox('samuel')).toEqual(await expected(of(people.samuel)))

  // The front desk: who waits in the whole clinic, and nothing of what was said.
  expect(await inbox('marta')).toEqual(await expected('r.waiting_since is not null'))
  const desk = await bedside.call<Inbox>('marta', "list_appointments(scope => 'inbox')")
  for (const each of desk.appointments) {
    expect(each.room).toMatchObject({
      waiting_since: expect.any(String),
      last_message_at: null,
      last_seq: 0,
      unread: 0,
    })
  }
  // Somebody else's place in the order is no page to begin after.
  const [foreign] = await bedside.owner(
    `select r.appointment_id as id, now() as at from public.chat_rooms r where not (${of(people.rosa)}) limit 1`,
  )
  const none = await bedside.call<Inbox>(
    'rosa',
    "list_appointments(scope => 'inbox', after_starts_at => $1, after_id => $2)",
    [foreign?.at, foreign?.id],
  )
  expect(none).toEqual({ appointments: [], has_more: false })
})

it('M34 who waits: since the first unanswered word of the patient, until a clinician answers', async () => {
  const waiting = async () =>
    (await bedside.owner('select waiting_since from public.chat_rooms where id = $1', [room]))[0]
      ?.waiting_since
  await bedside.send('ines', room, 'answered')
  expect(await waiting()).toBeNull()
  const first = await bedside.send('rosa', room, 'one question')
  const since = await waiting()
  expect(since).not.toBeNull()
  expect(Math.abs(Date.parse(String(first.created_at)) - (since as Date).getTime())).toBeLessThan(1000)
  await bedside.send('rosa', room, 'and another')
  expect(await waiting()).toEqual(since)
  await bedside.send('ines', room, 'both answered')
  expect(await waiting()).toBeNull()
  const { rooms } = await bedside.call<{ rooms: Row[] }>('ines', 'list_rooms()')
  expect(rooms.find(each => each.id === room)).toMatchObject({ waiting_since: null })
})

it('M63 the front desk is told when somebody begins or ceases to wait, and of another state; not of what is said', async () => {
  await bedside.send('ines', room, 'answered')
  await bedside.owner('delete from realtime.messages')
  const heard = () =>
    bedside.owner('select event, payload from realtime.messages where topic = $1 order by inserted_at', [
      `user:${people.marta}`,
    ])
  const news = {
    event: 'appointment_changed',
    payload: { id: expect.any(String), appointment_id: ROSAS_VISIT },
  }
  await bedside.send('rosa', room, 'one question')
  expect(await heard()).toEqual([news])
  await bedside.send('rosa', room, 'and another')
  expect(await heard()).toHaveLength(1)
  await bedside.send('ines', room, 'both answered')
  expect(await heard()).toEqual([news, news])
  await bedside.call('ines', "set_room_status(room_id => $1, status => 'read_only')", [room])
  expect(await heard()).toEqual([news, news, news])
  await bedside.call('ines', "set_room_status(room_id => $1, status => 'open')", [room])
  await bedside.owner('update public.profiles set suspended_at = now() where id = $1', [people.marta])
  await bedside.send('rosa', room, 'is anybody there?')
  await bedside.owner('update public.profiles set suspended_at = null where id = $1', [people.marta])
  expect(await heard()).toHaveLength(4)
})
