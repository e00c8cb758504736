-- Receipts that say when: a log of how the cursors moved.

-- Written by mark_read, one row a move. Sending moves a cursor as well, but only over the sender's own message, of which
-- nobody is told that its sender has read it. From where as well as to where: what was read before this log began, or set
-- by the clinic's own system, then has no time, instead of a wrong one.
create table private.cursor_moves (
  room_id uuid not null,
  user_id uuid not null,
  delivered_from bigint not null,
  delivered_seq bigint not null,
  read_from bigint not null,
  read_seq bigint not null,
  at timestamptz not null default clock_timestamp(),
  -- The first that reached a seq is one step in either index: cursors only rise.
  primary key (room_id, user_id, delivered_seq, read_seq),
  foreign key (room_id, user_id) references public.chat_participants (room_id, user_id) on delete cascade,
  check (delivered_seq >= delivered_from and read_seq >= read_from)
);
alter table private.cursor_moves enable row level security;
create index cursor_moves_by_reading on private.cursor_moves (room_id, user_id, read_seq, delivered_seq);
revoke all on private.cursor_moves from public, anon, authenticated, service_role;

create or replace function public.mark_read(room_id uuid, read_seq bigint default null, delivered_seq bigint default null)
returns jsonb
language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
declare
  v_uid uuid := private.require_uid();
  v_room public.chat_rooms;
  v_before public.chat_participants;
  v_after public.chat_participants;
begin
  if mark_read.read_seq is null and mark_read.delivered_seq is null then
    perform private.fail(400, 'argument_invalid', 'Pass read_seq, delivered_seq or both.', 'read_seq');
  end if;
  if mark_read.read_seq < 0 or mark_read.delivered_seq < 0 then
    perform private.fail(400, 'argument_invalid', 'A seq is 0 or more.', 'read_seq');
  end if;

  -- The participant's row first and alone: reading never waits for a message being sent.
  v_before := private.require_participant(mark_read.room_id, v_uid);
  select * into strict v_room from public.chat_rooms r where r.id = v_before.room_id;
  if v_room.granted_until <= clock_timestamp() then
    v_room := private.lock_room(v_room.id);
  else
    -- See private.await_receipts.
    perform pg_advisory_xact_lock_shared(hashtextextended('receipts:' || v_room.id, 0));
    select * into strict v_room from public.chat_rooms r where r.id = v_before.room_id;
  end if;

  update public.chat_participants p
    set read_seq = greatest(p.read_seq, least(coalesce(mark_read.read_seq, 0), v_room.last_seq)),
        delivered_seq = greatest(
          p.delivered_seq, least(greatest(mark_read.read_seq, mark_read.delivered_seq), v_room.last_seq))
    where p.room_id = v_before.room_id and p.user_id = v_uid
    returning p.* into v_after;

  if (v_after.read_seq, v_after.delivered_seq) is distinct from (v_before.read_seq, v_before.delivered_seq) then
    -- What is erased nobody reads any more.
    if v_room.erased_at is null then
      -- A conflict: the clinic's own system had set the cursor back. The first time stays.
      insert into private.cursor_moves (room_id, user_id, delivered_from, delivered_seq, read_from, read_seq)
        values (v_room.id, v_uid, v_before.delivered_seq, v_after.delivered_seq, v_before.read_seq, v_after.read_seq)
        on conflict do nothing;
    end if;
    perform private.tell_room(v_room, 'receipt', jsonb_build_object(
      'room_id', v_room.id, 'user_id', v_uid,
      'delivered_seq', v_after.delivered_seq, 'read_seq', v_after.read_seq));
  end if;
  -- The reader's other screens: their unread count is another one now.
  if v_after.read_seq <> v_before.read_seq then
    perform private.tell_user(v_uid, 'room_changed', private.room_changed_json(v_room));
  end if;
  return jsonb_build_object('delivered_seq', v_after.delivered_seq, 'read_seq', v_after.read_seq);
end
$$;

-- When a message of the caller's reached each of the others who are still there, and when they read it. Null: not yet, or
-- before the log began.
create function public.list_receipts(room_id uuid, message_id uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
declare
  v_uid uuid := private.require_uid();
  v_seq bigint;
begin
  if not exists (
    select 1 from public.chat_participants p
    where p.room_id = list_receipts.room_id and p.user_id = v_uid and p.left_at is null
  ) then
    perform private.fail_not_found();
  end if;
  select m.seq into v_seq from public.chat_messages m
    where m.room_id = list_receipts.room_id and m.id = list_receipts.message_id and m.sender_id = v_uid;
  if not found then
    perform private.fail(404, 'message_not_found', 'Load the conversation again.');
  end if;
  return coalesce((
    select jsonb_agg(jsonb_build_object(
      'user_id', p.user_id,
      'delivered_at', (
        select case when c.delivered_from < v_seq then c.at end from private.cursor_moves c
        where c.room_id = p.room_id and c.user_id = p.user_id and c.delivered_seq >= v_seq
        order by c.delivered_seq, c.read_seq limit 1),
      'read_at', (
        select case when c.read_from < v_seq then c.at end from private.cursor_moves c
        where c.room_id = p.room_id and c.user_id = p.user_id and c.read_seq >= v_seq
        order by c.read_seq, c.delivered_seq limit 1)
    ) order by p.joined_at, p.user_id)
    from public.chat_participants p
    where p.room_id = list_receipts.room_id and p.user_id <> v_uid and p.left_at is null
  ), '[]');
end
$$;
select private.expose('public.list_receipts(uuid, uuid)');

-- erasing takes it along ----------------------------------------------------------------------------------------

create or replace function private.erase_content(p_room public.chat_rooms, p_actor_id uuid, p_reason text) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_messages int;
  v_files int;
  v_room public.chat_rooms;
begin
  -- Who is reading at this moment has their time written down first, so that it goes as well.
  perform private.await_receipts(p_room.id);
  delete from private.cursor_moves c where c.room_id = p_room.id;
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
