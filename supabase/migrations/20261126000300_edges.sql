-- What stood at the edges of what was there already.

-- A room that a clinician made read-only while there is time left is closed for now: its time is not over.
create or replace function private.reply_block(r public.chat_rooms, p_appointment_status text, p_role text) returns text
language sql stable set search_path = '' as $$
  select case
    when r.status = 'archived' then 'room_archived'
    when r.locked_at is not null then 'room_locked'
    when p_appointment_status = 'cancelled' then 'appointment_cancelled'
    when p_appointment_status = 'no_show' then 'appointment_missed'
    when r.status = 'closed' then 'room_closed'
    when r.status = 'pending' then 'appointment_not_confirmed'
    when r.reply_until <= now() then 'reply_window_over'
    when r.status = 'read_only' then 'room_closed'
    when p_role in ('patient', 'proxy') and not r.patient_may_reply then 'patient_may_not_reply'
  end
$$;

-- Where nothing can be written any more nothing is kept to be written: an erased room must hold no word. The share of the
-- room's lock makes an erasure and a last draft come one after the other.
create or replace function public.save_draft(room_id uuid, body text, reply_to uuid default null) returns void
language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
declare
  v_uid uuid := private.require_uid();
  v_body text := nullif(save_draft.body, '');
  v_status text;
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
  select r.status into strict v_status from public.chat_rooms r where r.id = save_draft.room_id for share;
  if v_body is not null and v_status = 'archived' then
    perform private.fail(403, 'reply_blocked', private.reply_block_hint('room_archived'), 'room_archived');
  end if;
  insert into public.chat_personal_state as s (room_id, user_id, draft_body, draft_reply_to, draft_saved_at)
    values (save_draft.room_id, v_uid, v_body, case when v_body is not null then save_draft.reply_to end,
      case when v_body is not null then now() end)
    on conflict (room_id, user_id) do update set draft_body = excluded.draft_body,
      draft_reply_to = excluded.draft_reply_to, draft_saved_at = excluded.draft_saved_at;
end
$$;

-- Gone, never there and somebody else's are one answer.
create or replace function public.delete_quick_reply(id uuid) returns void
language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
declare
  v_uid uuid := private.require_role('{doctor,admin}');
begin
  delete from public.quick_replies q
    where q.id = delete_quick_reply.id and (q.owner_id = v_uid or q.owner_id is null and private.is_admin());
  if exists (select 1 from public.quick_replies q where q.id = delete_quick_reply.id and q.owner_id is null) then
    perform private.fail(403, 'forbidden', 'Only an administrator deletes what the whole clinic uses.', 'admin');
  end if;
end
$$;

-- What is told to a room while administrators may be listening is written down as read by them: by each whose grant was
-- not ended when the room was locked, also where it runs out before this line.
create or replace function private.audit_live_reading(r public.chat_rooms, p_message_id uuid) returns void
language sql security definer set search_path = '' as $$
  select private.audit(r.id, g.admin_id, 'message_streamed', p_message_id, jsonb_build_object('grant_id', g.id))
  from public.access_grants g
  where g.room_id = r.id and g.ended_at is null
$$;

-- A step of an appointment that has no room yet is an entry of the clinic's chain.
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
  else
    perform private.audit(null, auth.uid(), 'appointment_' || new.status, new.id);
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
