-- Supabase's schemas and default privileges, for one database that belongs to `postgres`. Run by supabase_admin, as
-- often as one likes.

create schema if not exists extensions authorization postgres;
create schema if not exists auth authorization supabase_auth_admin;
create schema if not exists storage;
create schema if not exists realtime;

grant usage on schema public, extensions, auth, storage, realtime to anon, authenticated, service_role;
grant usage on schema auth, storage, realtime to postgres;

create extension if not exists pgcrypto with schema extensions;
create extension if not exists "uuid-ossp" with schema extensions;
create extension if not exists pg_trgm with schema extensions;
create extension if not exists unaccent with schema extensions;
create extension if not exists btree_gin with schema extensions;
grant all on all functions in schema extensions to postgres, anon, authenticated, service_role;

-- As on hosted Supabase: what `postgres` makes in public is granted to the API's roles, so that row level security and
-- explicit revokes are what protects it. A migration that relies on anything stricter would fail there.
alter default privileges for role postgres in schema public
  grant all on tables to postgres, anon, authenticated, service_role;
alter default privileges for role postgres in schema public
  grant all on functions to postgres, anon, authenticated, service_role;
alter default privileges for role postgres in schema public
  grant all on sequences to postgres, anon, authenticated, service_role;

do $$
begin
  if not exists (select from pg_publication where pubname = 'supabase_realtime') then
    create publication supabase_realtime;
  end if;
  alter publication supabase_realtime owner to postgres;
end
$$;
