-- Opening rooms and listing them, with what the screens need to know of each; and, at the end, who may call what.

create or replace function private.room_changed_json(r public.chat_rooms) returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object(
    'room_id', r.id, 'appointment_id', r.appointment_id, 'epoch', r.epoch, 'status', r.status,
    'last_seq', r.last_seq, 'last_message_at', r.last_message_at, 'last_change', r.last_change,
    'waiting_since', r.waiting_since
  )
$$;

-- Unread is derived: what others said, notices included, after the read cursor. Counted up to 100: a screen says "99+"
-- beyond. What merely happened (confirmed, started …) waits for nobody's reading.
create or replace function private.room_summary_json(r public.chat_rooms, p_user uuid) returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object(
    'id', r.id, 'status', r.status, 'last_seq', r.last_seq, 'last_message_at', r.last_message_at,
    'unread', (
      -- In order, though it does not matter which: so that they are looked for in the room, not in the table.
      select count(*) from (
        select 1 from public.chat_messages m
        where m.room_id = r.id and m.sender_id is distinct from p_user and (m.kind <> 'system' or m.body is not null)
          and m.seq > (select p.read_seq from public.chat_participants p where p.room_id = r.id and p.user_id = p_user)
        order by m.seq limit 100
      ) unread
    )
  )
$$;

-- The room is shown to who takes part in it.
create or replace function private.appointment_json(a public.appointments, p_user uuid) returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object(
    'id', a.id, 'patient', private.person_json_of(a.patient_id), 'doctor', private.person_json_of(a.doctor_id),
    'starts_at', a.starts_at, 'ends_at', a.ends_at, 'mode', a.mode, 'location', a.location,
    'reason', a.reason, 'status', a.status, 'status_reason', a.status_reason,
    'room', (
      select private.room_summary_json(r, p_user) from public.chat_rooms r
      where r.appointment_id = a.id and exists (
        select 1 from public.chat_participants p where p.room_id = r.id and p.user_id = p_user and p.left_at is null)
    )
  )
$$;

create or replace function public.list_appointments(
  scope text default 'upcoming', after_starts_at timestamptz default null, after_id uuid default null,
  page_size int default 50
) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
declare
  v_uid uuid := private.require_uid();
  v_size int := private.require_page_size(page_size);
  v_is_upcoming boolean := coalesce(scope, 'upcoming') = 'upcoming';
  -- A visit under way stays among the upcoming ones until somebody completes it, however long it takes.
  v_upcoming text := $q$(a.status in ('requested', 'confirmed', 'in_progress') and (a.status = 'in_progress' or a.ends_at > now()))$q$;
  v_ids uuid[];
begin
  if coalesce(scope, 'upcoming') not in ('upcoming', 'past') then
    perform private.fail(400, 'argument_invalid', 'scope is "upcoming" or "past".', 'scope');
  end if;
  if (after_starts_at is null) <> (after_id is null) then
    perform private.fail(400, 'argument_invalid', 'Pass after_starts_at and after_id together, or neither.', 'after_id');
  end if;

  -- An administrator's list runs along an index by start; everybody else's begins with their few own.
  execute format(
    'select array(
       select a.id from public.appointments a
       where %s and %s and ($1 is null or (a.starts_at, a.id) %s ($1, $2))
       order by a.starts_at %s, a.id %4$s limit $3)',
    case when private.is_admin() then 'true' else 'a.id = any(array(select private.my_appointment_ids()))' end,
    case when v_is_upcoming then v_upcoming else 'not ' || v_upcoming end,
    case when v_is_upcoming then '>' else '<' end,
    case when v_is_upcoming then 'asc' else 'desc' end
  ) into v_ids using after_starts_at, after_id, v_size + 1;

  return jsonb_build_object(
    'appointments', coalesce((
      select jsonb_agg(private.appointment_json(a, v_uid) order by ids.place)
      from unnest(v_ids[:v_size]) with ordinality ids (id, place)
      join public.appointments a on a.id = ids.id
    ), '[]'),
    'has_more', cardinality(v_ids) > v_size
  );
end
$$;

drop function private.is_upcoming(public.appointments);

create or replace function public.list_rooms(
  before_message_at timestamptz default null, before_id uuid default null, page_size int default 50
) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
declare
  v_uid uuid := private.require_uid();
  v_size int := private.require_page_size(page_size);
  v_ids uuid[];
begin
  if before_message_at is not null and before_id is null then
    perform private.fail(400, 'argument_invalid', 'Pass before_id with before_message_at.', 'before_id');
  end if;

  -- A room without a message comes last; its place is then its id alone.
  v_ids := array(
    select r.id from public.chat_rooms r
    where r.id = any(array(
        select p.room_id from public.chat_participants p where p.user_id = v_uid and p.left_at is null)) and (
      before_id is null
      or (coalesce(r.last_message_at, '-infinity'), r.id) < (coalesce(before_message_at, '-infinity'), before_id))
    order by coalesce(r.last_message_at, '-infinity') desc, r.id desc
    limit v_size + 1
  );

  return jsonb_build_object(
    'rooms', coalesce((
      select jsonb_agg(
        private.room_summary_json(r, v_uid) || jsonb_build_object(
          'appointment_id', r.appointment_id, 'epoch', r.epoch, 'last_change', r.last_change,
          'waiting_since', r.waiting_since, 'muted_until', (
            select s.muted_until from public.chat_personal_state s where s.room_id = r.id and s.user_id = v_uid))
        order by ids.place)
      from unnest(v_ids[:v_size]) with ordinality ids (id, place)
      join public.chat_rooms r on r.id = ids.id
    ), '[]'),
    'has_more', cardinality(v_ids) > v_size
  );
end
$$;

-- A room without its messages. `p_role`: the reader's in it; null for an administrator who looks at it from outside.
create function private.room_json(r public.chat_rooms, p_appointment_status text, p_uid uuid, p_role text) returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object(
    'id', r.id, 'appointment_id', r.appointment_id, 'status', r.status, 'epoch', r.epoch,
    'last_seq', r.last_seq, 'last_change', r.last_change, 'reply_until', r.reply_until,
    'reply_block', b.block, 'next_step', private.next_step(b.block, p_role),
    'patient_may_reply', r.patient_may_reply, 'closed_at', r.closed_at, 'closed_reason', r.closed_reason,
    'locked_at', r.locked_at, 'waiting_since', r.waiting_since,
    'retain_until', r.retain_until, 'erased_at', r.erased_at,
    'participants', private.participants_json(r.id),
    'opens_at', private.next_opening(now()),
    'away', coalesce((
      select jsonb_agg(jsonb_build_object('user_id', o.user_id, 'back_at', o.back_at, 'note', o.note) order by o.back_at)
      from public.out_of_office o
      join public.chat_participants p on p.room_id = r.id and p.user_id = o.user_id and p.left_at is null
      where o.starts_at <= now() and o.back_at > now()), '[]')
  )
  from (select private.reply_block(r, p_appointment_status, p_role) as block) b
$$;

create or replace function public.open_room(appointment_id uuid) returns jsonb
language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
declare
  v_uid uuid := private.require_uid();
  v_appointment public.appointments;
  v_room public.chat_rooms;
  v_role text;
  v_state public.chat_personal_state;
begin
  perform private.take_token(v_uid, 'join');
  select * into v_appointment from public.appointments a where a.id = open_room.appointment_id;
  select * into v_room from public.chat_rooms r where r.appointment_id = open_room.appointment_id;

  if v_room.id is null and v_uid in (v_appointment.patient_id, v_appointment.doctor_id) then
    -- The lock keeps the appointment's status still meanwhile: a room must not be born behind it.
    select * into strict v_appointment from public.appointments a where a.id = v_appointment.id for share;
    v_room := private.make_room(v_appointment);
  end if;

  select p.role into v_role from public.chat_participants p
    where p.room_id = v_room.id and p.user_id = v_uid and p.left_at is null;
  if v_role is null then
    perform private.fail_not_found();
  end if;

  -- Who opened it, for the log; again within an hour is the same visit.
  insert into public.chat_personal_state as s (room_id, user_id, opened_at) values (v_room.id, v_uid, now())
    on conflict (room_id, user_id) do update set opened_at = excluded.opened_at
      where s.opened_at is null or s.opened_at < now() - interval '1 hour';
  if found then
    perform private.audit(v_room.id, v_uid, 'room_opened');
  end if;
  select * into strict v_state from public.chat_personal_state s where s.room_id = v_room.id and s.user_id = v_uid;

  return jsonb_build_object(
    'me', v_uid,
    'appointment', private.appointment_json(v_appointment, v_uid),
    'room', private.room_json(v_room, v_appointment.status, v_uid, v_role),
    'draft', case when v_state.draft_body is not null then jsonb_build_object(
      'body', v_state.draft_body, 'reply_to', v_state.draft_reply_to, 'saved_at', v_state.draft_saved_at) end,
    'muted_until', v_state.muted_until,
    'clinic', private.clinic_json()
  );
end
$$;

-- For administrators: a room's state and people, without a word of what was said; and their own live grant, if any.
create function public.inspect_room(appointment_id uuid) returns jsonb
language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
declare
  v_uid uuid := private.require_admin();
  v_appointment public.appointments;
  v_room public.chat_rooms;
begin
  select * into v_room from public.chat_rooms r where r.appointment_id = inspect_room.appointment_id;
  if not found then
    perform private.fail(404, 'not_found', 'This appointment has no conversation yet.');
  end if;
  select * into strict v_appointment from public.appointments a where a.id = v_room.appointment_id;
  perform private.audit(v_room.id, v_uid, 'room_inspected');
  return jsonb_build_object(
    'appointment', private.appointment_json(v_appointment, v_uid),
    'room', private.room_json(v_room, v_appointment.status, v_uid, null),
    'legal_hold', (select to_jsonb(h) - 'room_id' from public.legal_holds h where h.room_id = v_room.id),
    'grant', (
      select to_jsonb(g) from public.access_grants g
      where g.room_id = v_room.id and g.admin_id = v_uid and g.ended_at is null and g.expires_at > clock_timestamp())
  );
end
$$;
select private.expose('public.inspect_room(uuid)');

-- For integrators who use postgres_changes: the chat's tables, each under its policies. Nothing in them is ever
-- deleted by us (a DELETE would be told to everybody who listens, whatever the policies say).
do $$
declare
  v_table regclass;
begin
  if exists (select 1 from pg_catalog.pg_publication p where p.pubname = 'supabase_realtime' and not p.puballtables) then
    foreach v_table in array
      '{public.chat_rooms,public.chat_participants,public.chat_messages,public.chat_attachments}'::regclass[]
    loop
      if not exists (
        select 1 from pg_catalog.pg_publication_rel r join pg_catalog.pg_publication p on p.oid = r.prpubid
        where p.pubname = 'supabase_realtime' and r.prrelid = v_table
      ) then
        execute format('alter publication supabase_realtime add table %s', v_table);
      end if;
    end loop;
  end if;
end
$$;

-- Rights. Helpers are for nobody, but for those that policies and functions with the caller's rights go through.
revoke execute on all functions in schema private from public, anon, authenticated, service_role;
revoke all on all tables in schema private from public, anon, authenticated, service_role;
grant execute on function
  private.active_uid(), private.is_admin(), private.my_role(), private.my_room_ids(), private.my_appointment_ids(),
  private.my_contact_ids(), private.my_upload_paths(), private.my_permitted_paths(), private.may_join(text),
  private.fail(int, text, text, text), private.require_uid(), private.require_role(text[]),
  private.require_page_size(int), private.room_summary_json(public.chat_rooms, uuid)
to authenticated;
-- What checks and triggers go through when the clinic's own programs write with the secret key.
grant execute on function
  private.is_text_by_language(jsonb), private.allowed_media_types(), private.appointment_step(text, text),
  private.room_step(text, text), private.fail_step(text, text), private.fail(int, text, text, text)
to service_role;
-- Supabase's defaults name anon and authenticated for the counters of identity columns as well.
revoke all on sequence public.client_samples_id_seq, public.client_errors_id_seq, public.health_checks_id_seq
  from anon, authenticated;
-- The older functions of the API, for the roles that later ones are closed to as well.
select private.expose(f) from unnest('{"public.get_profile()","public.list_appointments(text,timestamptz,uuid,int)","public.list_rooms(timestamptz,uuid,int)","public.open_room(uuid)","public.mark_read(uuid,bigint,bigint)"}'::regprocedure[]) f;
-- What only the schema's owner writes: not even the clinic's own programs with the secret key get around the rules.
revoke insert, update, delete, truncate on public.audit_log, public.access_grants, public.admin_actions,
  public.chat_messages, public.chat_message_versions, public.room_erasures, public.legal_holds from service_role;
