-- postgres_changes: what the Realtime server asks the database about the subscriptions to table changes. Run by
-- supabase_admin after realtime.sql, as often as one likes. Called by the server's own role alone.
--
-- Who runs what: names and privileges are looked up as the caller, on an empty search_path. Values are cast and filters
-- evaluated as the table's owner, because a type may run its author's code. Policies are asked as the subscriber's role
-- with its claims. A check that fails is a no.

-- The SQL of one filter: {column, operator, is_negated, values}. `operand` is SQL of the type `type`.
create or replace function realtime.filter_sql(operand text, type text, filter jsonb)
returns text
language sql
immutable
strict
set search_path = ''
as $$
  select case when (filter ->> 'is_negated')::boolean then '(not ' || test || ')' else test end
  from (
    select case filter ->> 'operator'
      when 'eq' then format('(%s = %L::%s)', operand, filter -> 'values' ->> 0, type)
      when 'neq' then format('(%s <> %L::%s)', operand, filter -> 'values' ->> 0, type)
      when 'lt' then format('(%s < %L::%s)', operand, filter -> 'values' ->> 0, type)
      when 'lte' then format('(%s <= %L::%s)', operand, filter -> 'values' ->> 0, type)
      when 'gt' then format('(%s > %L::%s)', operand, filter -> 'values' ->> 0, type)
      when 'gte' then format('(%s >= %L::%s)', operand, filter -> 'values' ->> 0, type)
      when 'isdistinct' then format('(%s is distinct from %L::%s)', operand, filter -> 'values' ->> 0, type)
      when 'like' then format('(%s ~~ %L::text)', operand, filter -> 'values' ->> 0)
      when 'ilike' then format('(%s ~~* %L::text)', operand, filter -> 'values' ->> 0)
      when 'match' then format('(%s ~ %L::text)', operand, filter -> 'values' ->> 0)
      when 'imatch' then format('(%s ~* %L::text)', operand, filter -> 'values' ->> 0)
      when 'in' then format('(%s = any (array[%s]::%s[]))', operand,
        (select string_agg(quote_literal(value), ',') from jsonb_array_elements_text(filter -> 'values') as value), type)
      when 'is' then case filter -> 'values' ->> 0
        when 'null' then format('(%s is null)', operand)
        when 'true' then format('(%s is true)', operand)
        when 'false' then format('(%s is false)', operand)
        when 'unknown' then format('(%s is unknown)', operand)
      end
    end as test
  ) as built
$$;

-- May the role subscribe to {schema, table, filters, columns}? `ok`; `unpublished`: no such table in the publication;
-- `invalid`: a column it may not read, or a filter that its type does not know.
create or replace function realtime.check_subscription(subscriber_role text, wanted jsonb)
returns text
language plpgsql
set search_path = ''
as $$
declare
  published record;
  filter jsonb;
  probe text;
  found_any boolean := false;
begin
  for published in
    select class.oid, pg_get_userbyid(class.relowner) as owner
    from pg_publication_tables as listed
    join pg_namespace as namespace on namespace.nspname = listed.schemaname
    join pg_class as class on class.relnamespace = namespace.oid and class.relname = listed.tablename
    where listed.pubname = 'supabase_realtime'
      and wanted ->> 'schema' in ('*', listed.schemaname)
      and wanted ->> 'table' in ('*', listed.tablename)
  loop
    found_any := true;

    if exists (
      select from (
        select jsonb_array_elements_text(wanted -> 'columns') as name
        union all
        select jsonb_array_elements(wanted -> 'filters') ->> 'column'
      ) as needed
      left join pg_attribute as attribute
        on attribute.attrelid = published.oid and attribute.attname = needed.name
        and attribute.attnum > 0 and not attribute.attisdropped
      where attribute.attnum is null
        or not has_column_privilege(subscriber_role, published.oid, attribute.attnum, 'select')
    ) then
      return 'invalid';
    end if;

    for filter in select value from jsonb_array_elements(wanted -> 'filters') loop
      select 'select ' || realtime.filter_sql(
          format('null::%s', format_type(attribute.atttypid, -1)), format_type(attribute.atttypid, -1), filter
        ) || case when filter ->> 'operator' in ('match', 'imatch')
          then format(', '''' ~ %L', filter -> 'values' ->> 0) else '' end
        into probe
        from pg_attribute as attribute
        where attribute.attrelid = published.oid and attribute.attname = filter ->> 'column';
      begin
        perform set_config('search_path', 'public, extensions', true), set_config('role', published.owner, true);
        execute probe;
      exception when others then
        return 'invalid';
      end;
      perform set_config('role', 'none', true), set_config('search_path', '', true);
    end loop;
  end loop;
  return case when found_any then 'ok' else 'unpublished' end;
end
$$;

-- SQL of an array of each column's JSON text, from the texts in $1. Null: not known, or longer than `max_bytes`.
create or replace function realtime.row_sql(types text[], texts text[], known boolean[], max_bytes integer)
returns text
language sql
stable
set search_path = ''
as $$
  select 'select array[' || coalesce(string_agg(
    case
      when not known[position] or octet_length(texts[position]) > max_bytes then 'null'
      when type = 'bytea' then
        format('coalesce(pg_catalog.to_jsonb(pg_catalog.encode(($1)[%s]::bytea, ''hex''))::text, ''null'')', position)
      else format('coalesce(pg_catalog.to_jsonb(($1)[%s]::%s)::text, ''null'')', position, type)
    end, ',' order by position), '') || ']::text[]'
  from unnest(types) with ordinality as listed (type, position)
$$;

-- One committed change against everybody who subscribed to its table, in one call.
--
-- Rows are arrays of the columns' texts, in the order of `column_names`; `known` tells a NULL from a value that was not
-- sent. `filters`: lists of filters, each list an AND. `readers`: distinct {role, claims, subject, filters: indexes of
-- the lists that its subscriptions have}. Null if the table is gone.
--
-- Answers {is_rls_enabled, key, types, roles: {role: readable columns}, new_row, old_row: JSON texts,
-- filters: [boolean], readers: [boolean], failures: [SQLSTATE]}. RLS is not asked about a deleted row, which nobody can
-- look up any more: where it is enabled, only the key may be told, and only the key is compared with filters.
create or replace function realtime.check_change(
  relation oid,
  transaction_id bigint,
  action text,
  column_names text[],
  column_types oid[],
  new_texts text[],
  new_known boolean[],
  old_texts text[],
  old_known boolean[],
  max_value_bytes integer,
  filters jsonb,
  readers jsonb
)
returns jsonb
language plpgsql
set search_path = ''
as $$
#variable_conflict use_variable
declare
  two_32 constant bigint := 4294967296;
  snapshot pg_snapshot;
  newest bigint;
  target record;
  types text[];
  type_names text[];
  collations text[];
  key_names text[];
  key_sql text;
  operands text[];
  tests text[];
  passed boolean[];
  probe_sql text;
  new_sql text;
  old_sql text;
  new_row text[];
  old_row text[];
  roles jsonb;
  bypassing text[];
  reader jsonb;
  is_visible boolean;
  visible boolean[] := '{}';
  failures text[] := '{}';
begin
  -- A commit may be streamed a moment before other sessions see it.
  loop
    snapshot := pg_current_snapshot();
    newest := pg_snapshot_xmax(snapshot)::text::bigint;
    exit when pg_visible_in_snapshot(
      (newest + (transaction_id - newest % two_32 + two_32 + two_32 / 2) % two_32 - two_32 / 2)::text::xid8, snapshot
    );
    perform pg_sleep(0.001);
  end loop;

  select class.relrowsecurity as is_rls_enabled, pg_get_userbyid(class.relowner) as owner,
      class.oid::regclass::text as name, class.relnamespace as namespace
    into target
    from pg_class as class where class.oid = relation;
  if not found then
    return null;
  end if;

  key_names := array(
    select attribute.attname::text
    from pg_index as index
    join pg_attribute as attribute
      on attribute.attrelid = index.indrelid and attribute.attnum = any (index.indkey)
    where index.indrelid = relation and index.indisprimary
    order by attribute.attnum
  );
  select
    coalesce(array_agg(format_type(listed.type, -1) order by listed.position), '{}'),
    coalesce(array_agg(type.typname::text order by listed.position), '{}'),
    coalesce(array_agg(
      case when attribute.attcollation <> 0 and attribute.attcollation <> type.typcollation
        then ' collate ' || attribute.attcollation::regcollation::text else '' end
      order by listed.position), '{}')
    into types, type_names, collations
    from unnest(column_names, column_types) with ordinality as listed (name, type, position)
    left join pg_type as type on type.oid = listed.type
    left join pg_attribute as attribute
      on attribute.attrelid = relation and attribute.attname = listed.name and not attribute.attisdropped;

  select jsonb_object_agg(asked.role, (
      select coalesce(jsonb_agg(listed.name order by listed.position), '[]')
      from unnest(column_names) with ordinality as listed (name, position)
      join pg_attribute as attribute
        on attribute.attrelid = relation and attribute.attname = listed.name and not attribute.attisdropped
      where has_schema_privilege(asked.role, target.namespace, 'usage')
        and has_column_privilege(asked.role, relation, attribute.attnum, 'select')
    ))
    into roles
    from (select distinct value ->> 'role' as role from jsonb_array_elements(readers)) as asked;
  bypassing := array(select rolname::text from pg_roles where rolbypassrls or rolsuper);

  select string_agg(format('t.%I = ($1)[%s]::%s', listed.name, listed.position, types[listed.position]), ' and ')
    into key_sql
    from unnest(column_names) with ordinality as listed (name, position)
    where listed.name = any (key_names) and new_known[listed.position]
    having count(*) = cardinality(key_names);
  probe_sql := 'select exists (select from ' || target.name || ' as t where ' || key_sql || ')';

  operands := array(
    select case
      when action = 'DELETE' then
        case when old_known[listed.position] and (not target.is_rls_enabled or listed.name = any (key_names))
          then format('(($1)[%s]::%s%s)', listed.position, types[listed.position], collations[listed.position]) end
      when new_known[listed.position] then
        format('(($1)[%s]::%s%s)', listed.position, types[listed.position], collations[listed.position])
      -- Large and unchanged, so that it was not sent: as it is now.
      else '(select t.' || quote_ident(listed.name) || ' from ' || target.name || ' as t where ' || key_sql || ')'
    end
    from unnest(column_names) with ordinality as listed (name, position)
    order by listed.position
  );
  tests := array(
    select case when jsonb_array_length(list.filters) = 0 then 'true' else coalesce((
      select string_agg(
        coalesce(
          realtime.filter_sql(operands[place.position], types[place.position], filter),
          case when action <> 'DELETE' then 'false' end
        ), ' and ')
      from jsonb_array_elements(list.filters) as filter,
        lateral (select array_position(column_names, filter ->> 'column') as position) as place
    ), 'false') end
    from jsonb_array_elements(filters) with ordinality as list (filters, position)
    order by list.position
  );
  new_sql := realtime.row_sql(types, new_texts, new_known, max_value_bytes);
  old_sql := realtime.row_sql(types, old_texts, old_known, max_value_bytes);

  perform set_config('search_path', 'public, extensions', true), set_config('role', target.owner, true);
  if new_texts is not null then
    execute new_sql into new_row using new_texts;
  end if;
  if old_texts is not null then
    execute old_sql into old_row using old_texts;
  end if;
  begin
    execute 'select array[' || coalesce(
        (select string_agg(format('coalesce(%s, false)', test), ',' order by position)
         from unnest(tests) with ordinality as listed (test, position)), '') || ']::boolean[]'
      into passed using case when action = 'DELETE' then old_texts else new_texts end;
  exception when others then
    -- One of them fails: each alone, so that the others get their answer.
    passed := null;
  end;
  if passed is null then
    for i in 1 .. cardinality(tests) loop
      begin
        execute format('select coalesce(%s, false)', tests[i])
          into is_visible using case when action = 'DELETE' then old_texts else new_texts end;
      exception when others then
        is_visible := false;
        failures := failures || sqlstate;
      end;
      passed[i] := is_visible;
    end loop;
  end if;
  perform set_config('role', 'none', true), set_config('search_path', '', true);

  for reader in select value from jsonb_array_elements(readers) loop
    is_visible := exists (
      select from jsonb_array_elements(reader -> 'filters') as index where passed[index::integer + 1]
    );
    if is_visible and target.is_rls_enabled and action <> 'DELETE' and reader ->> 'role' <> all (bypassing) then
      is_visible := false;
      if probe_sql is not null then
        begin
          perform
            set_config('request.jwt.claims', reader ->> 'claims', true),
            set_config('request.jwt.claim.sub', reader ->> 'subject', true),
            set_config('request.jwt.claim.role', reader ->> 'role', true),
            set_config('search_path', 'public, extensions', true),
            set_config('role', reader ->> 'role', true);
          execute probe_sql into is_visible using new_texts;
        exception
          when insufficient_privilege then
            is_visible := false;
          when others then
            is_visible := false;
            failures := failures || sqlstate;
        end;
        perform set_config('role', 'none', true), set_config('search_path', '', true);
      end if;
    end if;
    visible := visible || is_visible;
  end loop;

  return jsonb_build_object(
    'is_rls_enabled', target.is_rls_enabled,
    'key', to_jsonb(key_names),
    'types', to_jsonb(type_names),
    'roles', coalesce(roles, '{}'),
    'new_row', to_jsonb(new_row),
    'old_row', to_jsonb(old_row),
    'filters', to_jsonb(passed),
    'readers', to_jsonb(visible),
    'failures', to_jsonb(failures)
  );
end
$$;

revoke execute on function realtime.filter_sql(text, text, jsonb) from public;
revoke execute on function realtime.check_subscription(text, jsonb) from public;
revoke execute on function realtime.row_sql(text[], text[], boolean[], integer) from public;
revoke execute on function realtime.check_change(
  oid, bigint, text, text[], oid[], text[], boolean[], text[], boolean[], integer, jsonb, jsonb
) from public;
