-- How long a conversation is kept, and how it goes. Erasing removes what people wrote and leaves tombstones: that
-- there was a message, whose and when; who erased it, when and why. A legal hold keeps everything.

create table public.legal_holds (
  room_id uuid primary key references public.chat_rooms (id) on delete restrict,
  held_at timestamptz not null default now(),
  held_by uuid not null references public.profiles (id) on delete restrict,
  reason text not null check (char_length(reason) between 8 and 500)
);
alter table public.legal_holds enable row level security;
revoke all on public.legal_holds from anon, authenticated;
grant select on public.legal_holds to authenticated;
create index legal_holds_of_admin on public.legal_holds (held_by);
create policy read_admins on public.legal_holds for select to authenticated using ((select private.is_admin()));

create table public.room_erasures (
  room_id uuid primary key references public.chat_rooms (id) on delete restrict,
  erased_at timestamptz not null default now(),
  -- Null: its time was over.
  erased_by uuid references public.profiles (id) on delete restrict,
  reason text not null check (char_length(reason) between 8 and 500),
  messages int not null,
  files int not null
);
alter table public.room_erasures enable row level security;
revoke all on public.room_erasures from anon, authenticated;
grant select on public.room_erasures to authenticated;
create index room_erasures_of_admin on public.room_erasures (erased_by) where erased_by is not null;
create policy read_participants_and_admins on public.room_erasures for select to authenticated
  using (room_id in (select private.my_room_ids()) or (select private.is_admin()));

-- Files whose bytes must go: SQL cannot reach them. The worker deletes them through the storage API and then says so.
create table private.file_deletions (
  path text primary key,
  asked_at timestamptz not null default now()
);
alter table private.file_deletions enable row level security;

-- What to delete next. A path stays here until storage holds it no more.
create function private.due_file_deletions(p_limit int default 100) returns setof text
language sql set search_path = '' as $$
  delete from private.file_deletions d
    where not exists (select 1 from storage.objects o where o.bucket_id = 'chat-attachments' and o.name = d.path)
      and d.asked_at < now() - interval '1 day';
  select d.path from private.file_deletions d
    where exists (select 1 from storage.objects o where o.bucket_id = 'chat-attachments' and o.name = d.path)
    order by d.asked_at, d.path limit p_limit
$$;

-- The room, locked to be erased. Whoever opens it holds their own state and then waits for the log: in that order here as
-- well, because private.lock_room may end a grant, and so write to the log.
create function private.lock_for_erasure(p_room_id uuid) returns public.chat_rooms
language plpgsql set search_path = '' as $$
begin
  perform 1 from public.chat_rooms r where r.id = p_room_id for no key update;
  perform 1 from public.chat_personal_state s where s.room_id = p_room_id order by s.user_id for update;
  return private.lock_room(p_room_id);
end
$$;

-- Erases the room's content. The caller holds its lock (private.lock_for_erasure).
create function private.erase_content(p_room public.chat_rooms, p_actor_id uuid, p_reason text) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_messages int;
  v_files int;
  v_room public.chat_rooms;
begin
  delete from public.chat_message_versions v where v.room_id = p_room.id;
  delete from public.chat_personal_state s where s.room_id = p_room.id;
  update public.chat_messages m set body = null, erased_at = now()
    where m.room_id = p_room.id and (m.body is not null or m.kind <> 'system') and m.erased_at is null;
  get diagnostics v_messages = row_count;
  insert into private.file_deletions (path)
    select t.path from public.chat_attachments t where t.room_id = p_room.id and t.erased_at is null
    on conflict (path) do nothing;
  update public.chat_attachments t set name = null, sha256 = null, preview = null, width = null, height = null, erased_at = now()
    where t.room_id = p_room.id and t.erased_at is null;
  get diagnostics v_files = row_count;
  update public.appointments a set reason = null, status_reason = null where a.id = p_room.appointment_id;
  insert into public.room_erasures (room_id, erased_by, reason, messages, files)
    values (p_room.id, p_actor_id, p_reason, v_messages, v_files);
  update public.chat_rooms r set erased_at = now(), locked_at = null, locked_by = null where r.id = p_room.id;
  if p_room.status in ('open', 'read_only', 'pending') then
    perform private.move_room(p_room.id, 'closed', 'retention', p_actor_id, null);
  end if;
  if p_room.status <> 'archived' then
    perform private.move_room(p_room.id, 'archived', null, p_actor_id, null);
  end if;
  perform private.append_event(p_room.id, 'room_erased', p_actor_id);
  perform private.audit(p_room.id, p_actor_id, 'room_erased', null, jsonb_build_object('messages', v_messages, 'files', v_files));
  select * into strict v_room from public.chat_rooms r where r.id = p_room.id;
  perform private.tell_room_changed(v_room);
end
$$;

create function public.erase_room(room_id uuid, reason text) returns jsonb
language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
declare
  v_uid uuid := private.require_admin();
  v_reason text := private.require_reason(erase_room.reason);
  v_room public.chat_rooms := private.lock_for_erasure(erase_room.room_id);
  v_appointment_status text;
begin
  if exists (select 1 from public.legal_holds h where h.room_id = v_room.id) then
    perform private.fail(409, 'legal_hold', 'It is under a legal hold. Lift that first, if you may.');
  end if;
  select a.status into strict v_appointment_status from public.appointments a where a.id = v_room.appointment_id;
  if v_appointment_status in ('requested', 'confirmed', 'in_progress') then
    perform private.fail(409, 'appointment_not_over', 'Complete or cancel the appointment first.', v_appointment_status);
  end if;
  if v_room.erased_at is null then
    perform private.erase_content(v_room, v_uid, v_reason);
  end if;
  return (select to_jsonb(e) from public.room_erasures e where e.room_id = v_room.id);
end
$$;
select private.expose('public.erase_room(uuid, text)');

create function public.set_legal_hold(room_id uuid, is_held boolean, reason text) returns void
language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
declare
  v_uid uuid := private.require_admin();
  v_reason text := private.require_reason(set_legal_hold.reason);
  v_room public.chat_rooms := private.lock_room(set_legal_hold.room_id);
begin
  if set_legal_hold.is_held is null then
    perform private.fail(400, 'argument_invalid', 'is_held is true or false.', 'is_held');
  end if;
  if v_room.erased_at is not null then
    perform private.fail(409, 'room_erased', 'There is nothing left to hold.');
  end if;
  if set_legal_hold.is_held then
    insert into public.legal_holds (room_id, held_by, reason) values (v_room.id, v_uid, v_reason)
      on conflict (room_id) do nothing;
  else
    delete from public.legal_holds h where h.room_id = v_room.id;
  end if;
  if found then
    perform private.audit(v_room.id, v_uid, case when set_legal_hold.is_held then 'hold_set' else 'hold_lifted' end,
      private.note_admin_action(v_uid, case when set_legal_hold.is_held then 'hold_set' else 'hold_lifted' end, v_reason, v_room.id));
  end if;
end
$$;
select private.expose('public.set_legal_hold(uuid, boolean, text)');

-- Whose time comes within so many days: shown before it happens. Soonest first.
create function public.list_due_erasures(within_days int default 30, page_size int default 50) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_uid uuid := private.require_admin();
  v_size int := private.require_page_size(page_size);
begin
  if coalesce(within_days, 30) not between 0 and 36500 then
    perform private.fail(400, 'argument_invalid', 'within_days is a whole number from 0 to 36500.', 'within_days');
  end if;
  return coalesce((
    select jsonb_agg(jsonb_build_object('room_id', due.id, 'appointment_id', due.appointment_id,
      'retain_until', due.retain_until, 'is_held', due.is_held) order by due.retain_until, due.id)
    from (
      select r.*, exists (select 1 from public.legal_holds h where h.room_id = r.id) as is_held
      from public.chat_rooms r
      where r.erased_at is null and r.retain_until <= now() + make_interval(days => coalesce(within_days, 30))
      order by r.retain_until, r.id limit v_size
    ) due), '[]');
end
$$;
select private.expose('public.list_due_erasures(int, int)');

-- Run by the worker.
create function private.erase_due_rooms() returns int
language plpgsql set search_path = '' as $$
declare
  v_id uuid;
  v_count int := 0;
begin
  for v_id in
    select r.id from public.chat_rooms r
    where r.erased_at is null and r.retain_until <= now()
      and not exists (select 1 from public.legal_holds h where h.room_id = r.id)
    order by r.retain_until limit 20
    for no key update skip locked
  loop
    perform private.erase_content(private.lock_for_erasure(v_id), null, 'The retention period is over.');
    v_count := v_count + 1;
  end loop;
  return v_count;
end
$$;
