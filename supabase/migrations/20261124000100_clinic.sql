-- The clinic itself: its settings, its hours, who is away, and the sentences that staff use again and again.
--
-- Units are part of a setting's name. A clinic has one row of settings; its limits are checked by constraints, so that
-- no way in can set what the rest of the schema cannot bear.

create extension if not exists unaccent with schema extensions;
create extension if not exists btree_gin with schema extensions;
create extension if not exists pg_trgm with schema extensions;

-- For migrations: gives a function of the API to those who are signed in, and takes it from everybody else, whom
-- PostgreSQL's and Supabase's defaults let call it.
create function private.expose(p_function regprocedure) returns void
language plpgsql set search_path = '' as $$
begin
  execute format('revoke execute on function %s from public, anon, authenticated, service_role', p_function);
  execute format('grant execute on function %s to authenticated', p_function);
end
$$;

create function private.my_role() returns text
language sql stable security definer set search_path = '' as $$
  select p.role from public.profiles p where p.id = auth.uid() and p.suspended_at is null
$$;

create function private.require_role(p_roles text[]) returns uuid
language plpgsql stable security definer set search_path = '' as $$
declare
  v_uid uuid := private.require_uid();
begin
  if not exists (select 1 from public.profiles p where p.id = v_uid and p.role = any(p_roles)) then
    perform private.fail(403, 'forbidden', 'This is not part of your role. Ask the clinic.', array_to_string(p_roles, '_or_'));
  end if;
  return v_uid;
end
$$;

-- Whether anything of a text can be seen: more than white space, joiners, marks of direction and blank letters. The
-- spaces are named, because what \s is depends on the database's locale.
create or replace function private.is_visible(p_body text) returns boolean
language sql immutable strict set search_path = '' as $$
  select p_body ~ E'[^\\s\u0085\u00a0\u00ad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028\u2029\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\uffa0\U000E0000-\U000E0FFF]'
$$;

-- A text of an argument: normalised as messages are, visible, and no longer than it may be. Null: not given.
create function private.require_text(p_name text, p_text text, p_max int, p_is_optional boolean default false) returns text
language plpgsql stable set search_path = '' as $$
declare
  v_text text := private.normalise_body(p_text);
begin
  if p_is_optional and coalesce(v_text, '') = '' then
    return null;
  end if;
  if private.is_visible(v_text) is not true or char_length(v_text) > p_max then
    perform private.fail(400, 'argument_invalid', format('%s is a text of 1 to %s characters.', p_name, p_max), p_name);
  end if;
  return v_text;
end
$$;

-- settings ------------------------------------------------------------------------------------------------------

-- Texts by language, such as {"en": "…", "es": "…"}.
create function private.is_text_by_language(p_texts jsonb) returns boolean
language sql immutable set search_path = '' as $$
  select jsonb_typeof(p_texts) = 'object' and not exists (
    select 1 from jsonb_each(case when jsonb_typeof(p_texts) = 'object' then p_texts else '{}' end) t
    where t.key !~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$' or jsonb_typeof(t.value) <> 'string'
      or char_length(t.value #>> '{}') not between 1 and 500
  )
$$;

create table public.clinic_settings (
  id boolean primary key default true check (id),
  name text not null default 'The clinic' check (char_length(name) between 1 and 120),
  phone text check (phone ~ '^[+0-9 ().-]{3,40}$'),
  time_zone text not null default 'UTC' check (time_zone ~ '^[A-Za-z0-9_+/-]{1,64}$'),
  emergency_text jsonb not null default '{}' check (private.is_text_by_language(emergency_text)),
  expected_reply_minutes int not null default 1440 check (expected_reply_minutes between 5 and 43200),
  reply_window_days int not null default 14 check (reply_window_days between 0 and 365),
  edit_window_minutes int not null default 15 check (edit_window_minutes between 0 and 1440),
  archive_after_days int not null default 90 check (archive_after_days between 1 and 3650),
  retention_days int not null default 3650 check (retention_days between 30 and 36500),
  max_file_bytes int not null default 26214400 check (max_file_bytes between 1 and 26214400),
  updated_at timestamptz not null default now()
);
alter table public.clinic_settings enable row level security;
revoke all on public.clinic_settings from anon, authenticated;
grant select on public.clinic_settings to authenticated;
create policy read_signed_in on public.clinic_settings for select to authenticated
  using ((select private.active_uid()) is not null);
create trigger clinic_settings_touch before update on public.clinic_settings
  for each row execute function private.touch_updated_at();
create trigger clinic_settings_check_time_zone before insert or update of time_zone on public.clinic_settings
  for each row execute function private.check_time_zone();
insert into public.clinic_settings default values;

-- How long after a completed visit the conversation stays open.
create or replace function private.reply_window() returns interval
language sql stable set search_path = '' as $$
  select make_interval(days => s.reply_window_days) from public.clinic_settings s
$$;

create function private.retention() returns interval
language sql stable set search_path = '' as $$
  select make_interval(days => s.retention_days) from public.clinic_settings s
$$;

-- hours ---------------------------------------------------------------------------------------------------------

-- By the clinic's clock. No row at all: the clinic has no hours, and is never "closed".
create table public.business_hours (
  weekday smallint not null check (weekday between 1 and 7),
  opens time not null,
  closes time not null,
  primary key (weekday, opens),
  check (closes > opens)
);
alter table public.business_hours enable row level security;
revoke all on public.business_hours from anon, authenticated;
grant select on public.business_hours to authenticated;
create policy read_signed_in on public.business_hours for select to authenticated
  using ((select private.active_uid()) is not null);

-- When the clinic opens next; null: it is open, or has no hours.
create function private.next_opening(p_at timestamptz) returns timestamptz
language sql stable set search_path = '' as $$
  with clinic as (
    select s.time_zone, p_at at time zone s.time_zone as local_at from public.clinic_settings s
  )
  select case
    when exists (
      select 1 from public.business_hours h
      where h.weekday = extract(isodow from c.local_at) and c.local_at::time >= h.opens and c.local_at::time < h.closes
    ) then null
    else (
      select min((d.day + h.opens) at time zone c.time_zone)
      from generate_series(0, 7) n
      cross join lateral (select c.local_at::date + n as day) d
      join public.business_hours h on h.weekday = extract(isodow from d.day)
      where d.day + h.opens > c.local_at
    )
  end
  from clinic c
$$;

create function private.clinic_json() returns jsonb
language sql stable set search_path = '' as $$
  select to_jsonb(s) - 'id' - 'updated_at' || jsonb_build_object(
    'business_hours', coalesce((
      select jsonb_agg(jsonb_build_object('weekday', h.weekday, 'opens', to_char(h.opens, 'HH24:MI'),
        'closes', to_char(h.closes, 'HH24:MI')) order by h.weekday, h.opens)
      from public.business_hours h), '[]'),
    'opens_at', private.next_opening(now()))
  from public.clinic_settings s
$$;

create function public.get_clinic() returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  perform private.require_uid();
  return private.clinic_json();
end
$$;
select private.expose('public.get_clinic()');

-- away ----------------------------------------------------------------------------------------------------------

create table public.out_of_office (
  user_id uuid primary key references public.profiles (id) on delete cascade,
  starts_at timestamptz not null,
  back_at timestamptz not null,
  note text check (char_length(note) between 1 and 300),
  check (back_at > starts_at)
);
alter table public.out_of_office enable row level security;
revoke all on public.out_of_office from anon, authenticated;
grant select on public.out_of_office to authenticated;
create policy read_self_and_contacts on public.out_of_office for select to authenticated using (
  user_id = (select private.active_uid())
  or user_id in (select private.my_contact_ids())
  or (select private.is_admin())
);

create function public.set_out_of_office(back_at timestamptz, starts_at timestamptz default null, note text default null)
returns jsonb
language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
declare
  v_uid uuid := private.require_role('{doctor}');
  v_starts timestamptz := coalesce(set_out_of_office.starts_at, now());
  v_note text := private.require_text('note', set_out_of_office.note, 300, true);
  v_away public.out_of_office;
begin
  if set_out_of_office.back_at is null or not isfinite(set_out_of_office.back_at) or not isfinite(v_starts)
    or set_out_of_office.back_at <= greatest(v_starts, now()) then
    perform private.fail(400, 'argument_invalid', 'back_at is a moment after starts_at and after now.', 'back_at');
  end if;
  insert into public.out_of_office as o (user_id, starts_at, back_at, note)
    values (v_uid, v_starts, set_out_of_office.back_at, v_note)
    on conflict (user_id) do update
      set starts_at = excluded.starts_at, back_at = excluded.back_at, note = excluded.note
    returning * into v_away;
  return to_jsonb(v_away);
end
$$;
select private.expose('public.set_out_of_office(timestamptz, timestamptz, text)');

create function public.clear_out_of_office() returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_uid uuid := private.require_role('{doctor}');
begin
  delete from public.out_of_office o where o.user_id = v_uid;
end
$$;
select private.expose('public.clear_out_of_office()');

-- quick replies -------------------------------------------------------------------------------------------------

create table public.quick_replies (
  id uuid primary key,
  -- Null: the clinic's, for all of its staff.
  owner_id uuid references public.profiles (id) on delete cascade,
  title text not null check (char_length(title) between 1 and 80),
  body text not null check (char_length(body) between 1 and 4000),
  locale text check (locale ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
alter table public.quick_replies enable row level security;
revoke all on public.quick_replies from anon, authenticated;
grant select on public.quick_replies to authenticated;
create index quick_replies_of_owner_by_title on public.quick_replies (owner_id, title);
create policy read_staff on public.quick_replies for select to authenticated using (
  (select private.my_role()) in ('doctor', 'admin')
  and (owner_id is null or owner_id = (select private.active_uid()))
);
create trigger quick_replies_touch before update on public.quick_replies
  for each row execute function private.touch_updated_at();

create function public.list_quick_replies() returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  perform private.require_role('{doctor,admin}');
  return coalesce((
    select jsonb_agg(jsonb_build_object('id', q.id, 'title', q.title, 'body', q.body, 'locale', q.locale,
      'is_shared', q.owner_id is null) order by q.owner_id is null, q.title, q.id)
    from public.quick_replies q), '[]');
end
$$;
select private.expose('public.list_quick_replies()');

-- The quick reply if the caller may change it; an id that is free comes back as null.
create function private.my_quick_reply(p_id uuid, p_uid uuid) returns public.quick_replies
language plpgsql set search_path = '' as $$
declare
  v_reply public.quick_replies;
begin
  select * into v_reply from public.quick_replies q where q.id = p_id for update;
  if found and v_reply.owner_id is distinct from p_uid and (v_reply.owner_id is not null or not private.is_admin()) then
    perform private.fail(404, 'not_found', 'It is gone, or not yours. Load the list again.');
  end if;
  return v_reply;
end
$$;

create function public.save_quick_reply(
  id uuid, title text, body text, locale text default null, is_shared boolean default false
) returns jsonb
language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
declare
  v_uid uuid := private.require_role('{doctor,admin}');
  v_title text := private.require_text('title', save_quick_reply.title, 80);
  v_body text := private.require_text('body', save_quick_reply.body, 4000);
  v_is_shared boolean := coalesce(save_quick_reply.is_shared, false);
  v_owner uuid := case when v_is_shared then null else v_uid end;
  v_reply public.quick_replies;
begin
  if save_quick_reply.id is null then
    perform private.fail(400, 'argument_invalid', 'id is a UUID that the client makes, once per quick reply.', 'id');
  end if;
  if save_quick_reply.locale !~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$' then
    perform private.fail(400, 'argument_invalid', 'locale is a language such as "en" or "pt-BR".', 'locale');
  end if;
  if v_is_shared and not private.is_admin() then
    perform private.fail(403, 'forbidden', 'Only an administrator writes what the whole clinic uses.', 'admin');
  end if;
  v_reply := private.my_quick_reply(save_quick_reply.id, v_uid);
  if v_reply.id is null and 200 <= (select count(*) from public.quick_replies q where q.owner_id is not distinct from v_owner) then
    perform private.fail(409, 'too_many', 'Delete a quick reply that is not used any more first.', '200');
  end if;
  insert into public.quick_replies as q (id, owner_id, title, body, locale)
    values (save_quick_reply.id, v_owner, v_title, v_body, save_quick_reply.locale)
    on conflict (id) do update
      set owner_id = excluded.owner_id, title = excluded.title, body = excluded.body, locale = excluded.locale
    returning * into v_reply;
  return jsonb_build_object('id', v_reply.id, 'title', v_reply.title, 'body', v_reply.body, 'locale', v_reply.locale,
    'is_shared', v_reply.owner_id is null);
end
$$;
select private.expose('public.save_quick_reply(uuid, text, text, text, boolean)');

create function public.delete_quick_reply(id uuid) returns void
language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
declare
  v_uid uuid := private.require_role('{doctor,admin}');
  v_reply public.quick_replies := private.my_quick_reply(delete_quick_reply.id, v_uid);
begin
  delete from public.quick_replies q where q.id = v_reply.id;
end
$$;
select private.expose('public.delete_quick_reply(uuid)');
