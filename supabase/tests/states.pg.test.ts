/** Both state machines as total tables: every step from every state by everybody, once. The rules: states/decide.ts. */
import { describe, expect, it } from 'vitest'
import { decide } from './states/decide.ts'
import { expectSaid, expectSeen, sorted } from './states/expect.ts'
import {
  APPOINTMENT,
  type AppointmentStatus,
  PEOPLE,
  ROOM,
  type RoomStatus,
  type Step,
} from './states/model.ts'
import { type Place, put, toldSince } from './states/place.ts'
import { type Ids, type Seen, wing } from './states/visit.ts'

const { clinic, ids } = await wing()
const connection = await clinic.connect()

/** Who hears what of a step that changed something, by topic. */
function tellings(
  step: Step,
  appointmentId: string,
  roomId: string | null,
  before: Seen,
  { world, events }: Seen,
): string[] {
  const insiders = Object.keys(world.room?.members ?? {}).map(person => ids[person as keyof Ids])
  const parties = new Set([ids.patient, ids.doctor, ...insiders])
  expect(appointmentId).toBeTruthy()
  const hasOtherState = before.world.room && before.world.room.status !== world.room?.status
  return sorted([
    ...(hasOtherState ? [ids.admin] : []).map(id => `user:${id} appointment_changed`),
    ...(step.do === 'appointment' ? [...parties].map(id => `user:${id} appointment_changed`) : []),
    ...(events.length ? insiders.map(id => `user:${id} room_changed`) : []),
    ...(events.length
      ? ['message', 'room_changed'].map(event => `room:${roomId}:${world.room?.epoch} ${event}`)
      : []),
  ])
}

/** One cell: the step from this place, what it was answered, what it changed and who was told; then the same again. */
async function tryCell(place: Place, step: Step): Promise<'taken' | 'repeated' | 'refused'> {
  const what = JSON.stringify({ place, step })
  try {
    const visit = await put(connection, ids, place)
    const before = await visit.see()
    const wanted = decide(before.world, step)
    expectSaid(await visit.take(step), wanted, what)
    // A refusal undoes what its call had done.
    if (wanted.is === 'refused') return 'refused'
    const now = await visit.see()
    expectSeen(before, now, wanted, what)
    const isTaken = wanted.world !== before.world
    expect(await toldSince(connection), what).toEqual(
      isTaken ? tellings(step, visit.id, visit.roomId(), before, now) : [],
    )
    if (!isTaken) return 'repeated'

    const again = decide(now.world, step)
    expect(again, what).toMatchObject({ is: 'done', events: [], entries: [] })
    await connection.owner('delete from realtime.messages')
    expectSaid(await visit.take(step), again, `${what}, again`)
    expectSeen(now, await visit.see(), again, `${what}, again`)
    expect(await toldSince(connection), `${what}, again`).toEqual([])
    return 'taken'
  } finally {
    await connection.owner('rollback')
  }
}

const COMES_WITH: Record<AppointmentStatus, RoomStatus> = {
  requested: 'pending',
  confirmed: 'open',
  in_progress: 'open',
  completed: 'open',
  cancelled: 'closed',
  no_show: 'closed',
}

describe('M15 the total tables of both machines', () => {
  const count = { taken: 0, repeated: 0, refused: 0 }

  it.each(APPOINTMENT)('M15 an appointment that is %s: every step by everybody', async from => {
    for (const to of APPOINTMENT) {
      for (const by of [...PEOPLE, 'clinic'] as const) {
        for (const [hasStarted, isOpened] of [
          [false, true],
          [true, true],
          [true, false],
        ] as const) {
          const room = isOpened ? { status: COMES_WITH[from] } : null
          count[await tryCell({ appointment: from, hasStarted, room }, { do: 'appointment', by, to })]++
        }
      }
    }
  })
  it.each(ROOM)('M15 a room that is %s: every step by everybody, whatever its appointment is', async from => {
    for (const to of ROOM) {
      for (const by of PEOPLE) {
        for (const appointment of APPOINTMENT) {
          const place: Place = { appointment, hasStarted: true, room: { status: from } }
          count[await tryCell(place, { do: 'room', by, to })]++
        }
      }
    }
  })
  it("M15 the rooms follow their appointment from every state, and the owner's own hand is bound as well", async () => {
    for (const status of ROOM) {
      for (const from of APPOINTMENT) {
        for (const to of APPOINTMENT) {
          const place: Place = { appointment: from, hasStarted: true, room: { status } }
          count[await tryCell(place, { do: 'appointment', by: 'clinic', to })]++
        }
      }
    }
    for (const from of ROOM) {
      for (const to of ROOM) {
        const visit = await put(connection, ids, {
          appointment: 'confirmed',
          hasStarted: true,
          room: { status: from },
        })
        const said = await connection.ownerAttempt(
          `update public.chat_rooms set status = '${to}' where appointment_id = '${visit.id}'`,
        )
        await connection.owner('rollback')
        const drawn: Record<RoomStatus, RoomStatus[]> = {
          pending: ['open', 'closed'],
          open: ['read_only', 'closed'],
          read_only: ['open', 'closed'],
          closed: ['open', 'archived'],
          archived: [],
        }
        const isDrawn = from === to || drawn[from].includes(to)
        expect(said, `${from} -> ${to}`).toMatchObject(
          isDrawn
            ? { isDone: true }
            : { isDone: false, message: 'transition_refused', detail: `${from}:${to}` },
        )
      }
    }
  })
  it('M15 not a cell was left out', () => {
    process.stdout.write(`M15: ${JSON.stringify(count)}\n`)
    expect(count.taken + count.repeated + count.refused).toBe(6 * 6 * 8 * 3 + 5 * 5 * 7 * 6 + 5 * 6 * 6)
    expect(count.taken).toBeGreaterThan(100)
  })
})
