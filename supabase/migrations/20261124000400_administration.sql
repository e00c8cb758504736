-- What administrators may do, each with a reason that is kept: look into a room for a limited time (break-glass), lock
-- a room, take somebody out, suspend somebody, post a notice, change the clinic's settings.
--
-- An administrator reads no message without a live grant. Under one they read through functions only, and every one
-- of those reads is an entry of the audit log; the tables stay closed to them.

-- Reasons. The audit log itself holds no text.
create table public.admin_actions (
  id uuid primary key default gen_random_uuid(),
  admin_id uuid not null references public.profiles (id) on delete restrict,
  action text not null check (action ~ '^[a-z_]{3,40}$'),
  room_id uuid references public.chat_rooms (id) on delete restrict,
  user_id uuid references public.profiles (id) on delete restrict,
  reason text not null check (char_length(reason) between 8 and 500),
  created_at timestamptz not null default now()
);
alter table public.admin_actions enable row level security;
revoke all on public.admin_actions from anon, authenticated;
grant select on public.admin_actions to authenticated;
create index admin_actions_of_admin_by_time on public.admin_actions (admin_id, created_at);
create index admin_actions_of_room on public.admin_actions (room_id) where room_id is not null;
create index admin_actions_on_user on public.admin_actions (user_id) where user_id is not null;
create policy read_admins on public.admin_actions for select to authenticated using ((select private.is_admin()));

-- Checks the reason, and keeps it.
create function private.note_admin_action(
  p_admin uuid, p_action text, p_reason text, p_room_id uuid default null, p_user_id uuid default null
) returns uuid
language plpgsql security definer set search_path = '' as $$
declare
  v_reason text := private.require_reason(p_reason);
  v_id uuid;
begin
  -- A person who does not exist is found out by whoever asked for the note.
  insert into public.admin_actions (admin_id, action, room_id, user_id, reason)
    values (p_admin, p_action, p_room_id, (select p.id from public.profiles p where p.id = p_user_id), v_reason)
    returning id into v_id;
  return v_id;
end
$$;

create function private.require_admin() returns uuid
language plpgsql stable security definer set search_path = '' as $$
begin
  return private.require_role('{admin}');
end
$$;

-- break-glass ---------------------------------------------------------------------------------------------------

create table public.access_grants (
  id uuid primary key default gen_random_uuid(),
  admin_id uuid not null references public.profiles (id) on delete restrict,
  room_id uuid not null references public.chat_rooms (id) on delete restrict,
  reason text not null check (char_length(reason) between 8 and 500),
  starts_at timestamptz not null default now(),
  expires_at timestamptz not null,
  ended_at timestamptz,
  check (expires_at > starts_at and expires_at <= starts_at + interval '60 minutes')
);
alter table public.access_grants enable row level security;
revoke all on public.access_grants from anon, authenticated;
grant select on public.access_grants to authenticated;
-- At most one at a time: a longer look takes a new reason.
create unique index access_grants_live on public.access_grants (admin_id, room_id) where ended_at is null;
create index access_grants_of_room on public.access_grants (room_id, starts_at);
create index access_grants_of_admin on public.access_grants (admin_id, starts_at);
-- The people of the room see who looked and why.
create policy read_participants_and_admins on public.access_grants for select to authenticated
  using (room_id in (select private.my_room_ids()) or (select private.is_admin()));

create function private.has_grant(p_room_id uuid, p_uid uuid) returns boolean
language sql stable security definer set search_path = '' as $$
  select exists (
    select 1 from public.access_grants g join public.profiles p on p.id = g.admin_id
    where g.admin_id = p_uid and g.room_id = p_room_id and g.ended_at is null and g.expires_at > clock_timestamp()
      and p.role = 'admin' and p.suspended_at is null
  )
$$;

-- Ends the grants `p_ids` of the room: a new epoch, so that open sockets hear nothing more; the room is told.
-- The caller holds the room's lock.
create function private.end_grants(p_room_id uuid, p_ids uuid[], p_actor_id uuid, p_action text) returns public.chat_rooms
language plpgsql security definer set search_path = '' as $$
declare
  v_room public.chat_rooms;
  v_grant public.access_grants;
begin
  perform private.await_receipts(p_room_id);
  -- First the new epoch and the new end: what is told below is told to it, and comes back here no more.
  update public.access_grants g set ended_at = least(g.expires_at, clock_timestamp())
    where g.id = any(p_ids) and g.ended_at is null;
  update public.chat_rooms r set epoch = r.epoch + 1, granted_until = (
      select min(g.expires_at) from public.access_grants g where g.room_id = p_room_id and g.ended_at is null)
    where r.id = p_room_id;
  for v_grant in select * from public.access_grants g where g.id = any(p_ids) order by g.starts_at, g.id loop
    perform private.audit(p_room_id, p_actor_id, p_action, v_grant.id, jsonb_build_object('admin_id', v_grant.admin_id));
    perform private.append_event(p_room_id, 'access_ended', v_grant.admin_id);
  end loop;
  select * into strict v_room from public.chat_rooms r where r.id = p_room_id;
  return v_room;
end
$$;

create function private.end_lapsed_grants(p_room_id uuid) returns public.chat_rooms
language plpgsql security definer set search_path = '' as $$
begin
  return private.end_grants(p_room_id, array(
    select g.id from public.access_grants g
    where g.room_id = p_room_id and g.ended_at is null and g.expires_at <= clock_timestamp()
  ), null, 'access_expired');
end
$$;

-- Run by the worker: the grant has ended already for whoever asks; this tells those who look.
create function private.end_expired_grants() returns int
language plpgsql set search_path = '' as $$
declare
  v_id uuid;
  v_count int := 0;
begin
  for v_id in
    select r.id from public.chat_rooms r where r.granted_until <= clock_timestamp()
    order by r.id limit 100 for no key update skip locked
  loop
    perform private.lock_room(v_id);
    v_count := v_count + 1;
  end loop;
  return v_count;
end
$$;

create function public.start_access(room_id uuid, reason text, minutes int default 15) returns jsonb
language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
declare
  v_uid uuid := private.require_admin();
  v_reason text := private.require_reason(start_access.reason);
  v_minutes int := coalesce(start_access.minutes, 15);
  v_room public.chat_rooms;
  v_earlier uuid;
  v_grant public.access_grants;
begin
  if v_minutes not between 1 and 60 then
    perform private.fail(400, 'argument_invalid', 'minutes is a whole number from 1 to 60. Extend it later with a new reason.', 'minutes');
  end if;
  perform private.take_token(v_uid, 'change');
  v_room := private.lock_room(start_access.room_id);
  update public.access_grants g set ended_at = clock_timestamp()
    where g.admin_id = v_uid and g.room_id = v_room.id and g.ended_at is null
    returning g.id into v_earlier;
  insert into public.access_grants (admin_id, room_id, reason, starts_at, expires_at)
    select v_uid, v_room.id, v_reason, t.now, t.now + make_interval(mins => v_minutes) from clock_timestamp() t (now)
    returning * into v_grant;
  update public.chat_rooms r set granted_until = (
      select min(g.expires_at) from public.access_grants g where g.room_id = v_room.id and g.ended_at is null)
    where r.id = v_room.id;
  perform private.audit(v_room.id, v_uid, case when v_earlier is null then 'access_started' else 'access_extended' end,
    v_grant.id, jsonb_build_object('minutes', v_minutes));
  perform private.append_event(v_room.id, case when v_earlier is null then 'access_started' else 'access_extended' end, v_uid,
    jsonb_build_object('grant_id', v_grant.id, 'minutes', v_minutes));
  return to_jsonb(v_grant);
end
$$;
select private.expose('public.start_access(uuid, text, int)');

-- One's own, or another administrator's.
create function public.end_access(grant_id uuid) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_uid uuid := private.require_admin();
  v_grant public.access_grants;
begin
  select * into v_grant from public.access_grants g where g.id = end_access.grant_id;
  if not found then
    perform private.fail(404, 'not_found', 'Load the list of grants again.');
  end if;
  perform private.lock_room(v_grant.room_id);
  if exists (select 1 from public.access_grants g where g.id = v_grant.id and g.ended_at is null) then
    perform private.end_grants(v_grant.room_id, array[v_grant.id], v_uid, 'access_ended');
  end if;
  select * into strict v_grant from public.access_grants g where g.id = v_grant.id;
  return to_jsonb(v_grant);
end
$$;
select private.expose('public.end_access(uuid)');

-- The caller as a reader of the room's messages: a participant, or an administrator with a live grant, whose reading
-- is written down as `p_action`. Anybody else: "not found".
create function private.require_reader(
  p_room_id uuid, p_uid uuid, p_action text, p_subject_id uuid default null, p_details jsonb default '{}'
) returns void
language plpgsql security definer set search_path = '' as $$
begin
  if exists (
    select 1 from public.chat_participants p
    where p.room_id = p_room_id and p.user_id = p_uid and p.left_at is null
  ) then
    return;
  end if;
  if not private.has_grant(p_room_id, p_uid) then
    perform private.fail_not_found();
  end if;
  perform private.audit(p_room_id, p_uid, p_action, p_subject_id, p_details);
end
$$;

-- A room's socket topic is open to an administrator with a grant as well; `live:` is not: they are never "present".
create or replace function private.may_join(p_topic text) returns boolean
language plpgsql stable security definer set search_path = '' as $$
declare
  v_uid uuid := private.active_uid();
  v_part text[];
begin
  if v_uid is null then
    return false;
  end if;
  if p_topic = 'user:' || v_uid then
    return true;
  end if;
  v_part := regexp_match(p_topic, '^(room|live):([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}):([1-9][0-9]{0,8})$');
  if v_part is null then
    return false;
  end if;
  return exists (
    select 1
    from public.chat_rooms r
    where r.id = v_part[2]::uuid and r.epoch = v_part[3]::int and (
      exists (
        select 1 from public.chat_participants p
        where p.room_id = r.id and p.user_id = v_uid and p.left_at is null
      )
      or (v_part[1] = 'room' and private.has_grant(r.id, v_uid))
    )
  );
end
$$;

-- emergencies ---------------------------------------------------------------------------------------------------

create function private.set_lock(p_room_id uuid, p_is_locked boolean, p_reason text) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_uid uuid := private.require_admin();
  v_room public.chat_rooms := private.lock_room(p_room_id);
  v_action text := case when p_is_locked then 'room_locked' else 'room_unlocked' end;
  v_reason text := private.require_reason(p_reason);
begin
  if (v_room.locked_at is not null) = p_is_locked then
    return;
  end if;
  update public.chat_rooms r
    set locked_at = case when p_is_locked then now() end, locked_by = case when p_is_locked then v_uid end
    where r.id = v_room.id
    returning * into v_room;
  perform private.audit(v_room.id, v_uid, v_action, private.note_admin_action(v_uid, v_action, v_reason, v_room.id));
  perform private.append_event(v_room.id, v_action, v_uid);
  select * into strict v_room from public.chat_rooms r where r.id = v_room.id;
  perform private.tell_room_changed(v_room);
end
$$;

create function public.lock_room(room_id uuid, reason text) returns void
language sql security definer set search_path = '' as $$
  select private.set_lock(lock_room.room_id, true, lock_room.reason)
$$;
select private.expose('public.lock_room(uuid, text)');

create function public.unlock_room(room_id uuid, reason text) returns void
language sql security definer set search_path = '' as $$
  select private.set_lock(unlock_room.room_id, false, unlock_room.reason)
$$;
select private.expose('public.unlock_room(uuid, text)');

create function public.post_notice(room_id uuid, body text) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_uid uuid := private.require_admin();
  v_body text := private.require_text('body', post_notice.body, 4000);
  v_room public.chat_rooms := private.lock_room(post_notice.room_id);
  v_message public.chat_messages;
begin
  perform private.take_token(v_uid, 'send');
  if v_room.status = 'archived' then
    perform private.fail(403, 'reply_blocked', private.reply_block_hint('room_archived'), 'room_archived');
  end if;
  v_message := private.append_message(gen_random_uuid(), v_room.id, null, 'system', v_body,
    jsonb_build_object('type', 'notice', 'actor_id', v_uid), null);
  perform private.audit(v_room.id, v_uid, 'notice_posted', v_message.id);
  return to_jsonb(v_message);
end
$$;
select private.expose('public.post_notice(uuid, text)');

-- Suspending somebody: refused everywhere with the next statement (private.active_uid), and deaf on open sockets,
-- because every room of theirs goes on under a new epoch.
create function private.suspended() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  v_room public.chat_rooms;
begin
  -- Somebody who is sending at this moment holds one of these, and then a room: the same order.
  perform 1 from public.chat_participants p where p.user_id = new.id order by p.room_id for no key update;
  perform private.lock_room(r.id) from (
    select distinct g.room_id as id from public.access_grants g where g.admin_id = new.id and g.ended_at is null order by 1
  ) r;
  perform private.end_grants(g.room_id, array[g.id], auth.uid(), 'access_ended')
    from public.access_grants g where g.admin_id = new.id and g.ended_at is null;
  for v_room in
    update public.chat_rooms r set epoch = r.epoch + 1
    where r.id in (
      select own.id from public.chat_rooms own
      where own.id in (select p.room_id from public.chat_participants p where p.user_id = new.id and p.left_at is null)
      order by own.id for no key update
    )
    returning r.*
  loop
    perform private.await_receipts(v_room.id);
    -- A room that nobody writes in has nothing to tell; its screens learn the epoch with the next message.
    if v_room.status in ('pending', 'open', 'read_only') then
      perform private.tell_user(p.user_id, 'room_changed', private.room_changed_json(v_room))
        from public.chat_participants p where p.room_id = v_room.id and p.left_at is null;
    end if;
  end loop;
  return null;
end
$$;
create trigger suspended after update of suspended_at on public.profiles
  for each row when (old.suspended_at is null and new.suspended_at is not null)
  execute function private.suspended();

create function private.set_suspended(p_user_id uuid, p_is_suspended boolean, p_reason text) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_uid uuid := private.require_admin();
  v_action text := case when p_is_suspended then 'user_suspended' else 'user_reinstated' end;
  v_note uuid;
begin
  if p_user_id = v_uid then
    perform private.fail(409, 'not_oneself', 'Ask another administrator.');
  end if;
  perform 1 from public.profiles p where p.id = p_user_id for no key update;
  if not found then
    perform private.fail(404, 'person_not_found', 'Choose somebody whom the clinic knows.');
  end if;
  v_note := private.note_admin_action(v_uid, v_action, p_reason, null, p_user_id);
  update public.profiles p set suspended_at = case when p_is_suspended then now() end
    where p.id = p_user_id and (p.suspended_at is not null) <> p_is_suspended;
  if found then
    perform private.audit(null, v_uid, v_action, p_user_id, jsonb_build_object('admin_action', v_note));
  end if;
end
$$;

create function public.suspend_user(user_id uuid, reason text) returns void
language sql security definer set search_path = '' as $$
  select private.set_suspended(suspend_user.user_id, true, suspend_user.reason)
$$;
select private.expose('public.suspend_user(uuid, text)');

create function public.reinstate_user(user_id uuid, reason text) returns void
language sql security definer set search_path = '' as $$
  select private.set_suspended(reinstate_user.user_id, false, reinstate_user.reason)
$$;
select private.expose('public.reinstate_user(uuid, text)');

-- the clinic's settings -----------------------------------------------------------------------------------------

create function public.update_clinic(changes jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_uid uuid := private.require_admin();
  v_before public.clinic_settings;
  v_new public.clinic_settings;
  v_key text;
  v_constraint text;
begin
  if jsonb_typeof(update_clinic.changes) is distinct from 'object' then
    perform private.fail(400, 'argument_invalid', 'changes is an object of settings, such as {"reply_window_days": 7}.', 'changes');
  end if;
  select * into strict v_before from public.clinic_settings for update;
  select k into v_key from jsonb_object_keys(update_clinic.changes) k
    where k in ('id', 'updated_at') or not to_jsonb(v_before) ? k limit 1;
  if v_key is not null then
    perform private.fail(400, 'argument_invalid', 'There is no such setting. get_clinic() names them.', 'changes');
  end if;
  begin
    v_new := jsonb_populate_record(v_before, update_clinic.changes);
    update public.clinic_settings s set
      name = v_new.name, phone = v_new.phone, time_zone = v_new.time_zone, emergency_text = v_new.emergency_text,
      expected_reply_minutes = v_new.expected_reply_minutes, reply_window_days = v_new.reply_window_days,
      edit_window_minutes = v_new.edit_window_minutes, archive_after_days = v_new.archive_after_days,
      retention_days = v_new.retention_days, max_file_bytes = v_new.max_file_bytes;
  exception
    when check_violation then
      get stacked diagnostics v_constraint = constraint_name;
      perform private.fail(400, 'argument_invalid', 'A setting is out of its range. docs/architecture.md has the ranges.',
        substring(v_constraint from '^clinic_settings_(.+)_check$'));
    when not_null_violation then
      get stacked diagnostics v_constraint = column_name;
      perform private.fail(400, 'argument_invalid', 'This setting needs a value.', v_constraint);
    when data_exception then
      perform private.fail(400, 'argument_invalid', 'A setting has a value of the wrong kind.', 'changes');
  end;
  for v_key in
    select n.key from jsonb_each(to_jsonb(v_new)) n where n.value is distinct from to_jsonb(v_before) -> n.key order by 1
  loop
    perform private.audit(null, v_uid, 'setting_changed', null, jsonb_build_object('setting', v_key));
  end loop;
  return private.clinic_json();
end
$$;
select private.expose('public.update_clinic(jsonb)');

-- Replaces all of them. `hours`: [{"weekday": 1 to 7 (Monday is 1), "opens": "09:00", "closes": "17:30"}].
create function public.set_business_hours(hours jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_uid uuid := private.require_admin();
begin
  perform 1 from public.clinic_settings for update;
  begin
    if jsonb_array_length(set_business_hours.hours) > 50 then
      raise data_exception;
    end if;
    delete from public.business_hours where true;
    insert into public.business_hours (weekday, opens, closes)
      select h.weekday, h.opens, h.closes
      from jsonb_to_recordset(set_business_hours.hours) h (weekday smallint, opens time, closes time);
    if exists (
      select 1 from public.business_hours a join public.business_hours b
        on a.weekday = b.weekday and a.opens < b.opens and b.opens < a.closes
    ) then
      raise data_exception;
    end if;
  exception when data_exception or integrity_constraint_violation then
    perform private.fail(400, 'argument_invalid',
      'hours is a list such as [{"weekday": 1, "opens": "09:00", "closes": "17:30"}]; those of a day do not overlap.', 'hours');
  end;
  perform private.audit(null, v_uid, 'setting_changed', null, '{"setting": "business_hours"}');
  return private.clinic_json();
end
$$;
select private.expose('public.set_business_hours(jsonb)');

-- reading the log -----------------------------------------------------------------------------------------------

-- For the people of a room: who opened, read or changed it, latest first, with the reason where it was an administrator.
create function public.list_access_log(room_id uuid, before_n bigint default null, page_size int default 50) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
declare
  v_uid uuid := private.require_uid();
  v_size int := private.require_page_size(page_size);
  v_entries jsonb;
begin
  if not private.is_admin() and list_access_log.room_id not in (select private.my_room_ids())
    or not exists (select 1 from public.chat_rooms r where r.id = list_access_log.room_id) then
    perform private.fail_not_found();
  end if;
  select jsonb_agg(jsonb_build_object(
      'n', page.n, 'at', page.at, 'action', page.action, 'subject_id', page.subject_id, 'details', page.details,
      'actor', private.person_json_of(page.actor_id),
      'reason', coalesce(
        (select g.reason from public.access_grants g where g.id = page.subject_id),
        (select x.reason from public.admin_actions x where x.id = page.subject_id))
    ) order by page.n desc) into v_entries
  from (
    select * from public.audit_log a
    where a.chain = list_access_log.room_id and a.n < coalesce(list_access_log.before_n, 9223372036854775807)
    order by a.n desc limit v_size
  ) page;
  return jsonb_build_object('entries', coalesce(v_entries, '[]'),
    'has_more', coalesce((v_entries -> -1 ->> 'n')::bigint, 1) > 1);
end
$$;
select private.expose('public.list_access_log(uuid, bigint, int)');

-- Whether a room's log is as it was written.
create function public.verify_access_log(room_id uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
declare
  v_uid uuid := private.require_uid();
begin
  if not private.is_admin() and verify_access_log.room_id not in (select private.my_room_ids())
    or not exists (select 1 from public.chat_rooms r where r.id = verify_access_log.room_id) then
    perform private.fail_not_found();
  end if;
  return (
    select jsonb_build_object('entries', h.n, 'hash', encode(h.hash, 'hex'),
      'problems', coalesce((select jsonb_agg(jsonb_build_object('n', v.n, 'problem', v.problem) order by v.n)
        from private.verify_audit_log(h.chain) v), '[]'))
    from private.audit_heads h where h.chain = verify_access_log.room_id
  );
end
$$;
select private.expose('public.verify_access_log(uuid)');

-- The ends of the chains, to be kept where nobody who can write to this database can write. By chain, in pages of 1000.
create function public.list_audit_heads(after_chain uuid default null) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  perform private.require_admin();
  return coalesce((
    select jsonb_agg(jsonb_build_object('chain', h.chain, 'n', h.n, 'hash', encode(h.hash, 'hex')) order by h.chain)
    from (
      select * from private.audit_heads h
      where list_audit_heads.after_chain is null or h.chain > list_audit_heads.after_chain
      order by h.chain limit 1000
    ) h), '[]');
end
$$;
select private.expose('public.list_audit_heads(uuid)');
