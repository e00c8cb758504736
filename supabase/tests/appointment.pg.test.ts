/** One appointment by itself, without its conversation. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Clinic,
  clinic,
  type PersonName,
  people,
  ROSAS_REQUEST,
  ROSAS_VISIT,
  type Row,
} from './clinic.ts'

let bedside: Clinic
let room: string

beforeAll(async () => {
  bedside = await clinic()
  room = await bedside.roomOf(ROSAS_VISIT)
})
afterAll(() => bedside.close())

interface Detail extends Row {
  role: string | null
  room: Row | null
  chat: (Row & { participants: Row[] }) | null
}

const get = (person: PersonName, id = ROSAS_VISIT) =>
  bedside.call<Detail>(person, 'get_appointment(appointment_id => $1)', [id])
const listed = async (person: PersonName, id = ROSAS_VISIT) => {
  const { appointments } = await bedside.call<{ appointments: Row[] }>(person, 'list_appointments()')
  return appointments.find(each => each.id === id)
}

describe('M60 one appointment by itself', () => {
  it('M60 is what the list says of it, with one’s part in it and the room as opening it would show it', async () => {
    for (const [person, role] of [
      ['rosa', 'patient'],
      ['ines', 'doctor'],
    ] as const) {
      const { role: mine, chat, ...appointment } = await get(person)
      expect(appointment).toEqual(await listed(person))
      expect(mine).toBe(role)
      const opened = await bedside.call<{ room: Row }>(person, 'open_room(appointment_id => $1)', [
        ROSAS_VISIT,
      ])
      expect(chat).toEqual(opened.room)
      expect(chat?.participants.map(each => each.id)).toEqual([people.rosa, people.ines])
    }
  })

  it('M60 opens nothing: no room is made, nothing is written down, nobody is told', async () => {
    const state = () =>
      bedside.owner(
        `select (select count(*)::int from public.chat_rooms) as rooms,
           (select count(*)::int from public.audit_log) as entries,
           (select count(*)::int from realtime.messages) as told,
           (select max(opened_at) from public.chat_personal_state) as opened,
           (select sum(delivered_seq)::int from public.chat_participants) as delivered`,
      )
    const before = await state()
    for (const person of ['rosa', 'samuel'] as const) {
      expect(await get(person, ROSAS_REQUEST)).toMatchObject({
        status: 'requested',
        role: person === 'rosa' ? 'patient' : 'doctor',
        room: null,
        chat: null,
      })
    }
    for (const person of ['rosa', 'ines', 'marta'] as const) await get(person)
    expect(await state()).toEqual(before)
  })

  it('M60 tells the front desk that there is a chat, how it stands and who waits, and nothing of what was said', async () => {
    await bedside.send('ines', room, 'answered')
    await bedside.send('rosa', room, 'and a question')
    const detail = await get('marta')
    expect(detail).toMatchObject({
      role: null,
      chat: null,
      room: {
        id: room,
        status: 'open',
        waiting_since: expect.any(String),
        last_seq: 0,
        last_message_at: null,
        unread: 0,
      },
    })
  })

  it('M60 is the same answer for what is not there and for what is nobody’s business', async () => {
    const missing = await bedside.refusal(get('henry', randomUUID()))
    expect(missing).toMatchObject({ code: 'PT404', message: 'not_found' })
    for (const person of ['henry', 'samuel', 'layla'] as const) {
      expect(await bedside.refusal(get(person)), person).toEqual(missing)
    }
    expect(await bedside.refusal(get('marta', randomUUID()))).toEqual(missing)
    expect(
      await bedside.refusal(bedside.call('rosa', 'get_appointment(appointment_id => $1)', [null])),
    ).toEqual(missing)
  })

  it('M60 comes and goes with taking part; the appointment stays its patient’s', async () => {
    await bedside.call('ines', 'add_participant($1, $2, $3)', [room, people.samuel, 'care_team'])
    expect(await get('samuel')).toMatchObject({ role: 'care_team', chat: { id: room } })
    await bedside.call('ines', 'remove_participant($1, $2)', [room, people.samuel])
    expect(await bedside.refusal(get('samuel'))).toMatchObject({ message: 'not_found' })
    await bedside.call('marta', 'remove_participant($1, $2, $3)', [room, people.rosa, 'asked for by her'])
    expect(await get('rosa')).toMatchObject({ id: ROSAS_VISIT, role: null, room: null, chat: null })
  })
})
