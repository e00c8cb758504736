/** A visit put where a test wants it, past every rule: for tables that must reach every cell. Begins a transaction. */
import { randomUUID } from 'node:crypto'
import type { Connection } from '../empty-clinic.ts'
import type { AppointmentStatus, Person, Room } from './model.ts'
import { type Ids, type Visit, visitOf } from './visit.ts'

export interface Place {
  appointment: AppointmentStatus
  hasStarted: boolean
  room: (Pick<Room, 'status'> & Partial<Pick<Room, 'window' | 'isLocked' | 'mayPatientReply'>>) | null
}

/** Who takes part besides patient and doctor; `other_doctor` was of the care team and has left. */
const PARTS: [Person, string, boolean][] = [
  ['patient', 'patient', true],
  ['doctor', 'doctor', true],
  ['proxy', 'proxy', true],
  ['care_team', 'care_team', true],
  ['other_doctor', 'care_team', false],
]

const WINDOW = { none: 'null', running: `now() + interval '1 day'`, over: `now() - interval '1 second'` }

export async function put(connection: Connection, ids: Ids, place: Place): Promise<Visit> {
  const { appointment, hasStarted, room } = place
  const id = randomUUID()
  const start = `now() ${hasStarted ? '-' : '+'} interval '1 hour'`
  const people = PARTS.map(
    ([person, part, isIn]) =>
      `(room.id, '${ids[person]}'::uuid, '${part}', ${isIn ? 'null' : 'now()'}::timestamptz)`,
  )
  await connection.owner(`
    begin;
    set local session_replication_role = replica;
    insert into public.appointments (id, patient_id, doctor_id, starts_at, ends_at, mode, status)
      values ('${id}', '${ids.patient}', '${ids.doctor}', ${start}, ${start} + interval '30 minutes', 'video', '${appointment}');
    ${
      room
        ? `insert into public.chat_rooms (id, appointment_id, status, reply_until, closed_at, locked_at, patient_may_reply)
             values ('${id}', '${id}', '${room.status}', ${WINDOW[room.window ?? 'none']},
               ${['closed', 'archived'].includes(room.status) ? 'now()' : 'null'},
               ${room.isLocked ? 'now()' : 'null'}, ${room.mayPatientReply ?? true});
           insert into public.chat_participants (room_id, user_id, role, left_at)
             select p.* from (select '${id}'::uuid as id) room
             cross join lateral (values ${people.join(', ')}) p (room_id, user_id, role, left_at);`
        : ''
    }
    set local session_replication_role = origin;
    delete from realtime.messages`)
  return visitOf(connection, ids, id, room && id)
}

/** What has been told since the visit was put there: `<topic> <event>`, each once. */
export async function toldSince(connection: Connection): Promise<string[]> {
  const rows = await connection.owner<{ told: string }>(
    `select distinct topic || ' ' || event as told from realtime.messages order by 1`,
    [],
  )
  return rows.map(row => row.told)
}
