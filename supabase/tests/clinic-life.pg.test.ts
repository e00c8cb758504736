/** The clinic's settings and hours, who is away, quick replies; and what people keep for themselves in a room. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Clinic, clinic, type PersonName, people, ROSAS_VISIT, type Row } from './clinic.ts'

let bedside: Clinic
let room: string

beforeAll(async () => {
  bedside = await clinic()
  room = await bedside.roomOf(ROSAS_VISIT)
})
afterAll(() => bedside.close())

describe('M35 the clinic', () => {
  const update = (changes: unknown, person: PersonName = 'marta') =>
    bedside.call(person, 'update_clinic(changes => $1)', [JSON.stringify(changes)])

  it('M35 an administrator changes settings, everybody reads them, the log names them', async () => {
    await update({ reply_window_days: 7, phone: '+34 911 11 11 11' })
    expect(await bedside.call('rosa', 'get_clinic()')).toMatchObject({
      reply_window_days: 7,
      phone: '+34 911 11 11 11',
      name: 'Bedside demo clinic',
    })
    const logged = await bedside.owner(
      `select details ->> 'setting' as setting from public.audit_log where action = 'setting_changed' order by n`,
    )
    expect(logged.map(row => row.setting)).toEqual(['phone', 'reply_window_days'])
    expect(await bedside.refusal(update({ name: 'Mine' }, 'ines'))).toMatchObject({ message: 'forbidden' })
  })
  it.each([
    [{ reply_window_days: -1 }, 'reply_window_days'],
    [{ edit_window_minutes: 100_000 }, 'edit_window_minutes'],
    [{ phone: 'call me' }, 'phone'],
    [{ name: null }, 'name'],
    [{ time_zone: 'Mars/Olympus' }, 'time_zone'],
    [{ emergency_text: { en: 1 } }, 'emergency_text'],
    [{ emergency_text: 'Call 112' }, 'emergency_text'],
    [{ retention_days: 'ten years' }, 'changes'],
    [{ unknown: 1 }, 'changes'],
    [{ id: false }, 'changes'],
    [[], 'changes'],
    [null, 'changes'],
  ])('M35 %j is refused by name', async (changes, detail) => {
    const refused = await bedside.refusal(update(changes))
    expect(refused).toMatchObject({ code: 'PT400', message: 'argument_invalid', detail })
    expect(refused.hint).toBeTruthy()
  })
})

describe('M36 hours', () => {
  const setHours = (hours: unknown) =>
    bedside.call('marta', 'set_business_hours(hours => $1)', [JSON.stringify(hours)])
  const opensAt = async (moment: string) =>
    (await bedside.owner(`select private.next_opening($1) at time zone 'UTC' as opens`, [moment]))[0]
      ?.opens as Date | null

  beforeAll(async () => {
    await bedside.owner(`update public.clinic_settings set time_zone = 'Europe/Madrid'`)
    await setHours([
      { weekday: 1, opens: '09:00', closes: '13:00' },
      { weekday: 1, opens: '15:00', closes: '18:00' },
      { weekday: 5, opens: '09:00', closes: '24:00' },
    ])
  })
  it.each([
    ['open on Monday morning', '2026-11-23T09:00:00+01:00', null],
    ['closed at the closing minute', '2026-11-23T13:00:00+01:00', '2026-11-23T15:00:00+01:00'],
    ['before opening', '2026-11-23T08:59:59+01:00', '2026-11-23T09:00:00+01:00'],
    ['after the last of Monday: on Friday', '2026-11-23T18:00:00+01:00', '2026-11-27T09:00:00+01:00'],
    ['until midnight', '2026-11-27T23:59:00+01:00', null],
    ['over a weekend', '2026-11-28T12:00:00+01:00', '2026-11-30T09:00:00+01:00'],
    ['over the change of clocks', '2026-03-28T12:00:00+01:00', '2026-03-30T09:00:00+02:00'],
  ])('M36 %s', async (_, moment, opens) => {
    const [row] = await bedside.owner('select private.next_opening($1) as opens', [moment])
    expect((row?.opens as Date | null)?.toISOString() ?? null).toBe(
      opens === null ? null : new Date(opens).toISOString(),
    )
  })
  it('M36 a clinic without hours is never closed', async () => {
    await setHours([])
    expect(await opensAt('2026-11-28T12:00:00Z')).toBeNull()
  })
  it.each([
    [[{ weekday: 8, opens: '09:00', closes: '10:00' }]],
    [[{ weekday: 1, opens: '10:00', closes: '09:00' }]],
    [
      [
        { weekday: 1, opens: '09:00', closes: '12:00' },
        { weekday: 1, opens: '11:00', closes: '13:00' },
      ],
    ],
    [
      [
        { weekday: 1, opens: '09:00', closes: '12:00' },
        { weekday: 1, opens: '09:00', closes: '13:00' },
      ],
    ],
    [[{ weekday: 1 }]],
    [{}],
    ['x'],
    [null],
  ])('M36 %j is refused, and the hours stay', async hours => {
    expect(await bedside.refusal(setHours(hours))).toMatchObject({
      message: 'argument_invalid',
      detail: 'hours',
    })
  })

  it('M36 who is away says when they are back, to those who wait for them', async () => {
    const back = new Date(Date.now() + 3 * 86_400_000).toISOString()
    await bedside.call('ines', "set_out_of_office(back_at => $1, note => 'At a congress')", [back])
    const { room: shown } = await bedside.call<{ room: Row }>('rosa', 'open_room(appointment_id => $1)', [
      ROSAS_VISIT,
    ])
    expect(shown.away).toMatchObject([{ user_id: people.ines, note: 'At a congress' }])
    const seen = async (person: PersonName) =>
      (await bedside.as(person, 'select user_id from public.out_of_office')).length
    expect([await seen('rosa'), await seen('amira')]).toEqual([1, 1])
    await bedside.call('ines', 'clear_out_of_office()')
    expect(await seen('rosa')).toBe(0)
    expect(
      await bedside.refusal(bedside.call('ines', "set_out_of_office(back_at => now() - interval '1 day')")),
    ).toMatchObject({ detail: 'back_at' })
    expect(
      await bedside.refusal(bedside.call('rosa', 'set_out_of_office(back_at => $1)', [back])),
    ).toMatchObject({ message: 'forbidden' })
  })
})

describe('M61 a change of who is away', () => {
  const back = new Date(Date.now() + 3 * 86_400_000).toISOString()
  const set = (note: string) =>
    bedside.call<Row>('ines', 'set_out_of_office(back_at => $1, note => $2)', [back, note])
  const get = () => bedside.call<Row | null>('ines', 'get_out_of_office()')
  const told = async (change: () => Promise<unknown>) => {
    await bedside.owner('delete from realtime.messages')
    await change()
    return await bedside.owner(
      `select event, payload ->> 'room_id' as room from realtime.messages where topic like 'room:%'`,
    )
  }

  it('M61 is told to each conversation that shows it, and read back by who set it', async () => {
    expect(await told(() => set('At a congress'))).toContainEqual({ event: 'room_changed', room })
    expect(await get()).toMatchObject({ user_id: people.ines, note: 'At a congress' })
    expect(await told(() => bedside.call('ines', 'clear_out_of_office()'))).toContainEqual({
      event: 'room_changed',
      room,
    })
    expect(await get()).toBeNull()
  })
})

describe('M37 quick replies', () => {
  const list = async (person: PersonName) =>
    (await bedside.call<Row[]>(person, 'list_quick_replies()')).map(reply => [reply.title, reply.is_shared])
  const save = (person: PersonName, id: string, title: string, isShared = false) =>
    bedside.call(person, "save_quick_reply(id => $1, title => $2, body => 'Thank you', is_shared => $3)", [
      id,
      title,
      isShared,
    ])
  it("M37 staff see the clinic's and their own, and change their own", async () => {
    const id = randomUUID()
    await save('samuel', id, 'Mine')
    await save('samuel', id, 'Mine, again')
    expect(await list('samuel')).toEqual([
      ['Mine, again', false],
      ['Bring to the visit', true],
      ['Traiga a la visita', true],
    ])
    expect((await list('ines')).map(([title]) => title)).not.toContain('Mine, again')
    expect(await bedside.refusal(save('ines', id, 'stolen'))).toMatchObject({ message: 'not_found' })
    // Somebody else's is answered like one that is gone, and stays.
    await bedside.call('ines', 'delete_quick_reply(id => $1)', [id])
    expect((await list('samuel')).map(([title]) => title)).toContain('Mine, again')
    expect(await bedside.refusal(save('ines', randomUUID(), 'for all', true))).toMatchObject({
      message: 'forbidden',
    })
    await save('marta', randomUUID(), 'For all', true)
    expect((await list('ines')).map(([title]) => title)).toContain('For all')
    await bedside.call('samuel', 'delete_quick_reply(id => $1)', [id])
    expect((await list('samuel')).map(([title]) => title)).not.toContain('Mine, again')
    expect(await bedside.refusal(list('rosa'))).toMatchObject({ message: 'forbidden' })
  })
})

describe('M38 drafts and muting are for oneself', () => {
  const open = (person: PersonName) =>
    bedside.call<Row>(person, 'open_room(appointment_id => $1)', [ROSAS_VISIT])
  it('M38 a draft is kept as typed, per room and person, until it is emptied', async () => {
    await bedside.call('rosa', 'save_draft(room_id => $1, body => $2)', [room, '  not yet  '])
    expect((await open('rosa')).draft).toMatchObject({ body: '  not yet  ', reply_to: null })
    expect((await open('ines')).draft).toBeNull()
    expect(
      await bedside.as('ines', 'select 1 from public.chat_personal_state where draft_body is not null'),
    ).toEqual([])
    await bedside.call('rosa', "save_draft(room_id => $1, body => '')", [room])
    expect((await open('rosa')).draft).toBeNull()
  })
  it('M38 a muted room says until when', async () => {
    const until = new Date(Date.now() + 86_400_000)
    await bedside.call('rosa', 'mute_room(room_id => $1, muted_until => $2)', [room, until])
    expect(Date.parse(String((await open('rosa')).muted_until))).toBe(until.getTime())
    expect((await open('ines')).muted_until).toBeNull()
    await bedside.call('rosa', 'mute_room(room_id => $1)', [room])
    expect((await open('rosa')).muted_until).toBeNull()
    for (const wrong of ['infinity', '2000-01-01']) {
      expect(
        await bedside.refusal(
          bedside.call('rosa', 'mute_room(room_id => $1, muted_until => $2)', [room, wrong]),
        ),
      ).toMatchObject({ detail: 'muted_until' })
    }
  })
})
