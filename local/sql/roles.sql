-- Supabase's roles, for the whole cluster. Run by supabase_admin, as often as one likes.
-- Passwords are set from secrets.json, never here.

do $$
begin
  if to_regrole('anon') is null then create role anon nologin noinherit; end if;
  if to_regrole('authenticated') is null then create role authenticated nologin noinherit; end if;
  if to_regrole('service_role') is null then create role service_role nologin noinherit bypassrls; end if;
  if to_regrole('authenticator') is null then create role authenticator login noinherit; end if;
  if to_regrole('postgres') is null then create role postgres login; end if;
  if to_regrole('supabase_auth_admin') is null then create role supabase_auth_admin login noinherit; end if;
  if to_regrole('supabase_storage_admin') is null then create role supabase_storage_admin nologin noinherit; end if;
  if to_regrole('supabase_realtime_admin') is null then create role supabase_realtime_admin nologin noinherit; end if;
  -- Ours, not Supabase's: what the REST tables' server connects as. It owns nothing and may grant nothing. It inherits,
  -- because information_schema shows a role only what it may use itself.
  if to_regrole('rest_gateway') is null then create role rest_gateway login inherit; end if;
end
$$;

alter role postgres nosuperuser createdb createrole replication bypassrls login inherit;
alter role supabase_auth_admin createrole;

grant anon, authenticated, service_role to postgres with admin option;
grant pg_monitor, pg_signal_backend to postgres;
do $$
declare
  -- Before PostgreSQL 16 a membership has no options: whether it is inherited is its member's attribute, which agrees
  -- with what is said here, and `set role` is always allowed.
  has_options constant boolean := current_setting('server_version_num')::int >= 160000;
begin
  execute 'grant anon, authenticated, service_role to authenticator'
    || case when has_options then ' with inherit false, set true' else '' end;
  execute 'grant anon, authenticated, service_role to rest_gateway'
    || case when has_options then ' with inherit true, set true' else '' end;
  -- An owner's inherited right, so that migrations may put policies on realtime.messages and storage.objects, and what
  -- they define may insert past those.
  execute 'grant supabase_realtime_admin, supabase_storage_admin to postgres'
    || case when has_options then ' with inherit true, set false' else '' end;
end
$$;

alter role postgres set search_path = "$user", public, extensions;
alter role supabase_auth_admin set search_path = auth;
alter role supabase_auth_admin set idle_in_transaction_session_timeout = '60s';
alter role authenticator set search_path = public, extensions;
alter role authenticator set statement_timeout = '8s';
alter role authenticator set lock_timeout = '8s';
alter role authenticator set idle_in_transaction_session_timeout = '15s';
alter role rest_gateway set search_path = public, extensions;
alter role rest_gateway set statement_timeout = '8s';
alter role rest_gateway set lock_timeout = '8s';
alter role rest_gateway set idle_in_transaction_session_timeout = '15s';
-- Not applied by PostgreSQL on `set role`; the gateway applies them, as PostgREST does.
alter role anon set statement_timeout = '3s';
alter role authenticated set statement_timeout = '8s';
