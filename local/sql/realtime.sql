-- The database side of Realtime: what SQL written for Supabase expects to find in schema realtime.
-- Run once per database as the superuser supabase_admin, after roles.sql. May be run again at any time.
--
-- A message inserted here and committed is streamed to the sockets by logical replication; its policies decide
-- who may join a private topic (select) and who may send to it (insert). Nothing here is read back by the
-- server except partitions and gap fills. inserted_at has no time zone: who inserts by hand must run in UTC.

create schema if not exists realtime;
grant usage on schema realtime to anon, authenticated, service_role, postgres, supabase_realtime_admin;
grant create on schema realtime to supabase_realtime_admin;

create table if not exists realtime.messages (
  topic text not null,
  extension text not null,
  payload jsonb,
  event text,
  private boolean default false,
  updated_at timestamp without time zone not null default now(),
  inserted_at timestamp without time zone not null default now(),
  id uuid not null default gen_random_uuid(),
  binary_payload bytea,
  primary key (id, inserted_at),
  constraint messages_one_payload check (payload is null or binary_payload is null)
) partition by range (inserted_at);

alter table realtime.messages owner to supabase_realtime_admin;
alter table realtime.messages enable row level security;
revoke all on realtime.messages from public;
grant select, insert, update on realtime.messages to anon, authenticated, service_role;
grant all on realtime.messages to postgres;

-- Replay: the newest private broadcasts of a topic since a moment.
create index if not exists messages_inserted_at_topic_index
  on realtime.messages (inserted_at desc, topic)
  where extension = 'broadcast' and private is true;

-- One partition a day (UTC), from yesterday to three days ahead; those whose last row is older than 72 hours go.
-- A missing partition means lost messages, so this runs before the server accepts sockets and then by the hour.
-- Returns the number of partitions made.
create or replace function realtime.maintain_message_partitions(at timestamptz default now())
returns integer
language plpgsql
security definer
set search_path = ''
as $$
declare
  today constant date := (at at time zone 'utc')::date;
  oldest_kept constant timestamp := (at at time zone 'utc') - interval '72 hours';
  day date;
  partition_name text;
  made integer := 0;
begin
  perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('realtime.maintain_message_partitions', 0));

  for day in select (today + n) from pg_catalog.generate_series(-1, 3) as n loop
    partition_name := 'messages_' || pg_catalog.to_char(day, 'YYYY_MM_DD');
    if pg_catalog.to_regclass(pg_catalog.format('realtime.%I', partition_name)) is null then
      execute pg_catalog.format(
        'create table realtime.%I partition of realtime.messages for values from (%L) to (%L)',
        partition_name, day::timestamp, (day + 1)::timestamp
      );
      -- Reached through its parent only: no grants, and closed even if default privileges give some.
      execute pg_catalog.format('alter table realtime.%I enable row level security', partition_name);
      made := made + 1;
    end if;
  end loop;

  for partition_name in
    select child.relname
    from pg_catalog.pg_inherits
    join pg_catalog.pg_class as child on child.oid = pg_inherits.inhrelid
    where pg_inherits.inhparent = 'realtime.messages'::pg_catalog.regclass
      and child.relname ~ '^messages_\d{4}_\d{2}_\d{2}$'
      and pg_catalog.to_date(pg_catalog.right(child.relname, 10), 'YYYY_MM_DD') + 1 <= oldest_kept
  loop
    execute pg_catalog.format('drop table realtime.%I', partition_name);
  end loop;

  return made;
end
$$;

alter function realtime.maintain_message_partitions(timestamptz) owner to supabase_realtime_admin;
revoke execute on function realtime.maintain_message_partitions(timestamptz) from public;

select realtime.maintain_message_partitions();

-- The topic that is being joined, or sent to: what policies on realtime.messages compare with.
create or replace function realtime.topic()
returns text
language sql
stable
as $$ select nullif(pg_catalog.current_setting('realtime.topic', true), '') $$;

alter function realtime.topic() owner to supabase_realtime_admin;

-- Sends a JSON object to everyone on a topic, when the transaction commits. Rights are the caller's. Never fails: a
-- message that cannot be stored is lost with a warning, so that no business transaction falls with it. Its time is in UTC,
-- whatever the session's zone.
create or replace function realtime.send(payload jsonb, event text, topic text, private boolean default true)
returns void
language plpgsql
set search_path = ''
set timezone = 'UTC'
as $$
#variable_conflict use_variable
declare
  message_id constant uuid := pg_catalog.gen_random_uuid();
begin
  if pg_catalog.jsonb_typeof(payload) is distinct from 'object' then
    raise warning 'WarnSendingBroadcastMessage: the payload must be a JSON object';
    return;
  end if;
  if not payload ? 'id' then
    payload := payload || pg_catalog.jsonb_build_object('id', message_id);
  end if;
  perform pg_catalog.set_config('realtime.topic', topic, true);
  insert into realtime.messages (id, topic, extension, event, private, payload)
  values (message_id, topic, 'broadcast', event, private, payload);
exception when others then
  raise warning 'WarnSendingBroadcastMessage: %', sqlerrm;
end
$$;

alter function realtime.send(jsonb, text, text, boolean) owner to supabase_realtime_admin;

-- The same for bytes. Sockets of protocol 1.0.0 cannot carry them and get nothing.
create or replace function realtime.send_binary(payload bytea, event text, topic text, private boolean default true)
returns void
language plpgsql
set search_path = ''
set timezone = 'UTC'
as $$
#variable_conflict use_variable
begin
  if payload is null then
    raise warning 'WarnSendingBroadcastMessage: the payload must not be null';
    return;
  end if;
  perform pg_catalog.set_config('realtime.topic', topic, true);
  insert into realtime.messages (topic, extension, event, private, binary_payload)
  values (topic, 'broadcast', event, private, payload);
exception when others then
  raise warning 'WarnSendingBroadcastMessage: %', sqlerrm;
end
$$;

alter function realtime.send_binary(bytea, text, text, boolean) owner to supabase_realtime_admin;

-- Sends one changed row; to be called from a row trigger, which passes its TG_OP, TG_TABLE_NAME, TG_TABLE_SCHEMA,
-- NEW, OLD and TG_LEVEL. Unlike realtime.send it raises when it is called wrongly.
create or replace function realtime.broadcast_changes(
  topic_name text,
  event_name text,
  operation text,
  table_name text,
  table_schema text,
  new record,
  old record,
  level text default 'ROW'
)
returns void
language plpgsql
set search_path = ''
as $$
begin
  if level is distinct from 'ROW' then
    raise exception 'broadcast_changes works in row triggers only, not at level %', level
      using errcode = 'invalid_parameter_value';
  end if;
  if operation is null or operation not in ('INSERT', 'UPDATE', 'DELETE') then
    raise exception 'broadcast_changes knows INSERT, UPDATE and DELETE, not %', operation
      using errcode = 'invalid_parameter_value';
  end if;
  perform realtime.send(
    pg_catalog.jsonb_build_object(
      'record', new,
      'old_record', old,
      'operation', operation,
      'table', table_name,
      'schema', table_schema
    ),
    event_name,
    topic_name
  );
end
$$;

alter function realtime.broadcast_changes(text, text, text, text, text, record, record, text)
  owner to supabase_realtime_admin;

do $$
begin
  -- For the user's own tables: empty, and the migrations' role may add to it.
  if not exists (select from pg_catalog.pg_publication where pubname = 'supabase_realtime') then
    create publication supabase_realtime;
    alter publication supabase_realtime owner to postgres;
  end if;
  -- What the server streams. Rows arrive under the parent's name, whichever day they fall on.
  if not exists (select from pg_catalog.pg_publication where pubname = 'supabase_realtime_messages_publication') then
    create publication supabase_realtime_messages_publication
      for table realtime.messages
      with (publish = 'insert', publish_via_partition_root = true);
  end if;
end
$$;
