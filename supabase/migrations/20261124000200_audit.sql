-- The audit log: who read or changed what, when. Written by functions in the transaction of what they record, never
-- changed, never deleted from. Ids and code words only: no text that a person wrote.
--
-- One hash chain per room and one of the clinic itself, so that writing an entry waits for nothing but entries of the
-- same room, and sending a message for none at all. Each entry's hash covers the one before it: an entry altered,
-- removed, inserted or moved breaks the chain at that place; the head tells where the chain must end.

create function private.clinic_chain() returns uuid
language sql immutable set search_path = '' as $$ select '00000000-0000-0000-0000-000000000000'::uuid $$;

-- True for an object whose values are ids, numbers, flags and code words.
create function private.is_words_only(p_details jsonb) returns boolean
language sql immutable set search_path = '' as $$
  select jsonb_typeof(p_details) = 'object' and not exists (
    select 1 from jsonb_each(case when jsonb_typeof(p_details) = 'object' then p_details else '{}' end) d
    where jsonb_typeof(d.value) in ('array', 'object')
      or (jsonb_typeof(d.value) = 'string' and d.value #>> '{}' !~ '^[A-Za-z0-9_:.-]{1,64}$')
  )
$$;

create table public.audit_log (
  -- The room, or the clinic's own chain.
  chain uuid not null,
  n bigint not null check (n > 0),
  room_id uuid generated always as (nullif(chain, '00000000-0000-0000-0000-000000000000'::uuid)) stored,
  at timestamptz not null,
  -- Null: the system. No foreign keys: the log outlives what it speaks of.
  actor_id uuid,
  action text not null check (action ~ '^[a-z_]{3,40}$'),
  -- Whom or what it was done to: a person, a message, a grant …
  subject_id uuid,
  details jsonb not null default '{}' check (private.is_words_only(details)),
  hash bytea not null check (length(hash) = 32),
  primary key (chain, n)
);
alter table public.audit_log enable row level security;
revoke all on public.audit_log from anon, authenticated, service_role;
grant select on public.audit_log to authenticated, service_role;
create index audit_log_of_actor_by_time on public.audit_log (actor_id, at);
create policy read_participants_and_admins on public.audit_log for select to authenticated
  using (room_id in (select private.my_room_ids()) or (select private.is_admin()));

create table private.audit_heads (
  chain uuid primary key,
  n bigint not null,
  hash bytea not null
);
alter table private.audit_heads enable row level security;
revoke all on private.audit_heads from anon, authenticated, service_role;

create function private.refuse_change() returns trigger
language plpgsql set search_path = '' as $$
begin
  raise exception using errcode = '42501', message = format('%I is append-only', tg_table_name),
    hint = 'Entries are never changed and never removed.';
end
$$;
create trigger audit_log_append_only before update or delete on public.audit_log
  for each row execute function private.refuse_change();
create trigger audit_log_never_emptied before truncate on public.audit_log
  for each statement execute function private.refuse_change();

-- What an entry's hash covers, besides the hash before it. The same bytes whatever the session's settings.
create function private.audit_bytes(
  p_chain uuid, p_n bigint, p_at timestamptz, p_actor_id uuid, p_action text, p_subject_id uuid, p_details jsonb
) returns bytea
language sql immutable set search_path = '' as $$
  select convert_to(concat_ws('|', p_chain, p_n, trunc(extract(epoch from p_at) * 1000000),
    coalesce(p_actor_id::text, '-'), p_action, coalesce(p_subject_id::text, '-'), p_details::text), 'UTF8')
$$;

-- Appends an entry to the room's chain, or to the clinic's where `p_room_id` is null.
create function private.audit(
  p_room_id uuid, p_actor_id uuid, p_action text, p_subject_id uuid default null, p_details jsonb default '{}'
) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_chain uuid := coalesce(p_room_id, private.clinic_chain());
  v_at timestamptz;
  v_head private.audit_heads;
begin
  insert into private.audit_heads (chain, n, hash) values (v_chain, 0, '') on conflict (chain) do nothing;
  select * into strict v_head from private.audit_heads h where h.chain = v_chain for no key update;
  -- After the lock, so that times do not run backwards along a chain.
  v_at := clock_timestamp();
  v_head.n := v_head.n + 1;
  v_head.hash := sha256(v_head.hash || private.audit_bytes(
    v_chain, v_head.n, v_at, p_actor_id, p_action, p_subject_id, p_details));
  update private.audit_heads h set n = v_head.n, hash = v_head.hash where h.chain = v_chain;
  insert into public.audit_log (chain, n, at, actor_id, action, subject_id, details, hash)
    values (v_chain, v_head.n, v_at, p_actor_id, p_action, p_subject_id, p_details, v_head.hash);
end
$$;

-- Every place where a chain does not hold. No row: the log is as it was written. `p_chain`: one chain only.
-- `p_known`: heads kept outside of the database ([{"chain", "n", "hash"}], see list_audit_heads), which also find out
-- somebody who rewrote a chain together with its head. One chain by the index, whatever the plan; the whole log as it lies
-- and then sorted, because the entries of a chain lie all over it.
create function private.verify_audit_log(p_chain uuid default null, p_known jsonb default '[]')
returns table (chain uuid, n bigint, problem text)
language sql stable security definer set search_path = '' set work_mem = '256MB' set enable_indexscan = off as $$
  with walked as (
    select a.chain, a.n, a.hash, row_number() over w as place, lead(a.n) over w is null as is_last,
      sha256(lag(a.hash, 1, '') over w || private.audit_bytes(
        a.chain, a.n, a.at, a.actor_id, a.action, a.subject_id, a.details)) as right_hash
    from public.audit_log a
    where a.chain between coalesce(p_chain, private.clinic_chain()) and coalesce(p_chain, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
    window w as (partition by a.chain order by a.n)
  )
  select w.chain, w.n, case when w.n <> w.place then 'missing_before' else 'altered' end
    from walked w where w.n <> w.place or w.hash <> w.right_hash
  union all
  select coalesce(h.chain, e.chain), coalesce(e.n, 0), case
      when h.chain is null then 'no_head' when e.chain is null then 'chain_missing' else 'wrong_end' end
    from (
      select * from private.audit_heads h
      where h.chain between coalesce(p_chain, private.clinic_chain()) and coalesce(p_chain, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
    ) h
    full join (select * from walked w where w.is_last) e on e.chain = h.chain
    where (h.n, h.hash) is distinct from (e.n, e.hash)
  union all
  select r.id, 0::bigint, 'no_chain'
    from (select private.clinic_chain() as id union all select r.id from public.chat_rooms r) r
    where r.id between coalesce(p_chain, private.clinic_chain()) and coalesce(p_chain, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
      and not exists (select 1 from private.audit_heads h where h.chain = r.id)
  union all
  select k.chain, k.n, 'rewritten'
    from jsonb_to_recordset(p_known) k (chain uuid, n bigint, hash text)
    where (p_chain is null or k.chain = p_chain) and not exists (
      select 1 from public.audit_log a where a.chain = k.chain and a.n = k.n and a.hash = decode(k.hash, 'hex'))
$$;

-- Every room's chain begins with the room.
create function private.begin_chain() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  perform private.audit(new.id, auth.uid(), 'room_made', new.appointment_id);
  return null;
end
$$;
create trigger begin_chain after insert on public.chat_rooms
  for each row execute function private.begin_chain();
-- The clinic's chain begins here: one that is gone as a whole must not look like one that never was.
select private.audit(null, null, 'log_begun');
select private.audit(r.id, null, 'room_made', r.appointment_id) from public.chat_rooms r;

-- limits --------------------------------------------------------------------------------------------------------

-- Token buckets: `burst` at once, then `per_minute`. One row per action; change them by SQL as the owner.
create table private.rate_limits (
  action text primary key,
  burst int not null check (burst > 0),
  per_minute numeric not null check (per_minute > 0)
);
alter table private.rate_limits enable row level security;
insert into private.rate_limits values
  ('send', 60, 60), ('upload', 20, 10), ('join', 60, 60), ('search', 20, 30), ('change', 60, 60);

-- Lost at a crash, which is fine: a bucket is then full again.
create unlogged table private.rate_buckets (
  user_id uuid not null,
  action text not null,
  tokens numeric not null,
  refilled_at timestamptz not null,
  primary key (user_id, action)
) with (fillfactor = 60);
alter table private.rate_buckets enable row level security;

-- Takes a token from the person's bucket, or refuses with 429 and Retry-After. A call that fails afterwards gives it
-- back with its transaction.
create function private.take_token(p_uid uuid, p_action text) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_limit private.rate_limits;
  v_now timestamptz := clock_timestamp();
  v_tokens numeric;
  v_seconds int;
begin
  select * into strict v_limit from private.rate_limits l where l.action = p_action;
  insert into private.rate_buckets as b (user_id, action, tokens, refilled_at)
    values (p_uid, p_action, v_limit.burst - 1, v_now)
    on conflict (user_id, action) do update
      set tokens = least(v_limit.burst, b.tokens
            + greatest(extract(epoch from v_now - b.refilled_at), 0) * v_limit.per_minute / 60) - 1,
          refilled_at = greatest(v_now, b.refilled_at)
      where b.tokens + greatest(extract(epoch from v_now - b.refilled_at), 0) * v_limit.per_minute / 60 >= 1;
  if not found then
    select b.tokens + greatest(extract(epoch from v_now - b.refilled_at), 0) * v_limit.per_minute / 60 into v_tokens
      from private.rate_buckets b where b.user_id = p_uid and b.action = p_action;
    v_seconds := greatest(1, ceil((1 - coalesce(v_tokens, 0)) * 60 / v_limit.per_minute));
    -- PostgREST's way to give an error headers.
    raise sqlstate 'PGRST' using
      message = jsonb_build_object('code', 'PT429', 'message', 'rate_limited', 'details', v_seconds::text,
        'hint', format('Wait %s seconds, then try again.', v_seconds))::text,
      detail = jsonb_build_object('status', 429, 'headers', jsonb_build_object('Retry-After', v_seconds::text))::text;
  end if;
end
$$;
