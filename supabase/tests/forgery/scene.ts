/**
 * A clinic in the middle of its day, with a row in every table: the visit that everybody here wants something of, and
 * another one, of the outsiders.
 */
import { randomUUID } from 'node:crypto'
import type { Connection } from '../empty-clinic.ts'
import { type Ids, makeVisit, wing } from '../states/visit.ts'

export interface Visited {
  appointment: string
  room: string
  messages: string[]
  attachments: string[]
}

export interface Scene {
  ids: Ids
  connection: Connection
  mine: Visited
  theirs: Visited
  /** A visit of mine that is over. */
  past: Visited
  /** An appointment without a room. */
  bare: string
  /** Somebody with an account and no profile. */
  nobody: string
  grant: string
  quickReplies: string[]
}

const REASON = 'The patient asked us to look.'

export async function scene() {
  const { clinic, ids } = await wing()
  const connection = await clinic.connect()
  const done = async (person: string, name: string, args: Parameters<Connection['attempt']>[2]) => {
    const said = await connection.attempt(person, name, args)
    if (!said.isDone) throw new Error(`${name}: ${said.code} ${said.message} ${said.detail}`)
    return said.answer as { id: string }
  }

  async function visit(people: Pick<Ids, 'patient' | 'doctor'>, writers: string[]): Promise<Visited> {
    const made = await makeVisit(connection, { ...ids, ...people })
    await done(people.doctor, 'set_appointment_status', { appointment_id: made.id, status: 'confirmed' })
    await made.see()
    const room = made.roomId() ?? ''
    const messages: string[] = []
    const attachments: string[] = []
    for (const person of writers) {
      if (person === ids.proxy || person === ids.care_team) {
        const role = person === ids.proxy ? 'proxy' : 'care_team'
        await done(people.doctor, 'add_participant', { room_id: room, user_id: person, role })
      }
      for (const [i, isSent] of [true, false].entries()) {
        const file = randomUUID()
        await done(person, 'start_attachment', {
          id: file,
          room_id: room,
          name: `${i}.png`,
          media_type: 'image/png',
          size_bytes: 10,
        })
        attachments.push(file)
        const id = randomUUID()
        messages.push(id)
        await done(person, 'send_message', {
          id,
          room_id: room,
          body: 'As it was said',
          attachment_ids: isSent ? [file] : null,
        })
      }
      await done(person, 'save_draft', { room_id: room, body: 'To be said' })
    }
    const [edited = '', retracted = ''] = messages
    await done(writers[0] ?? '', 'edit_message', {
      room_id: room,
      message_id: edited,
      body: 'As it was meant',
    })
    await done(writers[0] ?? '', 'retract_message', { room_id: room, message_id: retracted })
    return { appointment: made.id, room, messages, attachments }
  }

  const mine = await visit(ids, [ids.patient, ids.doctor, ids.proxy, ids.care_team])
  const theirs = await visit({ patient: ids.other_patient, doctor: ids.other_doctor }, [
    ids.other_patient,
    ids.other_doctor,
  ])
  await done(ids.doctor, 'mark_read', { room_id: mine.room, read_seq: 1 })
  const past = await visit(ids, [ids.patient])
  for (const status of ['in_progress', 'completed'])
    await done(ids.doctor, 'set_appointment_status', { appointment_id: past.appointment, status })
  const bare = (await makeVisit(connection, ids)).id
  const nobody = randomUUID()
  await connection.owner(`insert into auth.users (id) values ('${nobody}')`)
  const grant = await done(ids.admin, 'start_access', { room_id: mine.room, reason: REASON, minutes: 60 })
  await done(ids.other_doctor, 'set_out_of_office', { back_at: new Date(Date.now() + 86_400_000) })
  await done(ids.admin, 'publish_consent', { texts: { json: { en: 'What we agree on' } } })
  for (const person of [ids.patient, ids.other_patient, ids.proxy])
    await done(person, 'accept_consent', { version: 1, locale: 'en' })
  const quickReplies: string[] = []
  for (const person of [ids.doctor, ids.admin]) {
    const id = randomUUID()
    const is_shared = person === ids.admin
    await done(person, 'save_quick_reply', { id, title: 'T', body: 'B', is_shared })
    quickReplies.push(id)
  }
  await connection.owner(`
    update public.chat_attachments set status = 'clean' where message_id is not null;
    insert into storage.objects (bucket_id, name) select 'chat-attachments', path from public.chat_attachments where status = 'clean';
    insert into public.notifications (user_id, room_id, kind) select user_id, room_id, 'message' from public.chat_participants;
    insert into public.notification_preferences (user_id) select id from public.profiles;
    insert into public.push_subscriptions (user_id, endpoint, p256dh, auth) select id, 'https://push.example/' || id, 'k', 's' from public.profiles;
    insert into public.legal_holds (room_id, held_by, reason) values ('${theirs.room}', '${ids.admin}', '${REASON}');
    insert into public.room_erasures (room_id, reason, messages, files) values ('${theirs.room}', '${REASON}', 0, 0);
    insert into public.business_hours values (1, '09:00', '17:00');
    insert into public.client_samples (user_id, kind, value_ms) select id, 'send', 1 from public.profiles;
    insert into public.client_errors (user_id, kind) select id, 'offline' from public.profiles;
    insert into public.health_checks (name, status) values ('canary', 'ok');
    with rule as (insert into public.alert_rules (metric, raise_at, clear_at, severity) values ('send_ms', 2, 1, 'info') returning id)
      insert into public.alerts (rule_id, value) select id, 3 from rule`)
  await done(ids.admin, 'open_attachment', { attachment_id: mine.attachments[0] ?? '' })
  return { clinic, ids, connection, mine, theirs, past, bare, nobody, grant: grant.id, quickReplies }
}

/** Every table that holds something that somebody could want to be otherwise, and an MD5 of all that is in it. */
export async function digests(connection: Connection): Promise<Record<string, string>> {
  const tables = await connection.owner<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname in ('public', 'private', 'auth', 'storage', 'realtime') and c.relkind in ('r', 'p')
       and not c.relispartition and c.relname <> 'rate_buckets'`,
  )
  const [row] = await connection.owner<{ all: Record<string, string> }>(
    `select jsonb_object_agg(name, sum) as all from (${tables
      .map(
        ({ name }) =>
          `select '${name}' as name, md5(coalesce(string_agg(t::text, E'\\n' order by t::text), '')) as sum from ${name} t`,
      )
      .join(' union all ')}) digests`,
  )
  return row?.all ?? {}
}
