-- Who takes part in a room besides patient and doctor: colleagues of the care team, and people who write for the
-- patient (a parent, a carer). And what each of them keeps for themselves: a draft, a muted room.

-- Rooms learn what the rest of the schema needs to know of them.
alter table public.chat_rooms
  add column closed_reason text check (closed_reason in ('appointment_cancelled', 'appointment_missed', 'by_clinician', 'retention')),
  -- Locked by an administrator in an emergency: nobody writes, whatever the status.
  add column locked_at timestamptz,
  add column locked_by uuid references public.profiles (id) on delete restrict,
  -- While the patient's side waits for an answer: since when.
  add column waiting_since timestamptz,
  -- When the first of the live break-glass grants ends: with what is told next, whoever had it hears nothing more.
  add column granted_until timestamptz,
  -- Rises with every edit and retraction, so that a device that was away can ask for what has changed.
  add column last_change bigint not null default 0 check (last_change >= 0),
  -- When its content will be erased, unless a legal hold forbids it.
  add column retain_until timestamptz,
  add column erased_at timestamptz;
create index chat_rooms_locked_by on public.chat_rooms (locked_by) where locked_by is not null;
create index chat_rooms_by_retention on public.chat_rooms (retain_until) where erased_at is null and retain_until is not null;
create index chat_rooms_closed_by_time on public.chat_rooms (closed_at) where status = 'closed';
create index chat_rooms_granted on public.chat_rooms (granted_until) where granted_until is not null;
create index appointments_by_start on public.appointments (starts_at, id);
create index appointments_to_come on public.appointments (starts_at, id) where status in ('requested', 'confirmed', 'in_progress');

alter table public.chat_participants drop constraint chat_participants_role_check;
alter table public.chat_participants
  add constraint chat_participants_role_check check (role in ('patient', 'doctor', 'care_team', 'proxy'));

create table public.chat_personal_state (
  room_id uuid not null references public.chat_rooms (id) on delete cascade,
  user_id uuid not null references public.profiles (id) on delete cascade,
  muted_until timestamptz,
  draft_body text check (char_length(draft_body) between 1 and 4000),
  draft_reply_to uuid,
  draft_saved_at timestamptz,
  -- The last visit that the audit log holds; visits within an hour of it are the same one.
  opened_at timestamptz,
  primary key (room_id, user_id)
);
alter table public.chat_personal_state enable row level security;
revoke all on public.chat_personal_state from anon, authenticated;
grant select on public.chat_personal_state to authenticated;
create index chat_personal_state_of_user on public.chat_personal_state (user_id);
insert into public.chat_personal_state (room_id, user_id, muted_until)
  select p.room_id, p.user_id, p.muted_until from public.chat_participants p where p.muted_until is not null;
alter table public.chat_participants drop column muted_until;
create policy read_own on public.chat_personal_state for select to authenticated using (
  user_id = (select private.active_uid()) and room_id in (select private.my_room_ids())
);

-- what is mine --------------------------------------------------------------------------------------------------

create function private.my_appointment_ids() returns setof uuid
language sql stable security definer set search_path = '' as $$
  with me as (select private.active_uid() as id)
  select a.id from me join public.appointments a on a.patient_id = me.id
  union
  select a.id from me join public.appointments a on a.doctor_id = me.id
  union
  select r.appointment_id from me
    join public.chat_participants p on p.user_id = me.id and p.left_at is null
    join public.chat_rooms r on r.id = p.room_id
$$;

create or replace function private.my_contact_ids() returns setof uuid
language sql stable security definer set search_path = '' as $$
  select unnest(array[a.patient_id, a.doctor_id]) from public.appointments a
    where a.id in (select private.my_appointment_ids())
  union
  select p.user_id from public.chat_participants p where p.room_id in (select private.my_room_ids())
$$;

alter policy read_parties on public.appointments using (
  id in (select private.my_appointment_ids()) or (select private.is_admin())
);

-- asking for a right --------------------------------------------------------------------------------------------

-- The caller as a participant of the room, or "not found". The row stays locked: removing somebody takes the same
-- lock, so that whatever the caller does now is either before the removal or refused.
create function private.require_participant(p_room_id uuid, p_uid uuid) returns public.chat_participants
language plpgsql security definer set search_path = '' as $$
declare
  v_participant public.chat_participants;
begin
  select p.* into v_participant from public.chat_participants p
    where p.room_id = p_room_id and p.user_id = p_uid and p.left_at is null
    for no key update;
  if not found then
    perform private.fail_not_found();
  end if;
  return v_participant;
end
$$;

create function private.require_clinician(p_room_id uuid, p_uid uuid) returns public.chat_participants
language plpgsql security definer set search_path = '' as $$
declare
  v_participant public.chat_participants := private.require_participant(p_room_id, p_uid);
begin
  if v_participant.role not in ('doctor', 'care_team') then
    perform private.fail(403, 'forbidden', 'Only the clinicians of this conversation can do this. Ask them, or call the clinic.', 'clinician');
  end if;
  return v_participant;
end
$$;

-- A reason that a person can be asked about later.
create function private.require_reason(p_reason text) returns text
language plpgsql stable set search_path = '' as $$
declare
  v_reason text := private.require_text('reason', p_reason, 500);
begin
  if char_length(v_reason) < 8 then
    perform private.fail(400, 'argument_invalid', 'Say why, in 8 to 500 characters. The entry is kept.', 'reason');
  end if;
  return v_reason;
end
$$;

-- The room, locked for what follows. Whoever tells a room anything goes through here or settle_room first: a
-- break-glass grant that has run out ends with that very event, not when some job has run.
create function private.lock_room(p_room_id uuid) returns public.chat_rooms
language plpgsql security definer set search_path = '' as $$
declare
  v_room public.chat_rooms;
begin
  select r.* into v_room from public.chat_rooms r where r.id = p_room_id for no key update;
  if not found then
    perform private.fail_not_found();
  end if;
  if v_room.granted_until <= clock_timestamp() then
    return private.end_lapsed_grants(v_room.id);
  end if;
  return v_room;
end
$$;

-- Receipts are told without the room's lock, so that reading waits for nobody who sends. Whoever raises the epoch, under
-- that lock, waits here for those under way: none of them reaches the old topic after the commit.
create function private.await_receipts(p_room_id uuid) returns void
language sql set search_path = '' as $$
  select pg_advisory_xact_lock(hashtextextended('receipts:' || p_room_id, 0))
$$;

create or replace function private.tell_user(p_user uuid, p_event text, p_payload jsonb) returns void
language sql set search_path = '' as $$
  -- Somebody suspended may still have the socket open.
  select realtime.send(p_payload, p_event, 'user:' || p.id, true)
  from public.profiles p where p.id = p_user and p.suspended_at is null
$$;

-- Tells the participants' own topics and the room's that the room is another one now.
create function private.tell_room_changed(r public.chat_rooms) returns void
language sql set search_path = '' as $$
  select private.tell_room(r, 'room_changed', private.room_changed_json(r));
  select private.tell_user(p.user_id, 'room_changed', private.room_changed_json(r))
    from public.chat_participants p where p.room_id = r.id and p.left_at is null
$$;

-- Events are told in the room as messages without a sender. `p_more`: ids and numbers that belong to it.
drop function private.append_event(uuid, text, uuid);
create function private.append_event(p_room_id uuid, p_type text, p_actor_id uuid, p_more jsonb default '{}')
returns public.chat_messages
language plpgsql set search_path = '' as $$
begin
  perform private.lock_room(p_room_id);
  return private.append_message(
    gen_random_uuid(), p_room_id, null, 'system', null,
    jsonb_build_object('type', p_type, 'actor_id', p_actor_id) || p_more, null);
end
$$;

create or replace function private.participant_left() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  v_room public.chat_rooms := private.lock_room(new.room_id);
begin
  perform private.await_receipts(v_room.id);
  update public.chat_rooms r set epoch = r.epoch + 1 where r.id = new.room_id;
  perform private.append_event(new.room_id, 'participant_removed', auth.uid(), jsonb_build_object('subject_id', new.user_id));
  perform private.audit(new.room_id, auth.uid(), 'participant_removed', new.user_id);
  select * into strict v_room from public.chat_rooms r where r.id = new.room_id;
  -- Their own other screens must learn that it is over.
  perform private.tell_user(new.user_id, 'room_changed', private.room_changed_json(v_room));
  return null;
end
$$;

-- adding and removing -------------------------------------------------------------------------------------------

create function private.person_json_of(p_user uuid) returns jsonb
language sql stable set search_path = '' as $$
  select private.person_json(p.id, p.role, p.display_name, p.specialty) from public.profiles p where p.id = p_user
$$;

create function private.participants_json(p_room_id uuid) returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_agg(
    private.person_json(who.id, p.role, who.display_name, who.specialty) || jsonb_build_object(
      'delivered_seq', p.delivered_seq, 'read_seq', p.read_seq, 'left_at', p.left_at)
    order by p.joined_at, p.role desc, p.user_id)
  from public.chat_participants p join public.profiles who on who.id = p.user_id
  where p.room_id = p_room_id
$$;

-- Whether the caller runs the room: its doctor, or an administrator (who need not take part).
create function private.require_room_keeper(p_room_id uuid, p_uid uuid) returns void
language plpgsql security definer set search_path = '' as $$
begin
  if private.is_admin() then
    if not exists (select 1 from public.chat_rooms r where r.id = p_room_id) then
      perform private.fail_not_found();
    end if;
  elsif (private.require_participant(p_room_id, p_uid)).role <> 'doctor' then
    perform private.fail(403, 'forbidden', 'Only the doctor of this appointment or the clinic can do this. Ask them.', 'doctor_or_admin');
  end if;
end
$$;

create function public.add_participant(room_id uuid, user_id uuid, role text) returns jsonb
language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
declare
  v_uid uuid := private.require_uid();
  v_wanted text := case add_participant.role when 'care_team' then 'doctor' when 'proxy' then 'patient' end;
begin
  perform private.take_token(v_uid, 'change');
  perform private.require_room_keeper(add_participant.room_id, v_uid);
  if v_wanted is null then
    perform private.fail(400, 'argument_invalid', 'role is "care_team" for a colleague or "proxy" for somebody who writes for the patient.', 'role');
  end if;
  if not exists (
    select 1 from public.profiles p where p.id = add_participant.user_id and p.role = v_wanted and p.suspended_at is null
  ) then
    perform private.fail(404, 'person_not_found', 'Choose somebody whom the clinic knows, and who has that role.');
  end if;

  insert into public.chat_participants as p (room_id, user_id, role)
    values (add_participant.room_id, add_participant.user_id, add_participant.role)
    -- The patient and the doctor of the appointment come back as what they were.
    on conflict (room_id, user_id) do update set left_at = null, joined_at = now(),
        role = case when p.role in ('patient', 'doctor') then p.role else excluded.role end
      where p.left_at is not null;
  if found then
    perform private.append_event(add_participant.room_id, 'participant_added', v_uid,
      jsonb_build_object('subject_id', add_participant.user_id));
    perform private.audit(add_participant.room_id, v_uid, 'participant_added', add_participant.user_id,
      jsonb_build_object('role', add_participant.role));
  end if;
  return private.participants_json(add_participant.room_id);
end
$$;
select private.expose('public.add_participant(uuid, uuid, text)');

-- Doctors remove whom they added; a patient, whoever writes for them; everybody, themselves but patient and doctor;
-- an administrator, anybody, with a reason.
create function public.remove_participant(room_id uuid, user_id uuid, reason text default null) returns jsonb
language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
declare
  v_uid uuid := private.require_uid();
  v_me public.chat_participants;
  v_them public.chat_participants;
begin
  if private.is_admin() then
    perform private.require_room_keeper(remove_participant.room_id, v_uid);
    perform private.note_admin_action(v_uid, 'participant_removed', remove_participant.reason,
      remove_participant.room_id, remove_participant.user_id);
  else
    -- Without a lock: two people who take each other out must not wait for each other.
    select p.* into v_me from public.chat_participants p
      where p.room_id = remove_participant.room_id and p.user_id = v_uid and p.left_at is null;
    if not found then
      perform private.fail_not_found();
    end if;
  end if;
  select p.* into v_them from public.chat_participants p
    where p.room_id = remove_participant.room_id and p.user_id = remove_participant.user_id
    for no key update;
  if not found then
    perform private.fail(404, 'person_not_found', 'Choose one of the people of this conversation.');
  end if;
  if v_me.user_id is not null and not (
    v_them.role in ('care_team', 'proxy') and (v_me.role = 'doctor' or v_me.user_id = v_them.user_id)
    or v_them.role = 'proxy' and v_me.role = 'patient'
  ) then
    perform private.fail(403, 'forbidden', 'Only the clinic can take this person out. Call the clinic.', 'admin');
  end if;
  -- Whoever was taken out meanwhile takes out nobody any more: a removal has the room's lock until its commit.
  if v_me.user_id is not null then
    perform private.lock_room(v_me.room_id);
    if not exists (
      select 1 from public.chat_participants p
      where p.room_id = v_me.room_id and p.user_id = v_uid and p.left_at is null
    ) then
      perform private.fail_not_found();
    end if;
  end if;
  update public.chat_participants p set left_at = now()
    where p.room_id = v_them.room_id and p.user_id = v_them.user_id and p.left_at is null;
  return private.participants_json(v_them.room_id);
end
$$;
select private.expose('public.remove_participant(uuid, uuid, text)');

-- The doctors whom a room could be given to.
create function public.list_colleagues() returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  perform private.require_role('{doctor,admin}');
  return coalesce((
    select jsonb_agg(private.person_json(p.id, p.role, p.display_name, p.specialty) order by p.display_name, p.id)
    from public.profiles p where p.role = 'doctor' and p.suspended_at is null), '[]');
end
$$;
select private.expose('public.list_colleagues()');

-- for oneself ---------------------------------------------------------------------------------------------------

-- An empty text removes the draft. A draft is kept as typed: it is nobody's but its writer's.
create function public.save_draft(room_id uuid, body text, reply_to uuid default null) returns void
language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
declare
  v_uid uuid := private.require_uid();
  v_body text := nullif(save_draft.body, '');
begin
  perform private.require_participant(save_draft.room_id, v_uid);
  if char_length(v_body) > 4000 then
    perform private.fail(400, 'message_too_long', 'A draft is kept up to 4000 characters. Shorten it.', '4000');
  end if;
  if v_body is not null and save_draft.reply_to is not null and not exists (
    select 1 from public.chat_messages m where m.room_id = save_draft.room_id and m.id = save_draft.reply_to
  ) then
    perform private.fail(400, 'reply_not_found', 'Keep it without the quote, or quote a message of this conversation.');
  end if;
  insert into public.chat_personal_state as s (room_id, user_id, draft_body, draft_reply_to, draft_saved_at)
    values (save_draft.room_id, v_uid, v_body, case when v_body is not null then save_draft.reply_to end,
      case when v_body is not null then now() end)
    on conflict (room_id, user_id) do update set draft_body = excluded.draft_body,
      draft_reply_to = excluded.draft_reply_to, draft_saved_at = excluded.draft_saved_at;
end
$$;
select private.expose('public.save_draft(uuid, text, uuid)');

-- Null: not muted any more.
create function public.mute_room(room_id uuid, muted_until timestamptz default null) returns void
language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
declare
  v_uid uuid := private.require_uid();
begin
  perform private.require_participant(mute_room.room_id, v_uid);
  if mute_room.muted_until is not null and not (mute_room.muted_until > now() and mute_room.muted_until <= now() + interval '1 year') then
    perform private.fail(400, 'argument_invalid', 'muted_until is a moment within the next year, or nothing.', 'muted_until');
  end if;
  insert into public.chat_personal_state as s (room_id, user_id, muted_until)
    values (mute_room.room_id, v_uid, mute_room.muted_until)
    on conflict (room_id, user_id) do update set muted_until = excluded.muted_until;
end
$$;
select private.expose('public.mute_room(uuid, timestamptz)');
