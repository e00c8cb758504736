-- The front desk is told that somebody began or ceased to wait, or that a room has another state, as the people of the
-- room are: to look again. Not by whom or by which words, and nothing while a conversation goes on.
create function private.tell_front_desk() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  perform private.tell_user(p.id, 'appointment_changed', jsonb_build_object('appointment_id', new.appointment_id))
    from public.profiles p where p.role = 'admin';
  return null;
end
$$;
revoke execute on function private.tell_front_desk() from public, anon, authenticated, service_role;

create trigger tell_front_desk after update on public.chat_rooms
  for each row when (
    old.status is distinct from new.status or (old.waiting_since is null) <> (new.waiting_since is null))
  execute function private.tell_front_desk();

-- Few of a clinic's people.
create index profiles_admins on public.profiles (id) where role = 'admin';
