-- Who is away: told to the screens that show it, and read back by who set it.

-- Whoever has one of their rooms open fetches it again. Closed ones say nothing of who is away.
create function private.tell_away(p_uid uuid) returns void
language plpgsql set search_path = '' as $$
declare
  v_id uuid;
  v_room public.chat_rooms;
begin
  -- Always in the same order: two of them never wait for each other.
  for v_id in
    select r.id from public.chat_rooms r
    where r.status in ('pending', 'open') and r.id in (
      select p.room_id from public.chat_participants p where p.user_id = p_uid and p.left_at is null)
    order by r.id
  loop
    v_room := private.lock_room(v_id);
    perform private.tell_room(v_room, 'room_changed', private.room_changed_json(v_room));
  end loop;
end
$$;
revoke execute on function private.tell_away(uuid) from public, anon, authenticated, service_role;

-- One's own, also before it begins; null: none, or over.
create function public.get_out_of_office() returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_uid uuid := private.require_role('{doctor}');
begin
  return (select to_jsonb(o) from public.out_of_office o where o.user_id = v_uid and o.back_at > now());
end
$$;
select private.expose('public.get_out_of_office()');

create or replace function public.set_out_of_office(back_at timestamptz, starts_at timestamptz default null, note text default null)
returns jsonb
language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
declare
  v_uid uuid := private.require_role('{doctor}');
  v_starts timestamptz := coalesce(set_out_of_office.starts_at, now());
  v_note text := private.require_text('note', set_out_of_office.note, 300, true);
  v_away public.out_of_office;
begin
  -- It is told to many.
  perform private.take_token(v_uid, 'change');
  if set_out_of_office.back_at is null or not isfinite(set_out_of_office.back_at) or not isfinite(v_starts)
    or set_out_of_office.back_at <= greatest(v_starts, now()) then
    perform private.fail(400, 'argument_invalid', 'back_at is a moment after starts_at and after now.', 'back_at');
  end if;
  insert into public.out_of_office as o (user_id, starts_at, back_at, note)
    values (v_uid, v_starts, set_out_of_office.back_at, v_note)
    on conflict (user_id) do update
      set starts_at = excluded.starts_at, back_at = excluded.back_at, note = excluded.note
    returning * into v_away;
  perform private.tell_away(v_uid);
  return to_jsonb(v_away);
end
$$;

create or replace function public.clear_out_of_office() returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_uid uuid := private.require_role('{doctor}');
begin
  perform private.take_token(v_uid, 'change');
  delete from public.out_of_office o where o.user_id = v_uid;
  if found then
    perform private.tell_away(v_uid);
  end if;
end
$$;
