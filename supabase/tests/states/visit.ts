/** One visit in a real database: takes the steps of the model as the people that they name, and reads back the world. */
import { randomUUID } from 'node:crypto'
import { type Attempt, type Connection, type EmptyClinic, emptyClinic, type Row } from '../empty-clinic.ts'
import { PEOPLE, type Person, type Room, type Step, type World } from './model.ts'

export type Ids = Record<Person, string>
const REASON = 'The patient asked us to look.'

/** A clinic with one person of each kind. */
export async function wing(): Promise<{ clinic: EmptyClinic; ids: Ids }> {
  const clinic = await emptyClinic()
  const ids = Object.fromEntries(PEOPLE.map(person => [person, randomUUID()])) as Ids
  const roles = { patient: 'patient', proxy: 'patient', other_patient: 'patient', admin: 'admin' } as const
  await clinic.addPeople(
    PEOPLE.map(person => ({ id: ids[person], role: roles[person as keyof typeof roles] ?? 'doctor' })),
  )
  return { clinic, ids }
}

/** Everything that the model speaks of, and how long the room's log is. */
const OBSERVE = `
  select jsonb_build_object(
    'appointment', a.status, 'hasStarted', a.starts_at <= now(),
    'grant', coalesce((
      select case when g.ended_at is not null then 'ended' when g.expires_at > clock_timestamp() then 'live' else 'lapsed' end
      from public.access_grants g where g.room_id = r.id order by g.ended_at is null desc, g.starts_at desc limit 1), 'never'),
    'room', case when r.id is not null then jsonb_build_object(
      'status', r.status,
      'window', case when r.reply_until is null then 'none' when r.reply_until > now() then 'running' else 'over' end,
      'isLongClosed', r.status = 'closed' and r.closed_at < now() - interval '90 days',
      'mayPatientReply', r.patient_may_reply, 'isLocked', r.locked_at is not null,
      'epoch', r.epoch, 'lastSeq', r.last_seq, 'lastChange', r.last_change) end,
    'people', (select coalesce(jsonb_agg(jsonb_build_object('id', p.user_id, 'role', p.role, 'isIn', p.left_at is null)), '[]')
      from public.chat_participants p where p.room_id = r.id),
    'visitors', (select coalesce(jsonb_agg(s.user_id), '[]') from public.chat_personal_state s
      where s.room_id = r.id and s.opened_at is not null),
    'entries', (select coalesce(jsonb_agg(l.action order by l.n), '[]') from public.audit_log l where l.chain = r.id),
    'messages', (select coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'seq', m.seq, 'senderId', m.sender_id,
        'event', coalesce(m.event ->> 'type', ''), 'isRetracted', m.retracted_at is not null) order by m.seq), '[]')
      from public.chat_messages m where m.room_id = r.id),
    'roomId', r.id, 'grantId', (select g.id from public.access_grants g where g.room_id = r.id order by g.ended_at is null desc, g.starts_at desc limit 1))
  from public.appointments a left join public.chat_rooms r on r.appointment_id = a.id where a.id = $1`

interface Raw {
  appointment: World['appointment']
  hasStarted: boolean
  grant: World['grant']
  room: Omit<Room, 'members' | 'former' | 'visitors' | 'writers' | 'retracted'> | null
  people: { id: string; role: string; isIn: boolean }[]
  visitors: string[]
  entries: string[]
  messages: { id: string; seq: number; senderId: string | null; event: string; isRetracted: boolean }[]
  roomId: string | null
  grantId: string | null
}

export interface Seen {
  world: World
  entries: string[]
  /** The room's messages in order: the kind of event, or '' for what somebody said. */
  events: string[]
  seqs: number[]
}

export async function makeVisit(connection: Connection, ids: Ids) {
  const [made] = await connection.owner<{ id: string }>(
    `insert into public.appointments (patient_id, doctor_id, starts_at, ends_at, mode)
       values ($1, $2, now() + interval '1 day', now() + interval '25 hours', 'video') returning id`,
    [ids.patient, ids.doctor],
  )
  return visitOf(connection, ids, made?.id ?? '')
}

/** The visit `id`, seen and moved through this connection. `knownRoom`: its room, where that is known without looking. */
export function visitOf(connection: Connection, ids: Ids, id: string, knownRoom: string | null = null) {
  const nameOf = (userId: string) => PEOPLE.find(person => ids[person] === userId) ?? 'admin'
  const senderOf = (message: Raw['messages'][number]) => nameOf(message.senderId ?? '')
  /** Everybody's one message has their own id: it means something within its room only. */
  const isTheOne = (message: Raw['messages'][number]) => message.id === message.senderId
  // Where there is no room or no grant yet, a call names one that does not exist.
  let roomId = knownRoom
  let grantId: string | null = null

  async function see(): Promise<Seen> {
    const [row] = await connection.owner<Row>(OBSERVE, [id])
    const raw = Object.values(row ?? {})[0] as Raw
    roomId = raw.roomId
    grantId = raw.grantId
    const partsOf = (isIn: boolean) =>
      Object.fromEntries(
        raw.people.filter(each => each.isIn === isIn).map(each => [nameOf(each.id), each.role]),
      )
    return {
      world: {
        appointment: raw.appointment,
        hasStarted: raw.hasStarted,
        grant: raw.grant,
        room: raw.room && {
          ...raw.room,
          members: partsOf(true),
          former: partsOf(false),
          visitors: raw.visitors.map(nameOf).sort(),
          writers: raw.messages.filter(isTheOne).map(senderOf).sort(),
          retracted: raw.messages
            .filter(each => each.isRetracted)
            .map(senderOf)
            .sort(),
        },
      },
      entries: raw.entries,
      events: raw.messages.map(message => message.event),
      seqs: raw.messages.map(message => message.seq),
    }
  }

  const CLOCKS: Record<(Step & { do: 'clock' })['what'], string> = {
    visit_begins: `update public.appointments set starts_at = now() - interval '1 hour', ends_at = now() - interval '30 minutes' where id = '${id}'`,
    window_ends: `update public.chat_rooms set reply_until = now() - interval '1 second' where appointment_id = '${id}' and reply_until > now()`,
    months_pass: `update public.chat_rooms set closed_at = now() - interval '100 days' where appointment_id = '${id}' and status = 'closed'`,
    grant_lapses: `with lapsed as (
        update public.access_grants g set starts_at = now() - interval '20 minutes', expires_at = now() - interval '1 second'
        from public.chat_rooms r where r.id = g.room_id and r.appointment_id = '${id}' and g.ended_at is null returning g.room_id, g.expires_at)
      update public.chat_rooms r set granted_until = lapsed.expires_at from lapsed where r.id = lapsed.room_id`,
  }

  function take(step: Step): Promise<Attempt> {
    const room_id = roomId ?? randomUUID()
    switch (step.do) {
      case 'appointment':
        return step.by === 'clinic'
          ? connection.ownerAttempt(`update public.appointments set status = '${step.to}' where id = '${id}'`)
          : connection.attempt(ids[step.by], 'set_appointment_status', {
              appointment_id: id,
              status: step.to,
            })
      case 'room':
        return connection.attempt(ids[step.by], 'set_room_status', { room_id, status: step.to })
      case 'open':
        return connection.attempt(ids[step.by], 'open_room', { appointment_id: id })
      case 'send':
        return connection.attempt(ids[step.by], 'send_message', { id: randomUUID(), room_id, body: 'A word' })
      case 'say':
        return connection.attempt(ids[step.by], 'send_message', {
          id: ids[step.by],
          room_id,
          body: 'My word',
        })
      case 'edit':
        return connection.attempt(ids[step.by], 'edit_message', {
          room_id,
          message_id: ids[step.by],
          body: randomUUID(),
        })
      case 'retract':
        return connection.attempt(ids[step.by], 'retract_message', { room_id, message_id: ids[step.by] })
      case 'read':
        return connection.attempt(ids[step.by], 'mark_read', { room_id, read_seq: 1000 })
      case 'allow':
        return connection.attempt(ids[step.by], 'set_patient_may_reply', { room_id, may_reply: step.may })
      case 'lock':
        return connection.attempt(ids[step.by], step.is ? 'lock_room' : 'unlock_room', {
          room_id,
          reason: REASON,
        })
      case 'add':
        return connection.attempt(ids[step.by], 'add_participant', {
          room_id,
          user_id: ids[step.who],
          role: step.as,
        })
      case 'remove':
        return connection.attempt(ids[step.by], 'remove_participant', {
          room_id,
          user_id: ids[step.who],
          reason: REASON,
        })
      case 'look':
        return connection.attempt(ids[step.by], 'start_access', { room_id, reason: REASON })
      case 'look_away':
        return connection.attempt(ids[step.by], 'end_access', { grant_id: grantId ?? randomUUID() })
      case 'job':
        return connection.ownerAttempt(`select private.${step.name}()`)
      case 'clock':
        return connection.ownerAttempt(CLOCKS[step.what])
    }
  }

  return { id, see, take, roomId: () => roomId, grantId: () => grantId }
}

export type Visit = ReturnType<typeof visitOf>
