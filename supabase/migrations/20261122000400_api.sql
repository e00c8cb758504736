-- The functions that clients call. Shapes and errors: docs/architecture.md.
--
-- Reads run with the caller's rights, so that row level security decides what they return. Writes are definer
-- functions: no client holds a write privilege on rooms, participants or messages.

-- Missing and forbidden are one answer.
create function private.fail_not_found() returns void
language sql set search_path = '' as $$
  select private.fail(
    404, 'not_found', 'Check the address, or ask the clinic whether you take part in this appointment.')
$$;

create function private.person_json(p_id uuid, p_role text, p_display_name text, p_specialty text) returns jsonb
language sql immutable set search_path = '' as $$
  select jsonb_build_object(
    'id', p_id, 'role', p_role, 'display_name', p_display_name, 'specialty', p_specialty
  )
$$;

create function public.get_profile() returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_uid uuid := private.require_uid();
begin
  return (
    select private.person_json(p.id, p.role, p.display_name, p.specialty) || jsonb_build_object('locale', p.locale, 'time_zone', p.time_zone)
    from public.profiles p where p.id = v_uid
  );
end
$$;

-- Unread is derived. Counted up to 100: a screen says "99+" beyond.
create function private.room_summary_json(r public.chat_rooms, p_user uuid) returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object(
    'id', r.id, 'status', r.status, 'last_seq', r.last_seq, 'last_message_at', r.last_message_at,
    'unread', (
      select count(*) from (
        select 1
        from public.chat_participants p
        join public.chat_messages m on m.room_id = p.room_id and m.seq > p.read_seq
        where p.room_id = r.id and p.user_id = p_user and m.sender_id is distinct from p_user
        limit 100
      ) unread
    )
  )
$$;

create function private.appointment_json(a public.appointments, p_user uuid) returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object(
    'id', a.id,
    'patient', (select private.person_json(p.id, p.role, p.display_name, p.specialty) from public.profiles p where p.id = a.patient_id),
    'doctor', (select private.person_json(p.id, p.role, p.display_name, p.specialty) from public.profiles p where p.id = a.doctor_id),
    'starts_at', a.starts_at, 'ends_at', a.ends_at, 'mode', a.mode, 'location', a.location,
    'reason', a.reason, 'status', a.status,
    'room', (
      select private.room_summary_json(r, p_user) from public.chat_rooms r where r.appointment_id = a.id
    )
  )
$$;

-- A visit under way stays among the upcoming ones until somebody completes it, however long it takes.
create function private.is_upcoming(a public.appointments) returns boolean
language sql stable set search_path = '' as $$
  select a.status = 'in_progress' or (a.ends_at > now() and a.status in ('requested', 'confirmed'))
$$;

create function public.list_appointments(
  scope text default 'upcoming', after_starts_at timestamptz default null, after_id uuid default null,
  page_size int default 50
) returns jsonb
language plpgsql stable set search_path = '' as $$
#variable_conflict use_column
declare
  v_uid uuid := private.require_uid();
  v_size int := private.require_page_size(page_size);
  v_ids uuid[];
begin
  if coalesce(scope, 'upcoming') not in ('upcoming', 'past') then
    perform private.fail(400, 'argument_invalid', 'scope is "upcoming" or "past".', 'scope');
  end if;
  if (after_starts_at is null) <> (after_id is null) then
    perform private.fail(400, 'argument_invalid', 'Pass after_starts_at and after_id together, or neither.', 'after_id');
  end if;

  if coalesce(scope, 'upcoming') = 'upcoming' then
    v_ids := array(
      select a.id from public.appointments a
      where private.is_upcoming(a)
        and (after_id is null or (a.starts_at, a.id) > (after_starts_at, after_id))
      order by a.starts_at, a.id
      limit v_size + 1
    );
  else
    v_ids := array(
      select a.id from public.appointments a
      where not private.is_upcoming(a)
        and (after_id is null or (a.starts_at, a.id) < (after_starts_at, after_id))
      order by a.starts_at desc, a.id desc
      limit v_size + 1
    );
  end if;

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

create function public.list_rooms(
  before_message_at timestamptz default null, before_id uuid default null, page_size int default 50
) returns jsonb
language plpgsql stable set search_path = '' as $$
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
    where before_id is null
      or (coalesce(r.last_message_at, '-infinity'), r.id) < (coalesce(before_message_at, '-infinity'), before_id)
    order by coalesce(r.last_message_at, '-infinity') desc, r.id desc
    limit v_size + 1
  );

  return jsonb_build_object(
    'rooms', coalesce((
      select jsonb_agg(
        private.room_summary_json(r, v_uid)
          || jsonb_build_object('appointment_id', r.appointment_id, 'epoch', r.epoch)
        order by ids.place)
      from unnest(v_ids[:v_size]) with ordinality ids (id, place)
      join public.chat_rooms r on r.id = ids.id
    ), '[]'),
    'has_more', cardinality(v_ids) > v_size
  );
end
$$;

create function public.open_room(appointment_id uuid) returns jsonb
language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
declare
  v_uid uuid := private.require_uid();
  v_appointment public.appointments;
  v_room public.chat_rooms;
  v_role text;
begin
  select * into v_appointment from public.appointments a where a.id = open_room.appointment_id;
  select * into v_room from public.chat_rooms r where r.appointment_id = open_room.appointment_id;

  -- Made once, by whoever of the two comes first; of two at once the second finds the first one's room. The lock
  -- keeps the appointment's status still meanwhile: a room must not be born behind it.
  if v_room.id is null and v_uid in (v_appointment.patient_id, v_appointment.doctor_id) then
    select * into strict v_appointment from public.appointments a where a.id = v_appointment.id for share;
    insert into public.chat_rooms as r (appointment_id, status, reply_until, closed_at)
      values (
        v_appointment.id,
        private.room_status_for(v_appointment.status),
        case when v_appointment.status = 'completed' then v_appointment.ends_at + private.reply_window() end,
        case when private.room_status_for(v_appointment.status) = 'closed' then now() end
      )
      on conflict (appointment_id) do nothing
      returning * into v_room;
    if found then
      insert into public.chat_participants (room_id, user_id, role) values
        (v_room.id, v_appointment.patient_id, 'patient'), (v_room.id, v_appointment.doctor_id, 'doctor');
    else
      select * into strict v_room from public.chat_rooms r where r.appointment_id = open_room.appointment_id;
    end if;
  end if;

  select p.role into v_role from public.chat_participants p
    where p.room_id = v_room.id and p.user_id = v_uid and p.left_at is null;
  if v_role is null then
    perform private.fail_not_found();
  end if;

  return jsonb_build_object(
    'me', v_uid,
    'appointment', private.appointment_json(v_appointment, v_uid),
    'room', jsonb_build_object(
      'id', v_room.id, 'appointment_id', v_room.appointment_id, 'status', v_room.status, 'epoch', v_room.epoch,
      'last_seq', v_room.last_seq, 'reply_until', v_room.reply_until,
      'reply_block', private.reply_block(
        v_room.status, v_room.reply_until, v_room.patient_may_reply, v_appointment.status, v_role),
      'participants', (
        select jsonb_agg(
          private.person_json(who.id, p.role, who.display_name, who.specialty) || jsonb_build_object(
            'delivered_seq', p.delivered_seq, 'read_seq', p.read_seq, 'left_at', p.left_at)
          order by p.joined_at, p.role desc, p.user_id)
        from public.chat_participants p join public.profiles who on who.id = p.user_id
        where p.room_id = v_room.id
      )
    )
  );
end
$$;

create function public.send_message(id uuid, room_id uuid, body text, reply_to uuid default null) returns jsonb
language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
declare
  v_uid uuid := private.require_uid();
  v_room public.chat_rooms;
  v_message public.chat_messages;
  v_role text;
  v_block text;
  v_body text;
begin
  if send_message.id is null then
    perform private.fail(400, 'argument_invalid', 'id is a UUID that the client makes, once per message.', 'id');
  end if;

  -- Locks in this order everywhere: the participant, then the room. Whoever removes a participant takes the same
  -- two, so a message is either before the removal or refused.
  select p.role into v_role from public.chat_participants p
    where p.room_id = send_message.room_id and p.user_id = v_uid and p.left_at is null
    for no key update;
  if not found then
    perform private.fail_not_found();
  end if;
  select * into strict v_room from public.chat_rooms r where r.id = send_message.room_id for no key update;

  -- Sent before: the same message, whatever has happened to the room or to its text since.
  select * into v_message from public.chat_messages m
    where m.room_id = v_room.id and m.id = send_message.id;
  if found then
    if v_message.sender_id is distinct from v_uid then
      perform private.fail(409, 'id_conflict', 'Make a new id for this message.');
    end if;
    return to_jsonb(v_message);
  end if;

  select private.reply_block(v_room.status, v_room.reply_until, v_room.patient_may_reply, a.status, v_role)
    into v_block from public.appointments a where a.id = v_room.appointment_id;
  if v_block is not null then
    perform private.fail(403, 'reply_blocked', private.reply_block_hint(v_block), v_block);
  end if;

  v_body := private.normalise_body(send_message.body);
  if private.is_visible(v_body) is not true then
    perform private.fail(400, 'message_empty', 'Write something before sending.');
  end if;
  if char_length(v_body) > 4000 then
    perform private.fail(400, 'message_too_long', 'Shorten the message, or send it in two parts.', '4000');
  end if;
  if send_message.reply_to is not null and not exists (
    select 1 from public.chat_messages m where m.room_id = v_room.id and m.id = send_message.reply_to
  ) then
    perform private.fail(400, 'reply_not_found', 'Send it without the quote, or quote a message of this conversation.');
  end if;

  return to_jsonb(private.append_message(
    send_message.id, v_room.id, v_uid, 'text', v_body, null, send_message.reply_to));
end
$$;

create function public.list_messages(
  room_id uuid, before_seq bigint default null, after_seq bigint default null, page_size int default 50
) returns jsonb
language plpgsql stable set search_path = '' as $$
#variable_conflict use_column
declare
  v_uid uuid := private.require_uid();
  v_size int := private.require_page_size(page_size);
  v_room public.chat_rooms;
  v_messages jsonb;
begin
  if before_seq is not null and after_seq is not null then
    perform private.fail(400, 'argument_invalid', 'Pass before_seq or after_seq, not both.', 'after_seq');
  end if;
  select * into v_room from public.chat_rooms r where r.id = list_messages.room_id;
  if not found then
    perform private.fail_not_found();
  end if;

  if after_seq is not null then
    v_messages := (
      select jsonb_agg(to_jsonb(page) order by page.seq) from (
        select * from public.chat_messages m
        where m.room_id = v_room.id and m.seq > after_seq
        order by m.seq limit v_size
      ) page
    );
  else
    v_messages := (
      select jsonb_agg(to_jsonb(page) order by page.seq) from (
        select * from public.chat_messages m
        where m.room_id = v_room.id and (before_seq is null or m.seq < before_seq)
        order by m.seq desc limit v_size
      ) page
    );
  end if;

  return jsonb_build_object(
    'messages', coalesce(v_messages, '[]'),
    -- A seq has no gaps, so the ends of the page tell whether there is more.
    'has_more', case
      when after_seq is not null then coalesce((v_messages -> -1 ->> 'seq')::bigint, v_room.last_seq) < v_room.last_seq
      else coalesce((v_messages -> 0 ->> 'seq')::bigint, 1) > 1
    end,
    'last_seq', v_room.last_seq,
    'epoch', v_room.epoch
  );
end
$$;

create function public.mark_read(room_id uuid, read_seq bigint default null, delivered_seq bigint default null)
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
  select p.* into v_before from public.chat_participants p
    where p.room_id = mark_read.room_id and p.user_id = v_uid and p.left_at is null
    for no key update;
  if not found then
    perform private.fail_not_found();
  end if;
  select * into v_room from public.chat_rooms r where r.id = v_before.room_id;

  update public.chat_participants p
    set read_seq = greatest(p.read_seq, least(coalesce(mark_read.read_seq, 0), v_room.last_seq)),
        delivered_seq = greatest(
          p.delivered_seq, least(greatest(mark_read.read_seq, mark_read.delivered_seq), v_room.last_seq))
    where p.room_id = v_before.room_id and p.user_id = v_uid
    returning p.* into v_after;

  if (v_after.read_seq, v_after.delivered_seq) is distinct from (v_before.read_seq, v_before.delivered_seq) then
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

-- Rights. PostgreSQL lets everybody execute a new function, and Supabase's defaults name anon and authenticated as
-- well: take all of it back, then give what is meant.

revoke execute on all functions in schema private from public, anon, authenticated;
grant execute on function
  private.active_uid(), private.is_admin(), private.my_room_ids(), private.my_contact_ids(), private.may_join(text),
  private.fail(int, text, text, text), private.fail_not_found(), private.require_uid(), private.require_page_size(int),
  private.person_json(uuid, text, text, text), private.room_summary_json(public.chat_rooms, uuid),
  private.appointment_json(public.appointments, uuid), private.is_upcoming(public.appointments),
  private.check_time_zone(), private.touch_updated_at()
to authenticated;

do $$
declare
  v_function regprocedure;
begin
  foreach v_function in array array[
    'public.get_profile()', 'public.list_appointments(text, timestamptz, uuid, int)',
    'public.list_rooms(timestamptz, uuid, int)', 'public.open_room(uuid)',
    'public.send_message(uuid, uuid, text, uuid)', 'public.list_messages(uuid, bigint, bigint, int)',
    'public.mark_read(uuid, bigint, bigint)'
  ]::regprocedure[] loop
    execute format('revoke execute on function %s from public, anon, authenticated', v_function);
    execute format('grant execute on function %s to authenticated', v_function);
  end loop;
end
$$;
