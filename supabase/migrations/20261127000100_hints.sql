-- A broadcast commits with what it tells of, or neither does. realtime.send() loses what it cannot store with a warning,
-- and then a message could stand in the table with no open screen told: with a full disk, out of memory, at a deadlock.
-- What may pass when it is tried again is raised, so that its caller tries again. Anything else (no partition, a Realtime
-- of another shape) is left to realtime.send(): people can go on writing without Realtime, and their clients poll.
create function private.broadcast(p_payload jsonb, p_event text, p_topic text) returns void
language plpgsql set search_path = '' as $$
declare
  v_id constant uuid := gen_random_uuid();
begin
  insert into realtime.messages (id, topic, extension, event, private, payload)
  values (v_id, p_topic, 'broadcast', p_event, true, jsonb_build_object('id', v_id) || p_payload);
exception
  when transaction_rollback or insufficient_resources or object_not_in_prerequisite_state or operator_intervention
    or system_error then
    raise;
  when others then
    perform realtime.send(p_payload, p_event, p_topic, true);
end
$$;
revoke execute on function private.broadcast(jsonb, text, text) from public, anon, authenticated, service_role;

create or replace function private.tell_user(p_user uuid, p_event text, p_payload jsonb) returns void
language sql set search_path = '' as $$
  -- Somebody suspended may still have the socket open.
  select private.broadcast(p_payload, p_event, 'user:' || p.id)
  from public.profiles p where p.id = p_user and p.suspended_at is null
$$;

create or replace function private.tell_room(r public.chat_rooms, p_event text, p_payload jsonb) returns void
language sql set search_path = '' as $$
  select private.broadcast(p_payload, p_event, 'room:' || r.id || ':' || r.epoch)
$$;
