/** What cases begin with: SQL as the superuser. */
import { appointment, attachment, person, room, said } from '../world/ids.ts'

/** Rows changed past every trigger. */
export const quietly = (sql: string) =>
  `set local session_replication_role = replica; ${sql}; set local session_replication_role = origin`

export const roomOfA = (set: string) => quietly(`update public.chat_rooms set ${set} where id = '${room.a}'`)
export const visitOfA = (set: string) =>
  quietly(`update public.appointments set ${set} where id = '${appointment.a}'`)
export const freshMessage = (set: string) =>
  quietly(`update public.chat_messages set ${set} where room_id = '${room.a}' and id = '${said.fresh}'`)
export const pendingFile = (set: string) =>
  quietly(`update public.chat_attachments set ${set} where id = '${attachment.pending}'`)

type Name = keyof typeof person

export const leftA = (who: Name) =>
  quietly(
    `update public.chat_participants set left_at = now() where room_id = '${room.a}' and user_id = '${person[who]}'`,
  )
export const suspendedNow = (who: Name) =>
  quietly(`update public.profiles set suspended_at = now() where id = '${person[who]}'`)

/**
 * What somebody else commits while the caller waits for the lock of b. Taking it ends the grant that has run out there,
 * which is the moment to do so in a single connection.
 */
export const whileWaitingForB = (sql: string) => `
  create function private.meanwhile() returns trigger language plpgsql security definer as $$ begin
    set local session_replication_role = replica; ${sql}; set local session_replication_role = origin; return null; end $$;
  create trigger meanwhile after update on public.access_grants for each statement execute function private.meanwhile()`

/** Another administrator's, run out or not, whose end nobody has noticed yet. */
export const anotherGrant = (id: string, left: string) => `
  insert into public.access_grants (admin_id, room_id, reason, starts_at, expires_at)
    values ('${person.admin}', '${id}', 'a complaint of somebody', now() - interval '50 minutes', now() + interval '${left}');
  ${quietly(`update public.chat_rooms r set granted_until = (
    select min(g.expires_at) from public.access_grants g where g.room_id = r.id and g.ended_at is null) where r.id = '${id}'`)}`

/** A bucket with nothing in it for the next hour. */
export const usedUp = (who: Name, action: string) =>
  `insert into private.rate_buckets values ('${person[who]}', '${action}', 0, now() + interval '1 hour')
   on conflict (user_id, action) do update set tokens = 0, refilled_at = excluded.refilled_at`

/** Another version of what patients agree to; given twice it is there once. */
export const newConsent = (texts: Record<string, string>, version = 3) =>
  `insert into public.consent_texts (version, texts) values (${version}, '${JSON.stringify(texts)}') on conflict do nothing`
