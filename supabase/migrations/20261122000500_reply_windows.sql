-- Rooms whose reply window is over. Writing stopped at that moment by itself (private.reply_block); this makes the
-- room's status say so, and tells the screens that have it open. Run by the worker, as often as anybody likes.

create index chat_rooms_open_by_reply_until on public.chat_rooms (reply_until)
  where status = 'open' and reply_until is not null;

create function private.close_reply_windows() returns int
language plpgsql set search_path = '' as $$
declare
  v_room public.chat_rooms;
  v_count int := 0;
begin
  for v_room in
    update public.chat_rooms r set status = 'read_only'
    where r.id in (
      select due.id from public.chat_rooms due
      where due.status = 'open' and due.reply_until <= now()
      order by due.reply_until limit 500
      for no key update skip locked
    )
    returning r.*
  loop
    perform private.tell_room(v_room, 'room_changed', private.room_changed_json(v_room));
    v_count := v_count + 1;
  end loop;
  return v_count;
end
$$;

revoke execute on function private.close_reply_windows() from public, anon, authenticated;
