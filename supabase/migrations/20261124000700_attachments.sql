-- Files of a conversation. A row says what is expected, the bucket `chat-attachments` holds the bytes, and policies on
-- storage.objects tie the two together: one upload per row, by its uploader, never changed; readable only once a scan
-- has found it clean.

create function private.allowed_media_types() returns text[]
language sql immutable set search_path = '' as $$
  select '{image/jpeg,image/png,image/webp,image/gif,application/pdf,text/plain,audio/mpeg,audio/mp4,audio/ogg,audio/webm,video/mp4,video/webm}'::text[]
$$;

create table public.chat_attachments (
  id uuid primary key,
  room_id uuid not null references public.chat_rooms (id) on delete restrict,
  message_id uuid,
  uploader_id uuid not null references public.profiles (id) on delete restrict,
  -- In the bucket. Made of ids: a name never becomes part of an address.
  path text not null generated always as (room_id || '/' || id) stored unique,
  name text check (char_length(name) between 1 and 200),
  media_type text not null check (media_type = any (private.allowed_media_types())),
  size_bytes bigint not null check (size_bytes > 0),
  sha256 bytea check (length(sha256) = 32),
  width int check (width > 0),
  height int check (height > 0),
  -- A few bytes of a blurred picture, shown while the file loads.
  preview text check (char_length(preview) <= 2000),
  status text not null default 'pending' check (status in ('pending', 'clean', 'infected', 'rejected')),
  created_at timestamptz not null default now(),
  scanned_at timestamptz,
  erased_at timestamptz,
  foreign key (room_id, message_id) references public.chat_messages (room_id, id) on delete restrict,
  check (name is not null or erased_at is not null)
);
alter table public.chat_attachments enable row level security;
revoke all on public.chat_attachments from anon, authenticated;
grant select on public.chat_attachments to authenticated;
create index chat_attachments_of_message on public.chat_attachments (room_id, message_id);
create index chat_attachments_of_uploader on public.chat_attachments (uploader_id, created_at);
create index chat_attachments_to_scan on public.chat_attachments (created_at) where status = 'pending';
-- Others see a file once its message was sent.
create policy read_participants on public.chat_attachments for select to authenticated using (
  room_id in (select private.my_room_ids())
  and (message_id is not null or uploader_id = (select private.active_uid()))
);

create function private.attachment_json(t public.chat_attachments) returns jsonb
language sql stable set search_path = '' as $$
  select to_jsonb(t) - 'sha256' || jsonb_build_object('sha256', encode(t.sha256, 'hex'))
$$;

-- Those of these messages; null: none of them has any, as on most pages, and nothing is asked.
create function private.attachments_json(p_room_id uuid, p_message_ids uuid[]) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  if p_message_ids is null then
    return '[]';
  end if;
  return coalesce((
    select jsonb_agg(private.attachment_json(t) order by t.created_at, t.id)
    from public.chat_attachments t where t.room_id = p_room_id and t.message_id = any(p_message_ids)), '[]');
end
$$;

-- A name as it may be shown: one line, without path separators or marks that turn text around.
create function private.normalise_file_name(p_name text) returns text
language sql immutable strict set search_path = '' as $$
  select btrim(regexp_replace(translate(private.normalise_body(p_name), E'/\\\n\t', '____'), E'[\\u200e\\u200f\\u061c]', '', 'g'), ' .')
$$;

create function public.start_attachment(id uuid, room_id uuid, name text, media_type text, size_bytes bigint) returns jsonb
language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
declare
  v_uid uuid := private.require_uid();
  v_participant public.chat_participants;
  v_room public.chat_rooms;
  v_name text := private.normalise_file_name(start_attachment.name);
  v_max int := (select s.max_file_bytes from public.clinic_settings s);
  v_attachment public.chat_attachments;
begin
  if start_attachment.id is null then
    perform private.fail(400, 'argument_invalid', 'id is a UUID that the client makes, once per file.', 'id');
  end if;
  v_participant := private.require_participant(start_attachment.room_id, v_uid);
  select * into v_attachment from public.chat_attachments t where t.id = start_attachment.id;
  if found then
    if (v_attachment.uploader_id, v_attachment.room_id) is distinct from (v_uid, start_attachment.room_id) then
      perform private.fail(409, 'id_conflict', 'Make a new id for this file.');
    end if;
    return private.attachment_json(v_attachment);
  end if;
  select * into strict v_room from public.chat_rooms r where r.id = v_participant.room_id;
  perform private.require_may_reply(v_room, v_participant.role);
  if private.is_visible(v_name) is not true or char_length(v_name) > 200 then
    perform private.fail(400, 'argument_invalid', 'name is a file name of 1 to 200 characters.', 'name');
  end if;
  if start_attachment.media_type is null or not start_attachment.media_type = any(private.allowed_media_types()) then
    perform private.fail(400, 'file_type_refused', 'Send a picture (JPEG, PNG, WebP, GIF), a PDF, plain text, sound or video.', 'media_type');
  end if;
  if start_attachment.size_bytes is null or start_attachment.size_bytes not between 1 and v_max then
    perform private.fail(400, 'file_too_large', format('A file has 1 to %s bytes. Send a smaller one.', v_max), v_max::text);
  end if;
  perform private.take_token(v_uid, 'upload');
  insert into public.chat_attachments (id, room_id, uploader_id, name, media_type, size_bytes)
    values (start_attachment.id, v_room.id, v_uid, v_name, start_attachment.media_type, start_attachment.size_bytes)
    returning * into v_attachment;
  return private.attachment_json(v_attachment);
end
$$;
select private.expose('public.start_attachment(uuid, uuid, text, text, bigint)');

-- What a message with these files is; or the refusal. The caller holds the room's lock.
create function private.kind_of_attachments(p_room_id uuid, p_uid uuid, p_ids uuid[]) returns text
language plpgsql security definer set search_path = '' as $$
declare
  v_found int;
  v_images int;
begin
  if cardinality(p_ids) > 10 then
    perform private.fail(400, 'argument_invalid', 'A message carries up to 10 files. Send the others in a second one.', 'attachment_ids');
  end if;
  select count(*), count(*) filter (where t.media_type like 'image/%') into v_found, v_images
    from public.chat_attachments t
    where t.id = any(p_ids) and t.room_id = p_room_id and t.uploader_id = p_uid and t.message_id is null
      and t.status in ('pending', 'clean') and t.erased_at is null;
  if v_found <> cardinality(p_ids) then
    perform private.fail(400, 'attachment_not_found', 'Add the file again: it was refused, sent before, or never begun.', 'attachment_ids');
  end if;
  return case when v_images = v_found then 'image' else 'file' end;
end
$$;

-- What a scan found; told to the room. Run by the worker.
create function private.finish_scan(
  p_id uuid, p_status text, p_sha256 bytea default null, p_width int default null, p_height int default null,
  p_preview text default null
) returns void
language plpgsql set search_path = '' as $$
declare
  v_attachment public.chat_attachments;
begin
  update public.chat_attachments t
    set status = p_status, scanned_at = now(), sha256 = p_sha256, width = p_width, height = p_height, preview = p_preview
    where t.id = p_id and t.status = 'pending' and t.erased_at is null
    returning * into v_attachment;
  if found then
    perform private.tell_room(private.lock_room(v_attachment.room_id), 'attachment_changed',
      jsonb_build_object('room_id', v_attachment.room_id, 'attachment_id', p_id, 'message_id', v_attachment.message_id, 'status', p_status));
  end if;
end
$$;

-- the bucket ----------------------------------------------------------------------------------------------------

insert into storage.buckets (id, name, public, file_size_limit, allowed_mime_types)
  values ('chat-attachments', 'chat-attachments', false, 26214400, private.allowed_media_types())
  on conflict (id) do update set public = false, file_size_limit = excluded.file_size_limit,
    allowed_mime_types = excluded.allowed_mime_types;

-- An administrator's way to one file: asked for, written down, and over after five minutes or with the grant.
create table private.file_permits (
  user_id uuid not null references public.profiles (id) on delete cascade,
  attachment_id uuid not null references public.chat_attachments (id) on delete cascade,
  permitted_until timestamptz not null,
  primary key (user_id, attachment_id)
);
alter table private.file_permits enable row level security;
create index file_permits_of_attachment on private.file_permits (attachment_id);

create function public.open_attachment(attachment_id uuid) returns jsonb
language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
declare
  v_uid uuid := private.require_uid();
  v_attachment public.chat_attachments;
begin
  select * into v_attachment from public.chat_attachments t where t.id = open_attachment.attachment_id;
  perform private.require_reader(v_attachment.room_id, v_uid, 'file_opened', v_attachment.id);
  if v_attachment.message_id is null and v_attachment.uploader_id <> v_uid then
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
select private.expose('public.open_attachment(uuid)');

-- Where the caller may put bytes: their own rows that wait for them, in rooms that they may write in.
create function private.my_upload_paths() returns setof text
language sql stable security definer set search_path = '' as $$
  select t.path
  from public.chat_attachments t
  join public.chat_participants p on p.room_id = t.room_id and p.user_id = t.uploader_id
  join public.chat_rooms r on r.id = t.room_id
  join public.appointments a on a.id = r.appointment_id
  where t.uploader_id = private.active_uid() and t.status = 'pending' and t.erased_at is null
    and p.left_at is null and private.reply_block(r, a.status, p.role) is null
$$;

create function private.my_permitted_paths() returns setof text
language sql stable security definer set search_path = '' as $$
  select t.path
  from private.file_permits f
  join public.chat_attachments t on t.id = f.attachment_id
  where f.user_id = private.active_uid() and f.permitted_until > clock_timestamp() and t.status = 'clean'
    and t.erased_at is null and private.has_grant(t.room_id, f.user_id)
$$;

create policy upload_own_pending on storage.objects for insert to authenticated with check (
  bucket_id = 'chat-attachments' and name in (select private.my_upload_paths())
);

-- The row's own policy says whose it is; a file that no scan has passed is nobody's.
create policy read_clean on storage.objects for select to authenticated using (
  bucket_id = 'chat-attachments' and (
    exists (
      select 1 from public.chat_attachments t
      where t.path = objects.name and t.status = 'clean' and t.erased_at is null
    )
    or name in (select private.my_permitted_paths())
  )
);
