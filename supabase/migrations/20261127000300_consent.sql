-- Consent: what a patient, or who writes for them, agrees to before their first message. A clinic that has published no
-- text asks for none. Each publishing is a version of its own; what was agreed to is never changed and never removed.

-- Whether it is texts by language, such as {"en": "…"}; none at all: nothing to agree to.
create function private.is_consent(p_texts jsonb) returns boolean
language sql immutable set search_path = '' as $$
  select jsonb_typeof(p_texts) = 'object' and not exists (
    select 1 from jsonb_each(case when jsonb_typeof(p_texts) = 'object' then p_texts else '{}' end) t
    where t.key !~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$' or jsonb_typeof(t.value) <> 'string'
      or private.is_visible(t.value #>> '{}') is not true or char_length(t.value #>> '{}') > 20000
  )
$$;

create table public.consent_texts (
  version int primary key check (version > 0),
  texts jsonb not null check (private.is_consent(texts)),
  published_at timestamptz not null default clock_timestamp(),
  -- Null: the clinic's own system.
  published_by uuid references public.profiles (id) on delete restrict
);
alter table public.consent_texts enable row level security;
revoke all on public.consent_texts from anon, authenticated;
grant select on public.consent_texts to authenticated;
create index consent_texts_published_by on public.consent_texts (published_by) where published_by is not null;
create policy read_signed_in on public.consent_texts for select to authenticated
  using ((select private.active_uid()) is not null);

create table public.consents (
  user_id uuid not null references public.profiles (id) on delete restrict,
  version int not null references public.consent_texts (version) on delete restrict,
  -- In which language it was read.
  locale text not null,
  accepted_at timestamptz not null default clock_timestamp(),
  primary key (user_id, version)
);
alter table public.consents enable row level security;
revoke all on public.consents from anon, authenticated;
grant select on public.consents to authenticated;
create index consents_of_version on public.consents (version);
create policy read_own_and_admins on public.consents for select to authenticated
  using (user_id = (select private.active_uid()) or (select private.is_admin()));

-- Like the audit log: not even their owner, and not the clinic's own programs.
revoke insert, update, delete, truncate on public.consent_texts, public.consents from service_role;
create trigger consent_texts_append_only before update or delete on public.consent_texts
  for each row execute function private.refuse_change();
create trigger consent_texts_never_emptied before truncate on public.consent_texts
  for each statement execute function private.refuse_change();
create trigger consents_append_only before update or delete on public.consents
  for each row execute function private.refuse_change();
create trigger consents_never_emptied before truncate on public.consents
  for each statement execute function private.refuse_change();

-- writing needs it ----------------------------------------------------------------------------------------------

-- Whether there is a text in force that this person has not agreed to.
create function private.consent_missing(p_uid uuid) returns boolean
language sql stable set search_path = '' as $$
  select exists (
    select 1 from (select c.version, c.texts from public.consent_texts c order by c.version desc limit 1) current
    where current.texts <> '{}' and not exists (
      select 1 from public.consents k where k.user_id = p_uid and k.version = current.version)
  )
$$;

-- Who asks is always who would write. Last of all: nobody is asked to agree where they could not write anyway.
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
    when p_role in ('patient', 'proxy') and private.consent_missing(auth.uid()) then 'consent_missing'
  end
$$;

create or replace function private.reply_block_hint(p_block text) returns text
language sql immutable set search_path = '' as $$
  select case p_block
    when 'appointment_not_confirmed' then 'The clinic has not confirmed this appointment yet. Writing opens when it does.'
    when 'appointment_cancelled' then 'This appointment was cancelled. Book a new one, or call the clinic.'
    when 'appointment_missed' then 'This appointment did not take place. Book a new one, or call the clinic.'
    when 'reply_window_over' then 'The time for replies is over. Book a new appointment, or call the clinic.'
    when 'room_closed' then 'The clinic closed this conversation. Call the clinic if you still need help.'
    when 'room_archived' then 'This conversation is archived. Call the clinic if you still need help.'
    when 'room_locked' then 'The clinic stopped this conversation for now. Call the clinic if you need help.'
    when 'patient_may_not_reply' then 'The clinic does not take replies here. Call the clinic if you need help.'
    when 'consent_missing' then 'Read the clinic''s terms and accept them with accept_consent. To decline, call the clinic instead.'
  end
$$;

create or replace function private.next_step(p_block text, p_role text) returns text
language sql immutable set search_path = '' as $$
  select case
    when p_block is null then null
    when p_block = 'consent_missing' then 'accept_consent'
    when p_block = 'appointment_not_confirmed' and p_role = 'doctor' then 'confirm_appointment'
    when p_block = 'appointment_not_confirmed' then 'wait_for_confirmation'
    when p_block in ('reply_window_over', 'room_closed') and p_role in ('doctor', 'care_team') then 'reopen_room'
    when p_block in ('appointment_cancelled', 'appointment_missed', 'reply_window_over') then 'book_appointment'
    else 'call_clinic'
  end
$$;

-- reading and accepting -----------------------------------------------------------------------------------------

-- The text in force and what this person has agreed to of it; version 0: the clinic has never published one.
create function private.consent_json(p_uid uuid) returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object('version', coalesce(c.version, 0), 'texts', coalesce(c.texts, '{}'),
    'published_at', c.published_at, 'accepted_at', k.accepted_at, 'accepted_locale', k.locale)
  from (select 1) always
  left join (select * from public.consent_texts t order by t.version desc limit 1) c on true
  left join public.consents k on k.user_id = p_uid and k.version = c.version
$$;

create function public.get_consent() returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  return private.consent_json(private.require_uid());
end
$$;
select private.expose('public.get_consent()');

-- Only of the version in force, and in a language that it has: what somebody agrees to is what they have read.
create function public.accept_consent(version int, locale text) returns jsonb
language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
declare
  v_uid uuid := private.require_uid();
  v_current public.consent_texts;
begin
  perform private.take_token(v_uid, 'change');
  -- Shared with whoever publishes: what is accepted here is in force until this is committed.
  perform 1 from public.clinic_settings for share;
  select * into v_current from public.consent_texts c order by c.version desc limit 1;
  if v_current.version is distinct from accept_consent.version or v_current.texts = '{}' then
    perform private.fail(409, 'consent_outdated', 'The clinic has published another text. Read it again with get_consent().',
      v_current.version::text);
  end if;
  if accept_consent.locale is null or not v_current.texts ? accept_consent.locale then
    perform private.fail(400, 'argument_invalid', 'locale is the language that it was read in: a key of texts.', 'locale');
  end if;
  insert into public.consents (user_id, version, locale) values (v_uid, v_current.version, accept_consent.locale)
    on conflict (user_id, version) do nothing;
  if found then
    perform private.audit(null, v_uid, 'consent_accepted', null,
      jsonb_build_object('version', v_current.version, 'locale', accept_consent.locale));
    -- Their own screens: writing is open to them now.
    perform private.tell_user(v_uid, 'appointment_changed', jsonb_build_object('appointment_id', r.appointment_id))
      from public.chat_rooms r join public.chat_participants p on p.room_id = r.id
      where p.user_id = v_uid and p.left_at is null and p.role in ('patient', 'proxy') and r.status = 'open';
  end if;
  return private.consent_json(v_uid);
end
$$;
select private.expose('public.accept_consent(int, text)');

-- A new version: whoever wrote before is asked again, before their next message. `texts` by language; {}: none any more.
create function public.publish_consent(texts jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
declare
  v_uid uuid := private.require_admin();
  v_version int;
begin
  perform private.take_token(v_uid, 'change');
  if private.is_consent(publish_consent.texts) is not true then
    perform private.fail(400, 'argument_invalid',
      'texts is an object of texts by language, each of 1 to 20000 characters, such as {"en": "…"}.', 'texts');
  end if;
  perform 1 from public.clinic_settings for update;
  insert into public.consent_texts (version, texts, published_by)
    select coalesce(max(c.version), 0) + 1, publish_consent.texts, v_uid from public.consent_texts c
    returning version into v_version;
  perform private.audit(null, v_uid, 'consent_published', null, jsonb_build_object('version', v_version));
  return private.consent_json(v_uid);
end
$$;
select private.expose('public.publish_consent(jsonb)');

revoke execute on function private.is_consent(jsonb), private.consent_missing(uuid), private.consent_json(uuid)
  from public, anon, authenticated, service_role;
