-- The files of a retracted message go with its text: out of the others' sight at once, bytes included. As with the text,
-- its author and an administrator with a grant go on reading them.

alter table public.chat_attachments add column retracted_at timestamptz;
update public.chat_attachments t set retracted_at = m.retracted_at
  from public.chat_messages m
  where m.room_id = t.room_id and m.id = t.message_id and m.retracted_at is not null;

-- The policy on the bytes goes through this one.
alter policy read_participants on public.chat_attachments using (
  room_id in (select private.my_room_ids())
  and (message_id is not null and retracted_at is null or uploader_id = (select private.active_uid()))
);

-- Those of these messages that the caller may see; null: none of them has any, as on most pages, and nothing is asked.
create or replace function private.attachments_json(p_room_id uuid, p_message_ids uuid[]) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  if p_message_ids is null then
    return '[]';
  end if;
  return coalesce((
    select jsonb_agg(private.attachment_json(t) order by t.created_at, t.id)
    from public.chat_attachments t
    where t.room_id = p_room_id and t.message_id = any(p_message_ids)
      and (t.retracted_at is null or t.uploader_id = (select auth.uid()) or (select private.is_admin()))), '[]');
end
$$;

create or replace function public.open_attachment(attachment_id uuid) returns jsonb
language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
declare
  v_uid uuid := private.require_uid();
  v_attachment public.chat_attachments;
begin
  select * into v_attachment from public.chat_attachments t where t.id = open_attachment.attachment_id;
  perform private.require_reader(v_attachment.room_id, v_uid, 'file_opened', v_attachment.id);
  if v_attachment.uploader_id <> v_uid
    and (v_attachment.message_id is null or v_attachment.retracted_at is not null and not private.is_admin()) then
    perform private.fail_not_found();
  end if;
  if v_attachment.status <> 'clean' or v_attachment.erased_at is not null then
    perform private.fail(409, 'file_not_readable', 'A file can be opened once it was found clean.', v_attachment.status);
  end if;
  if private.has_grant(v_attachment.room_id, v_uid) then
    insert into private.file_permits as f (user_id, attachment_id, permitted_until)
      values (v_uid, v_attachment.id, clock_timestamp() + interval '5 minutes')
      on conflict (user_id, attachment_id) do update set permitted_until = excluded.permitted_until;
  end if;
  return private.attachment_json(v_attachment);
end
$$;

create or replace function private.change_message(p_before public.chat_messages, p_body text, p_is_retraction boolean) returns public.chat_messages
language plpgsql set search_path = '' as $$
declare
  v_room public.chat_rooms;
  v_message public.chat_messages;
begin
  if p_before.body is not null then
    insert into public.chat_message_versions (room_id, message_id, version, author_id, body, written_at)
      select p_before.room_id, p_before.id, 1 + count(*), p_before.sender_id, p_before.body,
        coalesce(p_before.edited_at, p_before.created_at)
      from public.chat_message_versions v where v.room_id = p_before.room_id and v.message_id = p_before.id;
  end if;
  if p_is_retraction then
    update public.chat_message_versions v set is_retracted = true
      where v.room_id = p_before.room_id and v.message_id = p_before.id;
    update public.chat_attachments t set retracted_at = clock_timestamp()
      where t.room_id = p_before.room_id and t.message_id = p_before.id;
  end if;
  update public.chat_rooms r set last_change = r.last_change + 1 where r.id = p_before.room_id returning * into strict v_room;
  update public.chat_messages m set
      body = p_body, change = v_room.last_change,
      edited_at = case when p_is_retraction then m.edited_at else clock_timestamp() end,
      retracted_at = case when p_is_retraction then clock_timestamp() end
    where m.room_id = p_before.room_id and m.id = p_before.id
    returning * into strict v_message;
  perform private.tell_room(v_room, 'message_changed', jsonb_build_object('message', to_jsonb(v_message)));
  perform private.audit(v_room.id, p_before.sender_id,
    case when p_is_retraction then 'message_retracted' else 'message_edited' end, v_message.id);
  if v_room.granted_until is not null then
    perform private.audit_live_reading(v_room, v_message.id);
  end if;
  return v_message;
end
$$;
