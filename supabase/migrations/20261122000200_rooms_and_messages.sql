-- Rooms, participants, messages: what may be read, and the helpers that decide it.
--
--   room  pending -> open <-> read_only -> closed -> archived
--
-- Nothing here is written by clients: rows appear through the functions of the API and through triggers only.

create table public.chat_rooms (
  id uuid primary key default gen_random_uuid(),
  appointment_id uuid not null unique references public.appointments (id) on delete restrict,
  status text not null check (status in ('pending', 'open', 'read_only', 'closed', 'archived')),
  -- Part of the realtime topic's name. Rises when somebody is removed, so that they hear nothing of what follows.
  epoch int not null default 1 check (epoch > 0),
  last_seq bigint not null default 0 check (last_seq >= 0),
  last_message_at timestamptz,
  patient_may_reply boolean not null default true,
  -- Null: no date is set. Passed: the room takes no more messages, whether or not anything has run since.
  reply_until timestamptz,
  closed_at timestamptz,
  closed_by uuid references public.profiles (id) on delete restrict,
  created_at timestamptz not null default now()
);
alter table public.chat_rooms enable row level security;
revoke all on public.chat_rooms from anon, authenticated;
grant select on public.chat_rooms to authenticated;

create index chat_rooms_closed_by on public.chat_rooms (closed_by) where closed_by is not null;

create table public.chat_participants (
  room_id uuid not null references public.chat_rooms (id) on delete restrict,
  user_id uuid not null references public.profiles (id) on delete restrict,
  role text not null check (role in ('patient', 'doctor')),
  delivered_seq bigint not null default 0,
  read_seq bigint not null default 0 check (read_seq >= 0),
  muted_until timestamptz,
  joined_at timestamptz not null default now(),
  left_at timestamptz,
  primary key (room_id, user_id),
  check (delivered_seq >= read_seq)
);
alter table public.chat_participants enable row level security;
revoke all on public.chat_participants from anon, authenticated;
grant select on public.chat_participants to authenticated;

create index chat_participants_rooms_of_user on public.chat_participants (user_id, room_id) where left_at is null;
-- The foreign key's own index: also finds those who left.
create index chat_participants_user on public.chat_participants (user_id);

-- A row is the message as the API answers it: every column is one of its keys.
-- The key holds the room: a message id made by a client means something within its room only, and so tells nobody
-- whether it is taken elsewhere.
create table public.chat_messages (
  id uuid not null,
  room_id uuid not null references public.chat_rooms (id) on delete restrict,
  seq bigint not null check (seq > 0),
  sender_id uuid references public.profiles (id) on delete restrict,
  kind text not null check (kind in ('text', 'image', 'file', 'system')),
  body text check (char_length(body) between 1 and 4000),
  event jsonb,
  reply_to uuid,
  created_at timestamptz not null default now(),
  edited_at timestamptz,
  retracted_at timestamptz,
  primary key (room_id, id),
  constraint chat_messages_in_order unique (room_id, seq),
  foreign key (room_id, reply_to) references public.chat_messages (room_id, id) on delete restrict,
  check ((kind = 'system') = (sender_id is null)),
  check ((kind = 'system') = (event is not null)),
  check (kind <> 'text' or body is not null or retracted_at is not null)
);
alter table public.chat_messages enable row level security;
revoke all on public.chat_messages from anon, authenticated;
grant select on public.chat_messages to authenticated;

create index chat_messages_replies_to on public.chat_messages (room_id, reply_to) where reply_to is not null;
create index chat_messages_of_sender on public.chat_messages (sender_id);

-- what is mine --------------------------------------------------------------------------------------------------

create function private.my_room_ids() returns setof uuid
language sql stable security definer set search_path = '' as $$
  select p.room_id from public.chat_participants p
  where p.user_id = private.active_uid() and p.left_at is null
$$;

-- The people whose name and role the caller may see: those of their appointments and of their rooms.
create function private.my_contact_ids() returns setof uuid
language sql stable security definer set search_path = '' as $$
  select a.doctor_id from public.appointments a where a.patient_id = private.active_uid()
  union
  select a.patient_id from public.appointments a where a.doctor_id = private.active_uid()
  union
  select p.user_id from public.chat_participants p where p.room_id in (select private.my_room_ids())
$$;

create policy read_self_and_contacts on public.profiles for select to authenticated using (
  id = (select private.active_uid())
  or id in (select private.my_contact_ids())
  or (select private.is_admin())
);

create policy update_self on public.profiles for update to authenticated
  using (id = (select private.active_uid()))
  with check (id = (select private.active_uid()));

create policy read_participants on public.chat_rooms for select to authenticated
  using (id in (select private.my_room_ids()));

create policy read_participants on public.chat_participants for select to authenticated
  using (room_id in (select private.my_room_ids()));

create policy read_participants on public.chat_messages for select to authenticated
  using (room_id in (select private.my_room_ids()));

-- Who may join which topic, who may send to it. Only `live:` topics take anything from clients; `room:` and `user:`
-- topics are the database's own voice.
create function private.may_join(p_topic text) returns boolean
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
  v_part := regexp_match(p_topic, '^(?:room|live):([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}):([1-9][0-9]{0,8})$');
  if v_part is null then
    return false;
  end if;
  return exists (
    select 1
    from public.chat_participants p
    join public.chat_rooms r on r.id = p.room_id
    where p.user_id = v_uid and p.left_at is null and r.id = v_part[1]::uuid and r.epoch = v_part[2]::int
  );
end
$$;

create policy read_joined on realtime.messages for select to authenticated using (
  topic = (select realtime.topic())
  and extension in ('broadcast', 'presence')
  and (select private.may_join(realtime.topic()))
);

create policy send_live on realtime.messages for insert to authenticated with check (
  topic = (select realtime.topic())
  and extension in ('broadcast', 'presence')
  and (select realtime.topic()) like 'live:%'
  and (select private.may_join(realtime.topic()))
);
