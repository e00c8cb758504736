-- People and appointments.
--
-- Conventions of every migration here: row level security is switched on in the same group as `create table`;
-- a table is closed to anon and authenticated until a grant opens it; policies are named <verb>_<who>; a helper that
-- answers "what is mine" is a set-returning or scalar function without row arguments, so that a policy evaluates it
-- once and not per row; definer functions have an empty search_path; every index is named for its query.

create schema private;
revoke all on schema private from public;
grant usage on schema private to authenticated, service_role;

-- profiles ------------------------------------------------------------------------------------------------------

create table public.profiles (
  id uuid primary key references auth.users (id) on delete cascade,
  role text not null check (role in ('patient', 'doctor', 'admin')),
  display_name text not null check (char_length(display_name) between 1 and 120),
  specialty text check (char_length(specialty) between 1 and 120),
  locale text not null default 'en' check (locale ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
  time_zone text not null default 'UTC' check (time_zone ~ '^[A-Za-z0-9_+/-]{1,64}$'),
  suspended_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
alter table public.profiles enable row level security;
revoke all on public.profiles from anon, authenticated;
-- Names and roles are for everybody who may see the row; language, time zone and suspension come by get_profile.
grant select (id, role, display_name, specialty), update (locale, time_zone) on public.profiles to authenticated;

-- appointments --------------------------------------------------------------------------------------------------

create table public.appointments (
  id uuid primary key default gen_random_uuid(),
  patient_id uuid not null references public.profiles (id) on delete restrict,
  doctor_id uuid not null references public.profiles (id) on delete restrict,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  mode text not null check (mode in ('in_person', 'video', 'phone')),
  location text check (char_length(location) between 1 and 300),
  reason text check (char_length(reason) between 1 and 500),
  status text not null default 'requested'
    check (status in ('requested', 'confirmed', 'in_progress', 'completed', 'cancelled', 'no_show')),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check (ends_at > starts_at),
  check (patient_id <> doctor_id)
);
alter table public.appointments enable row level security;
revoke all on public.appointments from anon, authenticated;
grant select on public.appointments to authenticated;

create index appointments_of_patient_by_start on public.appointments (patient_id, starts_at, id);
create index appointments_of_doctor_by_start on public.appointments (doctor_id, starts_at, id);

-- who is asking -------------------------------------------------------------------------------------------------

-- The caller, unless suspended or without a profile: every policy and every function asks this one, so that
-- suspending somebody bites everywhere with the next statement.
create function private.active_uid() returns uuid
language sql stable security definer set search_path = '' as $$
  select p.id from public.profiles p where p.id = auth.uid() and p.suspended_at is null
$$;

create function private.is_admin() returns boolean
language sql stable security definer set search_path = '' as $$
  select exists (
    select 1 from public.profiles p
    where p.id = auth.uid() and p.suspended_at is null and p.role = 'admin'
  )
$$;

-- How every function of the API refuses. PostgREST makes the status `p_status`, the code word the body's `message`.
create function private.fail(p_status int, p_message text, p_hint text, p_detail text default null) returns void
language plpgsql set search_path = '' as $$
begin
  if p_detail is null then
    raise exception using errcode = 'PT' || p_status, message = p_message, hint = p_hint;
  end if;
  raise exception using errcode = 'PT' || p_status, message = p_message, hint = p_hint, detail = p_detail;
end
$$;

create function private.require_uid() returns uuid
language plpgsql stable security definer set search_path = '' as $$
declare
  v_uid uuid := private.active_uid();
begin
  if v_uid is null then
    if auth.uid() is not null and exists (
      select 1 from public.profiles p where p.id = auth.uid() and p.suspended_at is not null
    ) then
      perform private.fail(403, 'account_suspended', 'This account is suspended. Call the clinic.');
    end if;
    perform private.fail(401, 'not_signed_in', 'Sign in and try again.');
  end if;
  return v_uid;
end
$$;

create function private.require_page_size(p_page_size int) returns int
language plpgsql immutable set search_path = '' as $$
begin
  if coalesce(p_page_size, 50) not between 1 and 100 then
    perform private.fail(400, 'argument_invalid', 'page_size is a whole number from 1 to 100.', 'page_size');
  end if;
  return coalesce(p_page_size, 50);
end
$$;

create function private.touch_updated_at() returns trigger
language plpgsql set search_path = '' as $$
begin
  new.updated_at := now();
  return new;
end
$$;

create trigger profiles_touch before update on public.profiles
  for each row execute function private.touch_updated_at();
create trigger appointments_touch before update on public.appointments
  for each row execute function private.touch_updated_at();

-- A time zone that PostgreSQL does not know would break the screens of its owner only; refused where it is written.
create function private.check_time_zone() returns trigger
language plpgsql set search_path = '' as $$
begin
  perform now() at time zone new.time_zone;
  return new;
exception when invalid_parameter_value then
  perform private.fail(400, 'argument_invalid', 'Use a time zone name such as Europe/Madrid.', 'time_zone');
  return null;
end
$$;

create trigger profiles_check_time_zone before insert or update of time_zone on public.profiles
  for each row execute function private.check_time_zone();

create policy read_parties on public.appointments for select to authenticated using (
  patient_id = (select private.active_uid())
  or doctor_id = (select private.active_uid())
  or (select private.is_admin())
);
