-- The state machines of appointments and rooms, whoever moves them: a function of the API, the clinic's own system, a
-- job. What is not drawn here cannot happen.
--
--   appointment  requested -> confirmed -> in_progress -> completed
--                    \-----------\-------------\--> cancelled        \--> no_show (from confirmed and in_progress)
--   room         pending -> open <-> read_only -> closed -> archived
--                    \-------\-----------\--------^  \--> open (reopened)

alter table public.appointments
  add column status_reason text check (char_length(status_reason) between 1 and 500),
  add column status_changed_at timestamptz,
  add column status_changed_by uuid references public.profiles (id) on delete restrict;
create index appointments_status_changed_by on public.appointments (status_changed_by) where status_changed_by is not null;

-- Who may take the step; null: nobody, it is not a step.
create function private.appointment_step(p_from text, p_to text) returns text[]
language sql immutable set search_path = '' as $$
  select case
    when p_from = 'requested' and p_to = 'confirmed' then '{doctor,admin}'::text[]
    when p_from = 'confirmed' and p_to = 'in_progress' then '{doctor}'
    when p_from = 'in_progress' and p_to = 'completed' then '{doctor}'
    when p_from in ('requested', 'confirmed') and p_to = 'cancelled' then '{patient,doctor,admin}'
    when p_from = 'in_progress' and p_to = 'cancelled' then '{doctor,admin}'
    when p_from in ('confirmed', 'in_progress') and p_to = 'no_show' then '{doctor,admin}'
  end
$$;

-- `system`: by following the appointment or the clock, never by somebody's wish.
create function private.room_step(p_from text, p_to text) returns text[]
language sql immutable set search_path = '' as $$
  select case
    when p_from = 'pending' and p_to in ('open', 'closed') then '{system}'::text[]
    when p_from = 'open' and p_to in ('read_only', 'closed') then '{clinician,system}'
    when p_from = 'read_only' and p_to in ('open', 'closed') then '{clinician,system}'
    when p_from = 'closed' and p_to = 'open' then '{clinician}'
    when p_from = 'closed' and p_to = 'archived' then '{admin,system}'
  end
$$;

create function private.fail_step(p_from text, p_to text) returns void
language sql set search_path = '' as $$
  select private.fail(409, 'transition_refused', format('From "%s" there is no way to "%s". Load it again; somebody may have changed it.', p_from, p_to),
    p_from || ':' || p_to)
$$;

create function private.check_appointment_step() returns trigger
language plpgsql set search_path = '' as $$
begin
  if private.appointment_step(old.status, new.status) is null then
    perform private.fail_step(old.status, new.status);
  end if;
  new.status_changed_at := now();
  new.status_changed_by := auth.uid();
  return new;
end
$$;
create trigger check_step before update of status on public.appointments
  for each row when (old.status is distinct from new.status)
  execute function private.check_appointment_step();

create function private.check_room_step() returns trigger
language plpgsql set search_path = '' as $$
begin
  if private.room_step(old.status, new.status) is null then
    perform private.fail_step(old.status, new.status);
  end if;
  return new;
end
$$;
create trigger check_step before update of status on public.chat_rooms
  for each row when (old.status is distinct from new.status)
  execute function private.check_room_step();

-- why one may not write -----------------------------------------------------------------------------------------

drop function private.reply_block(text, timestamptz, boolean, text, text);

-- Why this person may not write here now; null: they may. One function for the check and for the screen.
create function private.reply_block(r public.chat_rooms, p_appointment_status text, p_role text) returns text
language sql stable set search_path = '' as $$
  select case
    when r.status = 'archived' then 'room_archived'
    when r.locked_at is not null then 'room_locked'
    when p_appointment_status = 'cancelled' then 'appointment_cancelled'
    when p_appointment_status = 'no_show' then 'appointment_missed'
    when r.status = 'closed' then 'room_closed'
    when r.status = 'pending' then 'appointment_not_confirmed'
    when r.status = 'read_only' or r.reply_until <= now() then 'reply_window_over'
    when p_role in ('patient', 'proxy') and not r.patient_may_reply then 'patient_may_not_reply'
  end
$$;

create or replace function private.reply_block_hint(p_block text) returns text
language sql immutable set search_path = '' as $$
  select case p_block
    when 'appointment_not_confirmed' then 'The clinic has not confirmed this appointment yet. Writing opens when it does.'
    when 'appointment_cancelled' then 'This appointment was cancelled. Book a new one, or call the clinic.'
    when 'appointment_missed' then 'This appointment did not take place. Book a new one, or call the clinic.'
    when 'reply_window_over' then 'The time for replies is over. Book a new appointment, or call the clinic.'
    when 'room_closed' then 'The clinic closed this conversation. Call the clinic if you still need help.'
    when 'room_archived' then 'This conversation is archived. Call the clinic if you still need help.'
    when 'room_locked' then 'The clinic stopped this conversation for now. Call the clinic if you need help.'
    when 'patient_may_not_reply' then 'The clinic does not take replies here. Call the clinic if you need help.'
  end
$$;

-- What this person can do instead.
create function private.next_step(p_block text, p_role text) returns text
language sql immutable set search_path = '' as $$
  select case
    when p_block is null then null
    when p_block = 'appointment_not_confirmed' and p_role = 'doctor' then 'confirm_appointment'
    when p_block = 'appointment_not_confirmed' then 'wait_for_confirmation'
    when p_block in ('reply_window_over', 'room_closed') and p_role in ('doctor', 'care_team') then 'reopen_room'
    when p_block in ('appointment_cancelled', 'appointment_missed', 'reply_window_over') then 'book_appointment'
    else 'call_clinic'
  end
$$;

create function public.can_reply(room_id uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
declare
  v_uid uuid := private.require_uid();
  v_role text;
  v_block text;
begin
  select p.role, private.reply_block(r, a.status, p.role) into v_role, v_block
    from public.chat_participants p
    join public.chat_rooms r on r.id = p.room_id
    join public.appointments a on a.id = r.appointment_id
    where p.room_id = can_reply.room_id and p.user_id = v_uid and p.left_at is null;
  if not found then
    perform private.fail_not_found();
  end if;
  return jsonb_build_object('may_reply', v_block is null, 'block', v_block,
    'hint', private.reply_block_hint(v_block), 'next_step', private.next_step(v_block, v_role),
    'phone', (select s.phone from public.clinic_settings s));
end
$$;
select private.expose('public.can_reply(uuid)');

-- a room is made ------------------------------------------------------------------------------------------------

-- The room of an appointment whose row the caller has locked; made once, by whoever comes first. Of two at once the
-- second finds the first one's.
create function private.make_room(a public.appointments) returns public.chat_rooms
language plpgsql security definer set search_path = '' as $$
declare
  v_status text := private.room_status_for(a.status);
  v_room public.chat_rooms;
begin
  -- Where the time for replies was over long ago the room is born read-only.
  if a.status = 'completed' and a.ends_at + private.reply_window() <= now() then
    v_status := 'read_only';
  end if;
  insert into public.chat_rooms as r (appointment_id, status, reply_until, closed_at, closed_reason, retain_until)
    values (
      a.id, v_status,
      case when a.status = 'completed' then a.ends_at + private.reply_window() end,
      case when v_status = 'closed' then now() end,
      case a.status when 'cancelled' then 'appointment_cancelled' when 'no_show' then 'appointment_missed' end,
      case when a.status in ('completed', 'cancelled', 'no_show') then a.ends_at + private.retention() end
    )
    on conflict (appointment_id) do nothing
    returning * into v_room;
  if found then
    insert into public.chat_participants (room_id, user_id, role) values
      (v_room.id, a.patient_id, 'patient'), (v_room.id, a.doctor_id, 'doctor');
  else
    select * into strict v_room from public.chat_rooms r where r.appointment_id = a.id;
  end if;
  return v_room;
end
$$;

-- The room follows its appointment; the first confirmation makes it.
create or replace function private.follow_appointment() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  v_status text := private.room_status_for(new.status);
  v_room public.chat_rooms;
begin
  if tg_op = 'INSERT' then
    if new.status in ('confirmed', 'in_progress') then
      perform private.make_room(new);
    end if;
    return null;
  end if;

  select * into v_room from public.chat_rooms r where r.appointment_id = new.id;
  if not found and new.status = 'confirmed' then
    v_room := private.make_room(new);
  elsif found then
    v_room := private.lock_room(v_room.id);
  end if;
  if v_room.id is not null then
    update public.chat_rooms r set
      -- What a clinician closed or stopped meanwhile stays so.
      status = case when private.room_step(r.status, v_status) @> '{system}' and (v_status = 'closed' or r.status = 'pending')
        then v_status else r.status end,
      reply_until = case when new.status = 'completed' then now() + private.reply_window() end,
      closed_at = case when v_status = 'closed' then coalesce(r.closed_at, now()) else r.closed_at end,
      closed_reason = case new.status when 'cancelled' then 'appointment_cancelled' when 'no_show' then 'appointment_missed'
        else r.closed_reason end,
      waiting_since = case when v_status = 'closed' then null else r.waiting_since end,
      retain_until = case when new.status in ('completed', 'cancelled', 'no_show') then now() + private.retention()
        else r.retain_until end
      where r.id = v_room.id;
    perform private.append_event(v_room.id, case new.status
        when 'confirmed' then 'appointment_confirmed' when 'in_progress' then 'appointment_started'
        when 'completed' then 'appointment_completed' when 'no_show' then 'appointment_missed'
        else 'appointment_cancelled' end,
      auth.uid());
    perform private.audit(v_room.id, auth.uid(), 'appointment_' || new.status, new.id);
    select * into strict v_room from public.chat_rooms r where r.id = v_room.id;
    perform private.tell_room_changed(v_room);
  end if;
  perform private.tell_user(u, 'appointment_changed', jsonb_build_object('appointment_id', new.id))
    from (
      select unnest(array[new.patient_id, new.doctor_id]) as u
      union
      select p.user_id from public.chat_participants p where p.room_id = v_room.id and p.left_at is null
    ) told;
  return null;
end
$$;
create trigger make_room after insert on public.appointments
  for each row execute function private.follow_appointment();

-- What the rooms of before do not know of themselves yet.
update public.chat_rooms r set
  retain_until = case when a.status in ('completed', 'cancelled', 'no_show') then a.ends_at + private.retention() end,
  closed_reason = case a.status when 'cancelled' then 'appointment_cancelled' when 'no_show' then 'appointment_missed'
    else case when r.status = 'closed' then 'by_clinician' end end,
  waiting_since = case when r.status in ('open', 'read_only') then (
    select min(m.created_at) from public.chat_messages m
    where m.room_id = r.id and m.sender_id = a.patient_id and m.seq > coalesce((
      select max(d.seq) from public.chat_messages d where d.room_id = r.id and d.sender_id = a.doctor_id), 0)) end
  from public.appointments a where a.id = r.appointment_id;

-- moving an appointment -----------------------------------------------------------------------------------------

create function public.set_appointment_status(appointment_id uuid, status text, reason text default null) returns jsonb
language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
declare
  v_uid uuid := private.require_uid();
  v_appointment public.appointments;
  v_part text;
  v_reason text := private.require_text('reason', set_appointment_status.reason, 500, true);
begin
  -- Before the locks, here and wherever this bucket is asked: two calls of one person must not wait for each other.
  perform private.take_token(v_uid, 'change');
  select * into v_appointment from public.appointments a where a.id = set_appointment_status.appointment_id;
  -- Who writes for the patient may do what the patient may; who helps the doctor looks on.
  v_part := case
    when v_uid = v_appointment.patient_id then 'patient'
    when v_uid = v_appointment.doctor_id then 'doctor'
    when v_appointment.id is not null and private.is_admin() then 'admin'
    else (
      select case p.role when 'proxy' then 'patient' else 'onlooker' end
      from public.chat_rooms r join public.chat_participants p on p.room_id = r.id
      where r.appointment_id = v_appointment.id and p.user_id = v_uid and p.left_at is null
      -- Locked as in require_participant: whoever is taken out meanwhile takes no step any more.
      for no key update of p
    )
  end;
  if v_part is null then
    perform private.fail_not_found();
  end if;
  -- Only now: an outsider must not wait for what they may not know of.
  select * into strict v_appointment from public.appointments a where a.id = v_appointment.id for no key update;
  if set_appointment_status.status is null
    or set_appointment_status.status not in ('confirmed', 'in_progress', 'completed', 'cancelled', 'no_show') then
    perform private.fail(400, 'argument_invalid', 'status is one of confirmed, in_progress, completed, cancelled, no_show.', 'status');
  end if;

  -- Asked twice, done once.
  if v_appointment.status <> set_appointment_status.status then
    if private.appointment_step(v_appointment.status, set_appointment_status.status) is null then
      perform private.fail_step(v_appointment.status, set_appointment_status.status);
    end if;
    if not v_part = any(private.appointment_step(v_appointment.status, set_appointment_status.status)) then
      perform private.fail(403, 'forbidden', 'This step is not yours to take. Ask the doctor, or call the clinic.',
        array_to_string(private.appointment_step(v_appointment.status, set_appointment_status.status), '_or_'));
    end if;
    if set_appointment_status.status = 'no_show' and v_appointment.starts_at > now() then
      perform private.fail(409, 'too_early', 'Nobody has missed it yet. Wait until it was to start, or cancel it.');
    end if;
    update public.appointments a set status = set_appointment_status.status, status_reason = v_reason
      where a.id = v_appointment.id;
    select * into strict v_appointment from public.appointments a where a.id = v_appointment.id;
  end if;
  return private.appointment_json(v_appointment, v_uid);
end
$$;
select private.expose('public.set_appointment_status(uuid, text, text)');

-- moving a room -------------------------------------------------------------------------------------------------

create function public.set_room_status(room_id uuid, status text) returns jsonb
language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
declare
  v_uid uuid := private.require_uid();
  v_part text := case when private.is_admin() then 'admin' else 'clinician' end;
  v_room public.chat_rooms;
  v_appointment public.appointments;
  v_from text;
begin
  perform private.take_token(v_uid, 'change');
  if v_part = 'clinician' then
    perform private.require_clinician(set_room_status.room_id, v_uid);
  end if;
  v_room := private.lock_room(set_room_status.room_id);
  if set_room_status.status is null or set_room_status.status not in ('open', 'read_only', 'closed', 'archived') then
    perform private.fail(400, 'argument_invalid', 'status is one of open, read_only, closed, archived.', 'status');
  end if;
  select * into strict v_appointment from public.appointments a where a.id = v_room.appointment_id;

  v_from := v_room.status;
  -- A room whose time for replies is over is read-only from that moment on, whether or not anything has run.
  if v_from = 'open' and v_room.reply_until <= now() and set_room_status.status = 'open' then
    v_from := 'read_only';
  end if;
  if v_from <> set_room_status.status then
    if private.room_step(v_from, set_room_status.status) is null
      or set_room_status.status = 'open' and v_appointment.status not in ('confirmed', 'in_progress', 'completed') then
      perform private.fail_step(v_from, set_room_status.status);
    end if;
    if not v_part = any(private.room_step(v_from, set_room_status.status)) then
      perform private.fail(403, 'forbidden', 'This step is not yours to take. Ask the doctor, or the clinic.',
        array_to_string(private.room_step(v_from, set_room_status.status), '_or_'));
    end if;
    perform private.move_room(v_room.id, set_room_status.status, 'by_clinician', v_uid,
      case when set_room_status.status = 'open' and v_appointment.status = 'completed' then now() + private.reply_window() end);
    select * into strict v_room from public.chat_rooms r where r.id = v_room.id;
  end if;
  return private.room_changed_json(v_room);
end
$$;

-- Moves the room and says so: in the room, to the screens, in the log. The caller holds the room's lock.
create function private.move_room(p_room_id uuid, p_status text, p_closed_reason text, p_actor_id uuid, p_reply_until timestamptz)
returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_room public.chat_rooms;
  v_event text := case p_status when 'open' then 'room_reopened' else 'room_' || p_status end;
begin
  update public.chat_rooms r set
    status = p_status,
    reply_until = case when p_status = 'open' then p_reply_until else r.reply_until end,
    closed_at = case p_status when 'closed' then now() when 'open' then null else r.closed_at end,
    closed_by = case p_status when 'closed' then p_actor_id when 'open' then null else r.closed_by end,
    closed_reason = case p_status when 'closed' then p_closed_reason when 'open' then null else r.closed_reason end,
    waiting_since = case when p_status in ('open', 'read_only') then r.waiting_since end,
    retain_until = case when p_status = 'closed' then greatest(r.retain_until, now() + private.retention()) else r.retain_until end
    where r.id = p_room_id;
  perform private.append_event(p_room_id, v_event, p_actor_id);
  perform private.audit(p_room_id, p_actor_id, v_event);
  select * into strict v_room from public.chat_rooms r where r.id = p_room_id;
  perform private.tell_room_changed(v_room);
end
$$;
select private.expose('public.set_room_status(uuid, text)');

create function public.set_patient_may_reply(room_id uuid, may_reply boolean) returns jsonb
language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
declare
  v_uid uuid := private.require_uid();
  v_room public.chat_rooms;
  v_event text := case when set_patient_may_reply.may_reply then 'patient_reply_allowed' else 'patient_reply_stopped' end;
begin
  perform private.take_token(v_uid, 'change');
  perform private.require_clinician(set_patient_may_reply.room_id, v_uid);
  v_room := private.lock_room(set_patient_may_reply.room_id);
  if set_patient_may_reply.may_reply is null then
    perform private.fail(400, 'argument_invalid', 'may_reply is true or false.', 'may_reply');
  end if;
  if v_room.status = 'archived' then
    perform private.fail_step('archived', 'open');
  end if;
  if v_room.patient_may_reply <> set_patient_may_reply.may_reply then
    update public.chat_rooms r set patient_may_reply = set_patient_may_reply.may_reply where r.id = v_room.id;
    perform private.append_event(v_room.id, v_event, v_uid);
    perform private.audit(v_room.id, v_uid, v_event);
    select * into strict v_room from public.chat_rooms r where r.id = v_room.id;
    perform private.tell_room_changed(v_room);
  end if;
  return private.room_changed_json(v_room);
end
$$;
select private.expose('public.set_patient_may_reply(uuid, boolean)');

-- by the clock --------------------------------------------------------------------------------------------------

-- Rooms whose reply window is over. Writing stopped at that moment by itself (private.reply_block); this makes the
-- room's status say so. Run by the worker, as often as anybody likes.
create or replace function private.close_reply_windows() returns int
language plpgsql set search_path = '' as $$
declare
  v_id uuid;
  v_count int := 0;
begin
  for v_id in
    select due.id from public.chat_rooms due
    where due.status = 'open' and due.reply_until <= now()
    order by due.reply_until limit 100
    for no key update skip locked
  loop
    perform private.lock_room(v_id);
    perform private.move_room(v_id, 'read_only', null, null, null);
    v_count := v_count + 1;
  end loop;
  return v_count;
end
$$;

-- Rooms that were closed long ago.
create function private.archive_rooms() returns int
language plpgsql set search_path = '' as $$
declare
  v_id uuid;
  v_count int := 0;
begin
  for v_id in
    select due.id from public.chat_rooms due
    where due.status = 'closed'
      and due.closed_at <= now() - (select make_interval(days => s.archive_after_days) from public.clinic_settings s)
    order by due.closed_at limit 100
    for no key update skip locked
  loop
    perform private.lock_room(v_id);
    perform private.move_room(v_id, 'archived', null, null, null);
    v_count := v_count + 1;
  end loop;
  return v_count;
end
$$;
