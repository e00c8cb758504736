-- How a message gets its place, and who is told: the one way in, shared by people's messages and system messages.

-- Why this person may not write here now; null: they may. One function for the check and for the screen.
create function private.reply_block(
  p_room_status text, p_reply_until timestamptz, p_patient_may_reply boolean,
  p_appointment_status text, p_role text
) returns text
language sql stable set search_path = '' as $$
  select case
    when p_room_status = 'archived' then 'room_archived'
    when p_appointment_status = 'cancelled' then 'appointment_cancelled'
    when p_appointment_status = 'no_show' then 'appointment_missed'
    when p_room_status = 'closed' then 'room_closed'
    when p_room_status = 'pending' then 'appointment_not_confirmed'
    when p_room_status = 'read_only' or p_reply_until <= now() then 'reply_window_over'
    when p_role = 'patient' and not p_patient_may_reply then 'patient_may_not_reply'
  end
$$;

create function private.reply_block_hint(p_block text) returns text
language sql immutable set search_path = '' as $$
  select case p_block
    when 'appointment_not_confirmed' then 'The clinic has not confirmed this appointment yet. Writing opens when it does.'
    when 'appointment_cancelled' then 'This appointment was cancelled. Book a new one, or call the clinic.'
    when 'appointment_missed' then 'This appointment did not take place. Book a new one, or call the clinic.'
    when 'reply_window_over' then 'The time for replies is over. Book a new appointment, or call the clinic.'
    when 'room_closed' then 'The clinic closed this conversation. Call the clinic if you still need help.'
    when 'room_archived' then 'This conversation is archived. Call the clinic if you still need help.'
    when 'patient_may_not_reply' then 'The clinic does not take replies here. Call the clinic if you need help.'
  end
$$;

-- Text as it is stored: NFC, LF line ends, no control characters (tab and line feed stay), no bidi overrides or
-- isolates that could make text read as something else, no white space around it. Joiners stay: emoji, Persian and
-- Indic scripts need them.
create function private.normalise_body(p_body text) returns text
language sql immutable strict set search_path = '' as $$
  select btrim(
    regexp_replace(
      normalize(replace(replace(p_body, E'\r\n', E'\n'), E'\r', E'\n'), nfc),
      E'[\\u0001-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u202a-\\u202e\\u2066-\\u2069\\ufeff]', '', 'g'
    ),
    E' \t\n\u00a0'
  )
$$;

-- Whether anything of a text can be seen: more than white space, joiners, marks of direction and blank letters.
create function private.is_visible(p_body text) returns boolean
language sql immutable strict set search_path = '' as $$
  select p_body ~ E'[^\\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028\u2029\u2060-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\uffa0\U000E0000-\U000E0FFF]'
$$;

create function private.room_changed_json(r public.chat_rooms) returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object(
    'room_id', r.id, 'appointment_id', r.appointment_id, 'epoch', r.epoch, 'status', r.status,
    'last_seq', r.last_seq, 'last_message_at', r.last_message_at
  )
$$;

create function private.tell_user(p_user uuid, p_event text, p_payload jsonb) returns void
language sql set search_path = '' as $$
  select realtime.send(p_payload, p_event, 'user:' || p_user, true)
$$;

create function private.tell_room(r public.chat_rooms, p_event text, p_payload jsonb) returns void
language sql set search_path = '' as $$
  select realtime.send(p_payload, p_event, 'room:' || r.id || ':' || r.epoch, true)
$$;

-- Gives the message its seq and tells everybody. The caller holds the room's row lock, or takes it here: seq order
-- is commit order, and a seq taken by a transaction that fails is given back with it.
create function private.append_message(
  p_id uuid, p_room_id uuid, p_sender_id uuid, p_kind text, p_body text, p_event jsonb, p_reply_to uuid
) returns public.chat_messages
language plpgsql set search_path = '' as $$
declare
  v_room public.chat_rooms;
  v_message public.chat_messages;
begin
  update public.chat_rooms r
    set last_seq = r.last_seq + 1, last_message_at = clock_timestamp()
    where r.id = p_room_id
    returning * into strict v_room;

  insert into public.chat_messages (id, room_id, seq, sender_id, kind, body, event, reply_to, created_at)
    values (p_id, p_room_id, v_room.last_seq, p_sender_id, p_kind, p_body, p_event, p_reply_to,
            v_room.last_message_at)
    returning * into v_message;

  -- A sender has seen their own message. What came before it and was not read stays unread.
  update public.chat_participants p
    set delivered_seq = v_message.seq, read_seq = v_message.seq
    where p.room_id = p_room_id and p.user_id = p_sender_id and p.read_seq = v_message.seq - 1;

  perform private.tell_room(v_room, 'message', jsonb_build_object('message', to_jsonb(v_message)));
  perform private.tell_user(p.user_id, 'room_changed', private.room_changed_json(v_room))
    from public.chat_participants p
    where p.room_id = p_room_id and p.left_at is null and p.user_id is distinct from p_sender_id;
  return v_message;
end
$$;

create function private.append_event(p_room_id uuid, p_type text, p_actor_id uuid) returns void
language sql set search_path = '' as $$
  select private.append_message(
    gen_random_uuid(), p_room_id, null, 'system', null,
    jsonb_build_object('type', p_type, 'actor_id', p_actor_id), null
  )
$$;

-- Removing somebody: from this commit on, events go to a topic that they were never allowed to join.
create function private.participant_left() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  v_room public.chat_rooms;
begin
  update public.chat_rooms r set epoch = r.epoch + 1 where r.id = new.room_id returning * into v_room;
  perform private.tell_user(p.user_id, 'room_changed', private.room_changed_json(v_room))
    from public.chat_participants p
    where p.room_id = new.room_id and (p.left_at is null or p.user_id = new.user_id);
  return null;
end
$$;

create trigger participant_left after update of left_at on public.chat_participants
  for each row when (old.left_at is null and new.left_at is not null)
  execute function private.participant_left();

-- The room follows its appointment.
create function private.room_status_for(p_appointment_status text) returns text
language sql immutable set search_path = '' as $$
  select case p_appointment_status
    when 'requested' then 'pending'
    when 'cancelled' then 'closed'
    when 'no_show' then 'closed'
    else 'open'
  end
$$;

-- How long after a completed visit the conversation stays open.
create function private.reply_window() returns interval
language sql immutable set search_path = '' as $$ select interval '14 days' $$;

create function private.follow_appointment() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  v_room public.chat_rooms;
begin
  update public.chat_rooms r
    set status = private.room_status_for(new.status),
        reply_until = case when new.status = 'completed' then now() + private.reply_window() end,
        closed_at = case when private.room_status_for(new.status) = 'closed' then now() end
    where r.appointment_id = new.id
    returning * into v_room;
  if found then
    perform private.append_event(
      v_room.id,
      case new.status
        when 'confirmed' then 'appointment_confirmed' when 'in_progress' then 'appointment_started'
        when 'completed' then 'appointment_completed' else 'appointment_cancelled'
      end,
      auth.uid()
    ) where new.status in ('confirmed', 'in_progress', 'completed', 'cancelled');
    select * into v_room from public.chat_rooms r where r.id = v_room.id;
    perform private.tell_room(v_room, 'room_changed', private.room_changed_json(v_room));
  end if;
  perform private.tell_user(u, 'appointment_changed', jsonb_build_object('appointment_id', new.id))
    from unnest(array[new.patient_id, new.doctor_id]) u;
  return null;
end
$$;

create trigger follow_appointment after update of status on public.appointments
  for each row when (old.status is distinct from new.status)
  execute function private.follow_appointment();
