-- Sending, editing, retracting, reading and finding messages.

alter table public.chat_messages
  -- The place of its last edit or retraction among the room's; null: it is as it was sent.
  add column change bigint check (change > 0),
  add column erased_at timestamptz,
  drop constraint chat_messages_check2,
  add constraint chat_messages_body_or_reason check (
    kind <> 'text' or body is not null or retracted_at is not null or erased_at is not null);
create unique index chat_messages_changes on public.chat_messages (room_id, change) where change is not null;

-- Retract and correct, never silently rewrite: what a message said before. What was retracted stays with its author
-- (it may have been meant for another room altogether).
create table public.chat_message_versions (
  room_id uuid not null,
  message_id uuid not null,
  version int not null check (version > 0),
  author_id uuid not null references public.profiles (id) on delete restrict,
  body text not null,
  written_at timestamptz not null,
  replaced_at timestamptz not null default clock_timestamp(),
  is_retracted boolean not null default false,
  primary key (room_id, message_id, version),
  foreign key (room_id, message_id) references public.chat_messages (room_id, id) on delete cascade
);
alter table public.chat_message_versions enable row level security;
revoke all on public.chat_message_versions from anon, authenticated;
grant select on public.chat_message_versions to authenticated;
create index chat_message_versions_of_author on public.chat_message_versions (author_id);
create policy read_participants on public.chat_message_versions for select to authenticated using (
  room_id in (select private.my_room_ids())
  and (not is_retracted or author_id = (select private.active_uid()))
);

-- giving a message its place ------------------------------------------------------------------------------------

drop function private.append_message(uuid, uuid, uuid, text, text, jsonb, uuid);

-- Gives the message its seq and tells everybody. The caller holds the room's row lock (private.lock_room): seq order
-- is commit order, and a seq taken by a transaction that fails is given back with it. `p_role`: the sender's.
create function private.append_message(
  p_id uuid, p_room_id uuid, p_sender_id uuid, p_kind text, p_body text, p_event jsonb, p_reply_to uuid,
  p_role text default null
) returns public.chat_messages
language plpgsql set search_path = '' as $$
declare
  v_room public.chat_rooms;
  v_message public.chat_messages;
begin
  update public.chat_rooms r set
      last_seq = r.last_seq + 1,
      last_message_at = clock_timestamp(),
      waiting_since = case
        when p_role in ('patient', 'proxy') then coalesce(r.waiting_since, clock_timestamp())
        when p_role is null then r.waiting_since
      end
    where r.id = p_room_id
    returning * into strict v_room;

  insert into public.chat_messages (id, room_id, seq, sender_id, kind, body, event, reply_to, created_at)
    values (p_id, p_room_id, v_room.last_seq, p_sender_id, p_kind, p_body, p_event, p_reply_to,
            v_room.last_message_at)
    returning * into v_message;

  -- A sender has seen their own message. What came before it and was not read stays unread.
  if p_sender_id is not null then
    update public.chat_participants p
      set delivered_seq = v_message.seq, read_seq = v_message.seq
      where p.room_id = p_room_id and p.user_id = p_sender_id and p.read_seq = v_message.seq - 1;
  end if;

  perform private.tell_room(v_room, 'message', jsonb_build_object('message', to_jsonb(v_message)));
  perform private.tell_user(p.user_id, 'room_changed', private.room_changed_json(v_room))
    from public.chat_participants p
    where p.room_id = p_room_id and p.left_at is null and p.user_id is distinct from p_sender_id;
  if v_room.granted_until is not null and (p_event is null or p_body is not null) then
    perform private.audit_live_reading(v_room, v_message.id);
  end if;
  return v_message;
end
$$;

-- What is told to a room while administrators may be listening is written down as read by them.
create function private.audit_live_reading(r public.chat_rooms, p_message_id uuid) returns void
language sql security definer set search_path = '' as $$
  select private.audit(r.id, g.admin_id, 'message_streamed', p_message_id, jsonb_build_object('grant_id', g.id))
  from public.access_grants g
  where g.room_id = r.id and g.ended_at is null and g.expires_at > clock_timestamp()
$$;

-- sending -------------------------------------------------------------------------------------------------------

create function private.require_body(p_body text) returns text
language plpgsql stable set search_path = '' as $$
declare
  v_body text := private.normalise_body(p_body);
begin
  if private.is_visible(v_body) is not true then
    perform private.fail(400, 'message_empty', 'Write something before sending.');
  end if;
  if char_length(v_body) > 4000 then
    perform private.fail(400, 'message_too_long', 'Shorten the message, or send it in two parts.', '4000');
  end if;
  return v_body;
end
$$;

create function private.require_may_reply(p_room public.chat_rooms, p_role text) returns void
language plpgsql stable security definer set search_path = '' as $$
declare
  v_block text;
begin
  select private.reply_block(p_room, a.status, p_role) into v_block
    from public.appointments a where a.id = p_room.appointment_id;
  if v_block is not null then
    perform private.fail(403, 'reply_blocked', private.reply_block_hint(v_block), v_block);
  end if;
end
$$;

drop function public.send_message(uuid, uuid, text, uuid);

create function public.send_message(
  id uuid, room_id uuid, body text default null, reply_to uuid default null, attachment_ids uuid[] default null
) returns jsonb
language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
declare
  v_uid uuid := private.require_uid();
  v_room public.chat_rooms;
  v_message public.chat_messages;
  v_participant public.chat_participants;
  v_body text;
  v_kind text := 'text';
begin
  if send_message.id is null then
    perform private.fail(400, 'argument_invalid', 'id is a UUID that the client makes, once per message.', 'id');
  end if;

  -- Locks in this order everywhere: the participant, then the room.
  v_participant := private.require_participant(send_message.room_id, v_uid);
  v_room := private.lock_room(send_message.room_id);

  -- Sent before: the same message, whatever has happened to the room or to its text since.
  select * into v_message from public.chat_messages m
    where m.room_id = v_room.id and m.id = send_message.id;
  if found then
    if v_message.sender_id is distinct from v_uid then
      perform private.fail(409, 'id_conflict', 'Make a new id for this message.');
    end if;
    return to_jsonb(v_message);
  end if;

  perform private.require_may_reply(v_room, v_participant.role);
  if cardinality(send_message.attachment_ids) > 0 then
    v_kind := private.kind_of_attachments(v_room.id, v_uid, send_message.attachment_ids);
  end if;
  if v_kind = 'text' or send_message.body is not null then
    v_body := private.require_body(send_message.body);
  end if;
  if send_message.reply_to is not null and not exists (
    select 1 from public.chat_messages m where m.room_id = v_room.id and m.id = send_message.reply_to
  ) then
    perform private.fail(400, 'reply_not_found', 'Send it without the quote, or quote a message of this conversation.');
  end if;
  perform private.take_token(v_uid, 'send');

  v_message := private.append_message(
    send_message.id, v_room.id, v_uid, v_kind, v_body, null, send_message.reply_to, v_participant.role);
  if v_kind <> 'text' then
    update public.chat_attachments t set message_id = v_message.id where t.id = any(send_message.attachment_ids);
  end if;
  return to_jsonb(v_message);
end
$$;
select private.expose('public.send_message(uuid, uuid, text, uuid, uuid[])');

-- editing and retracting ----------------------------------------------------------------------------------------

-- The caller's own message in a room of theirs, both locked, or the refusal.
create function private.require_own_message(p_room_id uuid, p_message_id uuid, p_uid uuid) returns public.chat_messages
language plpgsql security definer set search_path = '' as $$
declare
  v_message public.chat_messages;
begin
  perform private.require_participant(p_room_id, p_uid);
  perform private.lock_room(p_room_id);
  select * into v_message from public.chat_messages m where m.room_id = p_room_id and m.id = p_message_id;
  if not found then
    perform private.fail(404, 'message_not_found', 'Load the conversation again.');
  end if;
  if v_message.sender_id is distinct from p_uid then
    perform private.fail(403, 'forbidden', 'Only its author changes a message. Write one of your own.', 'author');
  end if;
  if v_message.erased_at is not null then
    perform private.fail(409, 'message_erased', 'Its time was over and its text is gone.');
  end if;
  return v_message;
end
$$;

-- Keeps the text that is being replaced, gives the change its number, and tells everybody.
create function private.change_message(p_before public.chat_messages, p_body text, p_is_retraction boolean) returns public.chat_messages
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

create function public.edit_message(room_id uuid, message_id uuid, body text) returns jsonb
language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
declare
  v_uid uuid := private.require_uid();
  v_message public.chat_messages := private.require_own_message(edit_message.room_id, edit_message.message_id, v_uid);
  v_room public.chat_rooms;
  v_role text;
  v_body text := private.require_body(edit_message.body);
  v_minutes int := (select s.edit_window_minutes from public.clinic_settings s);
begin
  if v_message.retracted_at is not null then
    perform private.fail(409, 'message_retracted', 'It was retracted. Write a new message.');
  end if;
  -- Asked twice, done once.
  if v_message.body = v_body then
    return to_jsonb(v_message);
  end if;
  select p.role into strict v_role from public.chat_participants p where p.room_id = v_message.room_id and p.user_id = v_uid;
  select * into strict v_room from public.chat_rooms r where r.id = v_message.room_id;
  perform private.require_may_reply(v_room, v_role);
  if v_message.created_at + make_interval(mins => v_minutes) <= clock_timestamp() then
    perform private.fail(409, 'edit_window_over', 'The time to change it is over. Retract it, and write a new one.', v_minutes::text);
  end if;
  perform private.take_token(v_uid, 'send');
  return to_jsonb(private.change_message(v_message, v_body, false));
end
$$;
select private.expose('public.edit_message(uuid, uuid, text)');

create function public.retract_message(room_id uuid, message_id uuid) returns jsonb
language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
declare
  v_uid uuid := private.require_uid();
  v_message public.chat_messages := private.require_own_message(retract_message.room_id, retract_message.message_id, v_uid);
begin
  if v_message.retracted_at is not null then
    return to_jsonb(v_message);
  end if;
  perform private.take_token(v_uid, 'send');
  return to_jsonb(private.change_message(v_message, null, true));
end
$$;
select private.expose('public.retract_message(uuid, uuid)');

-- reading -------------------------------------------------------------------------------------------------------

drop function public.list_messages(uuid, bigint, bigint, int);

-- Volatile: an administrator's reading under a grant is written down. As json: a page as jsonb takes several times as long.
create function public.list_messages(
  room_id uuid, before_seq bigint default null, after_seq bigint default null, page_size int default 50
) returns json
language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
declare
  v_uid uuid := private.require_uid();
  v_size int := private.require_page_size(page_size);
  v_room public.chat_rooms;
  v_messages json;
  v_first bigint;
  v_last bigint;
  v_with_files uuid[];
begin
  if before_seq is not null and after_seq is not null then
    perform private.fail(400, 'argument_invalid', 'Pass before_seq or after_seq, not both.', 'after_seq');
  end if;
  perform private.require_reader(list_messages.room_id, v_uid, 'messages_read', null,
    jsonb_strip_nulls(jsonb_build_object('before_seq', before_seq, 'after_seq', after_seq)));
  -- Before the page: what comes meanwhile is in the page and not yet in last_seq, never the other way round.
  select * into strict v_room from public.chat_rooms r where r.id = list_messages.room_id;

  if after_seq is not null then
    select json_agg(page order by page.seq), max(page.seq), array_agg(page.id) filter (where page.kind in ('image', 'file'))
      into v_messages, v_last, v_with_files
      from (
        select * from public.chat_messages m
        where m.room_id = v_room.id and m.seq > after_seq
        order by m.seq limit v_size
      ) page;
  else
    select json_agg(page order by page.seq), min(page.seq), array_agg(page.id) filter (where page.kind in ('image', 'file'))
      into v_messages, v_first, v_with_files
      from (
        select * from public.chat_messages m
        -- Not "or": the index must find the place whatever the plan, also for one that is kept for every cursor.
        where m.room_id = v_room.id and m.seq < coalesce(before_seq, 9223372036854775807)
        order by m.seq desc limit v_size
      ) page;
  end if;

  return json_build_object(
    'messages', coalesce(v_messages, '[]'),
    'attachments', private.attachments_json(v_room.id, v_with_files),
    -- A seq has no gaps, so the ends of the page tell whether there is more.
    'has_more', case
      when after_seq is not null then coalesce(v_last, v_room.last_seq) < v_room.last_seq
      else coalesce(v_first, 1) > 1
    end,
    'last_seq', v_room.last_seq,
    'last_change', v_room.last_change,
    'epoch', v_room.epoch
  );
end
$$;
select private.expose('public.list_messages(uuid, bigint, bigint, int)');

-- What was edited or retracted since, for a device that was away: in the order of the changes.
create function public.list_changes(room_id uuid, after_change bigint default 0, page_size int default 50) returns jsonb
language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
declare
  v_uid uuid := private.require_uid();
  v_size int := private.require_page_size(page_size);
  v_last bigint;
  v_messages jsonb;
begin
  perform private.require_reader(list_changes.room_id, v_uid, 'messages_read', null,
    jsonb_strip_nulls(jsonb_build_object('after_change', after_change)));
  select r.last_change into strict v_last from public.chat_rooms r where r.id = list_changes.room_id;
  v_messages := coalesce((
    select jsonb_agg(to_jsonb(page) order by page.change) from (
      select * from public.chat_messages m
      where m.room_id = list_changes.room_id and m.change > coalesce(after_change, 0)
      order by m.change limit v_size
    ) page), '[]');
  return jsonb_build_object('messages', v_messages, 'last_change', v_last,
    'has_more', coalesce((v_messages -> -1 ->> 'change')::bigint, v_last) < v_last);
end
$$;
select private.expose('public.list_changes(uuid, bigint, int)');

-- What a message said before, oldest first. Of a retracted one only its author and a granted administrator learn that.
create function public.list_message_versions(room_id uuid, message_id uuid) returns jsonb
language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
declare
  v_uid uuid := private.require_uid();
begin
  perform private.require_reader(list_message_versions.room_id, v_uid, 'versions_read', list_message_versions.message_id);
  if not exists (
    select 1 from public.chat_messages m
    where m.room_id = list_message_versions.room_id and m.id = list_message_versions.message_id
  ) then
    perform private.fail(404, 'message_not_found', 'Load the conversation again.');
  end if;
  return coalesce((
    select jsonb_agg(jsonb_build_object('version', v.version, 'body', v.body, 'written_at', v.written_at,
      'replaced_at', v.replaced_at) order by v.version)
    from public.chat_message_versions v
    where v.room_id = list_message_versions.room_id and v.message_id = list_message_versions.message_id
      and (not v.is_retracted or v.author_id = v_uid or private.is_admin())
  ), '[]');
end
$$;
select private.expose('public.list_message_versions(uuid, uuid)');

-- finding -------------------------------------------------------------------------------------------------------

-- The words of a text as they stand, without accents, and their stems in the clinic's languages: which of these a text
-- is in, nobody says. A question is stemmed in the same way.
create function private.search_vector(p_body text) returns tsvector
language sql immutable parallel safe set search_path = '' as $$
  select to_tsvector('pg_catalog.simple', extensions.unaccent('extensions.unaccent'::regdictionary, p_body))
    || to_tsvector('pg_catalog.english', p_body) || to_tsvector('pg_catalog.spanish', p_body)
    || to_tsvector('pg_catalog.french', p_body) || to_tsvector('pg_catalog.arabic', p_body)
$$;

create function private.search_query(p_query text) returns tsquery
language sql immutable parallel safe set search_path = '' as $$
  select websearch_to_tsquery('pg_catalog.simple', extensions.unaccent('extensions.unaccent'::regdictionary, p_query))
    || websearch_to_tsquery('pg_catalog.english', p_query) || websearch_to_tsquery('pg_catalog.spanish', p_query)
    || websearch_to_tsquery('pg_catalog.french', p_query) || websearch_to_tsquery('pg_catalog.arabic', p_query)
$$;

create index chat_messages_search on public.chat_messages using gin (room_id, private.search_vector(body))
  where body is not null;

-- By words and their stems; where that finds nothing, by parts of words and near spellings among the newest 5000.
-- Newest first; go on with the last one's seq.
create function public.search_messages(room_id uuid, query text, before_seq bigint default null, page_size int default 20)
returns jsonb
language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
declare
  v_uid uuid := private.require_uid();
  v_size int := private.require_page_size(page_size);
  v_query text;
  v_found jsonb;
  v_has_words boolean;
begin
  perform private.require_reader(search_messages.room_id, v_uid, 'messages_searched');
  v_query := private.require_text('query', search_messages.query, 200);
  perform private.take_token(v_uid, 'search');
  -- Found, then sorted: with an order to keep, the planner walks back through the room and takes every text of it apart.
  with hit as materialized (
    select m.seq from public.chat_messages m
    where m.room_id = search_messages.room_id and m.body is not null
      and private.search_vector(m.body) @@ private.search_query(v_query)
  ), page as (
    select h.seq from hit h where search_messages.before_seq is null or h.seq < search_messages.before_seq
    order by h.seq desc limit v_size + 1
  )
  select jsonb_agg(to_jsonb(m) order by m.seq desc), exists (select 1 from hit) into v_found, v_has_words
    from page p join public.chat_messages m on m.room_id = search_messages.room_id and m.seq = p.seq;
  -- On a later page "nothing" means the end of the words' hits, unless the first page was by parts as well.
  if not v_has_words then
    select jsonb_agg(to_jsonb(hit) order by hit.seq desc) into v_found from (
      select near.* from (
        select * from public.chat_messages m where m.room_id = search_messages.room_id order by m.seq desc limit 5000
      ) near
      where near.body is not null
        and (search_messages.before_seq is null or near.seq < search_messages.before_seq)
        and (strpos(lower(extensions.unaccent(near.body)), lower(extensions.unaccent(v_query))) > 0
          or extensions.word_similarity(v_query, near.body) >= 0.6)
      order by near.seq desc limit v_size + 1
    ) hit;
  end if;
  return jsonb_build_object(
    'messages', coalesce(jsonb_path_query_array(v_found, format('$[0 to %s]', v_size - 1)::jsonpath), '[]'),
    'match', case when v_has_words then 'words' else 'parts' end,
    'has_more', coalesce(jsonb_array_length(v_found), 0) > v_size);
end
$$;
select private.expose('public.search_messages(uuid, text, bigint, int)');

-- receipts ------------------------------------------------------------------------------------------------------

create or replace function public.mark_read(room_id uuid, read_seq bigint default null, delivered_seq bigint default null)
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
  v_before := private.require_participant(mark_read.room_id, v_uid);
  select * into strict v_room from public.chat_rooms r where r.id = v_before.room_id;
  if v_room.granted_until <= clock_timestamp() then
    v_room := private.lock_room(v_room.id);
  else
    -- See private.await_receipts.
    perform pg_advisory_xact_lock_shared(hashtextextended('receipts:' || v_room.id, 0));
    select * into strict v_room from public.chat_rooms r where r.id = v_before.room_id;
  end if;

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
