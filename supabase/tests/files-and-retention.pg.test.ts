/** Files of a conversation, and how a conversation goes when its time is over. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Clinic, clinic, type PersonName, people, ROSAS_VISIT, type Row } from './clinic.ts'

let bedside: Clinic
let room: string
const REASON = 'The patient asked for it.'

beforeAll(async () => {
  bedside = await clinic()
  room = await bedside.roomOf(ROSAS_VISIT)
})
afterAll(() => bedside.close())

const begin = (person: PersonName, file: Partial<Row> = {}, id: string = randomUUID()) =>
  bedside.call<Row & { id: string; path: string }>(
    person,
    'start_attachment(id => $1, room_id => $2, name => $3, media_type => $4, size_bytes => $5)',
    [id, room, file.name ?? 'rash.jpg', file.media_type ?? 'image/jpeg', file.size_bytes ?? 1000],
  )
const sendFiles = (person: PersonName, files: string[], body: string | null = null) =>
  bedside.call(person, 'send_message(id => $1, room_id => $2, body => $3, attachment_ids => $4)', [
    randomUUID(),
    room,
    body,
    files,
  ])
const scan = (id: string, status = 'clean') =>
  bedside.owner('select private.finish_scan($1, $2)', [id, status])
const upload = (person: PersonName, path: string) =>
  bedside.as(
    person,
    `insert into storage.objects (bucket_id, name, owner_id) values ('chat-attachments', $1, auth.uid()::text)`,
    [path],
  )
const canRead = async (person: PersonName, path: string) =>
  (await bedside.as(person, 'select 1 from storage.objects where name = $1', [path])).length === 1

describe('M39 files', () => {
  it('M39 begun, put, sent, found clean: then read by the people of the room', async () => {
    const id = randomUUID()
    const file = await begin('rosa', { name: ' ../../my\u202e rash.jpg ' }, id)
    expect(file).toMatchObject({ path: `${room}/${id}`, status: 'pending', name: '_.._my rash.jpg' })
    expect(await begin('rosa', {}, id)).toEqual(file)
    await upload('rosa', file.path)
    const message = await sendFiles('rosa', [id], 'my arm today')
    expect(message).toMatchObject({ kind: 'image', body: 'my arm today' })
    expect(await canRead('ines', file.path)).toBe(false)
    await bedside.owner('delete from realtime.messages')
    await scan(id)
    expect(await bedside.owner(`select payload - 'id' as payload from realtime.messages`)).toEqual([
      { payload: { room_id: room, attachment_id: id, message_id: message.id, status: 'clean' } },
    ])
    expect(await canRead('ines', file.path)).toBe(true)
    expect(await canRead('henry', file.path)).toBe(false)
    const page = await bedside.call<Row>('ines', 'list_messages(room_id => $1)', [room])
    expect(page.attachments).toMatchObject([{ id, message_id: message.id, status: 'clean' }])
  })
  it('M42 the files of a retracted message go with it, bytes included, for everybody but who sent them', async () => {
    const [file, kept] = [await begin('rosa'), await begin('rosa')]
    for (const { path } of [file, kept]) await upload('rosa', path)
    const message = await sendFiles('rosa', [file.id])
    await sendFiles('rosa', [kept.id])
    for (const { id } of [file, kept]) await scan(id)
    const open = (person: PersonName) =>
      bedside.call(person, 'open_attachment(attachment_id => $1)', [file.id])
    const shown = async (person: PersonName) => {
      const page = await bedside.call<{ attachments: Row[] }>(person, 'list_messages(room_id => $1)', [room])
      return page.attachments.map(({ id }) => id)
    }
    expect(await canRead('ines', file.path)).toBe(true)
    expect(await shown('ines')).toContain(file.id)
    await open('ines')
    await bedside.call('rosa', 'retract_message(room_id => $1, message_id => $2)', [room, message.id])
    expect(await canRead('ines', file.path)).toBe(false)
    expect(
      await bedside.as('ines', 'select 1 from public.chat_attachments where id = $1', [file.id]),
    ).toEqual([])
    expect(await shown('ines')).not.toContain(file.id)
    expect(await bedside.refusal(open('ines'))).toMatchObject({ message: 'not_found' })
    expect(await canRead('rosa', file.path)).toBe(true)
    expect(await shown('rosa')).toContain(file.id)
    await open('rosa')
    expect(await canRead('ines', kept.path)).toBe(true)
    expect(await shown('ines')).toContain(kept.id)
  })
  it('M39 nobody puts bytes where they did not begin, twice, over another, or after the room closed', async () => {
    const mine = await begin('rosa')
    for (const [person, path] of [
      ['ines', mine.path],
      ['henry', mine.path],
      ['rosa', `${room}/${randomUUID()}`],
      ['rosa', 'elsewhere.jpg'],
    ] as const) {
      expect((await bedside.refusal(upload(person, path))).code, `${person} ${path}`).toBe('42501')
    }
    await bedside.owner(`update public.chat_rooms set status = 'closed' where id = $1`, [room])
    expect((await bedside.refusal(upload('rosa', mine.path))).code).toBe('42501')
    await bedside.owner(`update public.chat_rooms set status = 'open' where id = $1`, [room])
    await upload('rosa', mine.path)
    expect((await bedside.refusal(upload('rosa', mine.path))).code).toBe('23505')
    expect(
      await bedside.as('rosa', `update storage.objects set metadata = '{}' where name = $1 returning 1`, [
        mine.path,
      ]),
    ).toEqual([])
    expect(
      await bedside.as('rosa', `delete from storage.objects where name = $1 returning 1`, [mine.path]),
    ).toEqual([])
  })
  it.each([
    [{ media_type: 'text/html' }, 'file_type_refused', 'media_type'],
    [{ media_type: 'image/svg+xml' }, 'file_type_refused', 'media_type'],
    [{ size_bytes: 26_214_401 }, 'file_too_large', '26214400'],
    [{ size_bytes: 0 }, 'file_too_large', '26214400'],
    [{ name: '\u202e \u200b' }, 'argument_invalid', 'name'],
    [{ name: 'x'.repeat(201) }, 'argument_invalid', 'name'],
  ])('M39 %j is refused', async (file, message, detail) => {
    expect(await bedside.refusal(begin('rosa', file))).toMatchObject({ code: 'PT400', message, detail })
  })
  it("M39 a message carries up to ten files, all the sender's, once", async () => {
    const [a, b] = [await begin('rosa'), await begin('rosa', { media_type: 'application/pdf' })]
    const doctors = await begin('ines')
    const refused = async (files: string[]) => (await bedside.refusal(sendFiles('rosa', files))).message
    expect(await refused([a.id, doctors.id])).toBe('attachment_not_found')
    expect(await refused([a.id, a.id])).toBe('attachment_not_found')
    expect(await refused([randomUUID()])).toBe('attachment_not_found')
    expect(await refused(Array.from({ length: 11 }, () => randomUUID()))).toBe('argument_invalid')
    await scan(b.id, 'infected')
    expect(await refused([b.id])).toBe('attachment_not_found')
    expect(await sendFiles('rosa', [a.id])).toMatchObject({ kind: 'image', body: null })
    expect(await refused([a.id])).toBe('attachment_not_found')
  })
  it('M39 an administrator opens a file under a grant only, and each time is written down', async () => {
    const file = await begin('rosa')
    await upload('rosa', file.path)
    await sendFiles('rosa', [file.id])
    await scan(file.id)
    const open = () => bedside.call('marta', 'open_attachment(attachment_id => $1)', [file.id])
    expect(await bedside.refusal(open())).toMatchObject({ message: 'not_found' })
    const grant = await bedside.call<Row>('marta', 'start_access(room_id => $1, reason => $2)', [
      room,
      REASON,
    ])
    expect(await canRead('marta', file.path)).toBe(false)
    await open()
    expect(await canRead('marta', file.path)).toBe(true)
    const [entry] = await bedside.owner(
      `select actor_id, subject_id from public.audit_log where action = 'file_opened'`,
    )
    expect(entry).toEqual({ actor_id: people.marta, subject_id: file.id })
    await bedside.call('marta', 'end_access(grant_id => $1)', [grant.id])
    expect(await canRead('marta', file.path)).toBe(false)
  })
})

describe('M40 retention', () => {
  const due = async () =>
    (await bedside.call<Row[]>('marta', 'list_due_erasures(within_days => 36500)')).map(each => each.room_id)
  const erase = () => bedside.call<Row>('marta', 'erase_room(room_id => $1, reason => $2)', [room, REASON])

  it('M40 an end has a date, and it is shown beforehand', async () => {
    expect(await bedside.refusal(erase())).toMatchObject({
      message: 'appointment_not_over',
      detail: 'confirmed',
    })
    expect(await due()).not.toContain(room)
    await bedside.call(
      'rosa',
      "set_appointment_status(appointment_id => $1, status => 'cancelled', reason => 'Better now')",
      [ROSAS_VISIT],
    )
    expect(await due()).toContain(room)
    const { room: shown } = await bedside.call<{ room: Row }>('rosa', 'open_room(appointment_id => $1)', [
      ROSAS_VISIT,
    ])
    expect(Date.parse(String(shown.retain_until))).toBeGreaterThan(Date.now() + 3649 * 86_400_000)
  })
  it('M40 a legal hold keeps it', async () => {
    const hold = (isHeld: boolean) =>
      bedside.call('marta', 'set_legal_hold(room_id => $1, is_held => $2, reason => $3)', [
        room,
        isHeld,
        REASON,
      ])
    await hold(true)
    await hold(true)
    expect(await bedside.refusal(erase())).toMatchObject({ code: 'PT409', message: 'legal_hold' })
    await hold(false)
    const holds = await bedside.owner(
      `select action from public.audit_log where action like 'hold%' order by n`,
    )
    expect(holds.map(row => row.action)).toEqual(['hold_set', 'hold_lifted'])
  })
  it('M41 erasing takes what people wrote and leaves that they did', async () => {
    await bedside.owner(
      `insert into public.chat_personal_state (room_id, user_id, draft_body) values ($1, $2, 'half a thought')
       on conflict (room_id, user_id) do update set draft_body = excluded.draft_body`,
      [room, people.rosa],
    )
    await bedside.call('ines', 'mark_read(room_id => $1, read_seq => 1000000)', [room])
    const [before] = await bedside.owner(
      `select count(*)::int as said from public.chat_messages where room_id = $1 and (body is not null or kind <> 'system')`,
      [room],
    )
    const erased = await erase()
    expect(erased).toMatchObject({ erased_by: people.marta, reason: REASON, messages: before?.said })
    expect(await erase()).toEqual(erased)
    const [left] = await bedside.owner(
      `select
         (select count(*)::int from public.chat_messages where room_id = $1 and kind <> 'system') as tombstones,
         (select count(body)::int from public.chat_messages where room_id = $1) as bodies,
         (select count(*)::int from public.chat_message_versions where room_id = $1) as versions,
         (select count(*)::int from public.chat_personal_state where room_id = $1 and draft_body is not null) as drafts,
         (select count(name)::int from public.chat_attachments where room_id = $1) as names,
         (select count(*)::int from private.cursor_moves where room_id = $1) as moves,
         (select count(*)::int from public.appointments where id = $2 and (reason is not null or status_reason is not null)) as reasons,
         (select status from public.chat_rooms where id = $1) as status`,
      [room, ROSAS_VISIT],
    )
    expect(left).toEqual({
      tombstones: expect.any(Number),
      bodies: 0,
      versions: 0,
      drafts: 0,
      names: 0,
      moves: 0,
      reasons: 0,
      status: 'archived',
    })
    expect(left?.tombstones).toBeGreaterThan(5)
    expect(await bedside.as('rosa', 'select reason from public.room_erasures')).toEqual([{ reason: REASON }])
    expect(await bedside.call('rosa', 'can_reply(room_id => $1)', [room])).toMatchObject({
      block: 'room_archived',
    })
  })
  it('M41 no file of it can be read, and each whose bytes are there waits to be deleted', async () => {
    const waiting = (await bedside.owner('select private.due_file_deletions() as path')).map(row => row.path)
    const stored = (await bedside.owner('select name from storage.objects order by name')).map(
      row => row.name,
    )
    expect(waiting.sort()).toEqual(stored)
    expect(stored.length).toBeGreaterThan(1)
    for (const person of ['rosa', 'ines'] as const) {
      expect(await bedside.as(person, 'select 1 from storage.objects')).toEqual([])
    }
    await bedside.owner('delete from storage.objects')
    expect(await bedside.owner('select private.due_file_deletions() as path')).toEqual([])
  })
  it('M41 the log still verifies', async () => {
    expect(await bedside.owner('select * from private.verify_audit_log()')).toEqual([])
  })
})
