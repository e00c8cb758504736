-- What people are notified of, and what monitoring is made of. No clinical text in any of it: ids, kinds, counts, times.

create table public.notifications (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references public.profiles (id) on delete cascade,
  room_id uuid references public.chat_rooms (id) on delete cascade,
  kind text not null check (kind in ('message', 'appointment', 'notice', 'reminder')),
  -- Of one room and kind there is one that is unread: it counts.
  count int not null default 1 check (count > 0),
  last_seq bigint check (last_seq > 0),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  read_at timestamptz
);
alter table public.notifications enable row level security;
revoke all on public.notifications from anon, authenticated;
grant select on public.notifications to authenticated;
create unique index notifications_unread_of_room on public.notifications (user_id, room_id, kind) where read_at is null;
create index notifications_of_user_by_time on public.notifications (user_id, updated_at desc, id);
create index notifications_of_room on public.notifications (room_id);
create policy read_own on public.notifications for select to authenticated
  using (user_id = (select private.active_uid()));

create table public.notification_preferences (
  user_id uuid primary key references public.profiles (id) on delete cascade,
  in_browser boolean not null default true,
  by_push boolean not null default true,
  by_mail boolean not null default false,
  shows_sender boolean not null default false,
  -- By the person's own clock.
  quiet_from time,
  quiet_to time,
  updated_at timestamptz not null default now(),
  check ((quiet_from is null) = (quiet_to is null))
);
alter table public.notification_preferences enable row level security;
revoke all on public.notification_preferences from anon, authenticated;
grant select on public.notification_preferences to authenticated;
create policy read_own on public.notification_preferences for select to authenticated
  using (user_id = (select private.active_uid()));

create table public.push_subscriptions (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references public.profiles (id) on delete cascade,
  endpoint text not null unique check (endpoint ~ '^https://' and char_length(endpoint) <= 2000),
  p256dh text not null check (char_length(p256dh) between 1 and 200),
  auth text not null check (char_length(auth) between 1 and 100),
  created_at timestamptz not null default now(),
  failed_at timestamptz
);
alter table public.push_subscriptions enable row level security;
revoke all on public.push_subscriptions from anon, authenticated;
-- The keys go to the worker only.
grant select (id, user_id, created_at, failed_at) on public.push_subscriptions to authenticated;
create index push_subscriptions_of_user on public.push_subscriptions (user_id);
create policy read_own on public.push_subscriptions for select to authenticated
  using (user_id = (select private.active_uid()));

create table public.client_samples (
  id bigint generated always as identity primary key,
  user_id uuid not null references public.profiles (id) on delete cascade,
  kind text not null check (kind ~ '^[a-z_]{3,40}$'),
  value_ms double precision not null check (value_ms >= 0 and value_ms < 86400000),
  at timestamptz not null default now()
);
create index client_samples_by_kind_and_time on public.client_samples (kind, at);
create index client_samples_of_user on public.client_samples (user_id);

create table public.client_errors (
  id bigint generated always as identity primary key,
  user_id uuid not null references public.profiles (id) on delete cascade,
  kind text not null check (kind ~ '^[a-z-]{3,40}$'),
  detail text check (detail ~ '^[A-Za-z0-9_-]{1,64}$'),
  count int not null default 1 check (count > 0),
  at timestamptz not null default now()
);
create index client_errors_by_time on public.client_errors (at);
create index client_errors_of_user on public.client_errors (user_id);

create table public.health_checks (
  id bigint generated always as identity primary key,
  name text not null check (name ~ '^[a-z_]{3,40}$'),
  status text not null check (status in ('ok', 'slow', 'failed')),
  latency_ms double precision check (latency_ms >= 0),
  at timestamptz not null default now()
);
create index health_checks_by_name_and_time on public.health_checks (name, at);

create table public.alert_rules (
  id uuid primary key default gen_random_uuid(),
  metric text not null check (metric ~ '^[a-z_]{3,40}$'),
  raise_at double precision not null,
  -- Lower than `raise_at`, or an alert would come and go with every sample.
  clear_at double precision not null,
  for_minutes int not null default 5 check (for_minutes between 1 and 1440),
  severity text not null check (severity in ('info', 'warning', 'critical')),
  is_enabled boolean not null default true,
  check (clear_at <= raise_at)
);

create table public.alerts (
  id uuid primary key default gen_random_uuid(),
  rule_id uuid not null references public.alert_rules (id) on delete cascade,
  value double precision not null,
  raised_at timestamptz not null default now(),
  cleared_at timestamptz,
  acknowledged_at timestamptz,
  acknowledged_by uuid references public.profiles (id) on delete restrict
);
create unique index alerts_raised on public.alerts (rule_id) where cleared_at is null;
create index alerts_of_rule on public.alerts (rule_id, raised_at);
create index alerts_acknowledged_by on public.alerts (acknowledged_by) where acknowledged_by is not null;

do $$
declare
  v_table regclass;
begin
  foreach v_table in array
    '{public.client_samples,public.client_errors,public.health_checks,public.alert_rules,public.alerts}'::regclass[]
  loop
    execute format('alter table %s enable row level security', v_table);
    execute format('revoke all on %s from anon, authenticated', v_table);
    execute format('grant select on %s to authenticated', v_table);
    execute format('create policy read_admins on %s for select to authenticated using ((select private.is_admin()))', v_table);
  end loop;
end
$$;
