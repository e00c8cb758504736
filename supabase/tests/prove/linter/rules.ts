/**
 * The database linter's rules, as questions to the catalog: each names what breaks it. Those that Supabase's own linter
 * has carry its names. What access.pg.test.ts asks under
 * A9 (row security in `public`, nothing for anon, definers, foreign keys' indexes, Supabase's own schemas) is not repeated.
 */
import type { Session } from '../session.ts'
import { perRowCalls } from './per-row-calls.ts'

export interface Rule {
  readonly rule: string
  readonly find: (session: Session) => Promise<string[]>
  /** Breaks it: SQL as the superuser. */
  readonly broken: string
}

const OURS = "('public', 'private')"
const POLICIES = `(select schemaname || '.' || tablename as table, policyname as name, cmd, roles, permissive,
  coalesce(qual, '') || ' ' || coalesce(with_check, '') as expression, qual, with_check
  from pg_policies where schemaname in ('public', 'private', 'storage', 'realtime'))`

/** A query whose rows are findings: the first column says which. */
const finds = (sql: string) => async (session: Session) =>
  (await session.query(sql)).map(row => String(Object.values(row)[0]))

export const RULES: Rule[] = [
  {
    rule: 'auth_rls_initplan: no policy calls a function once per row',
    find: async session => {
      const policies = await session.query(
        `select p.table || ' ' || p.name as name, p.expression from ${POLICIES} p`,
      )
      return policies.flatMap(({ name, expression }) =>
        perRowCalls(String(expression)).map(call => `${name}: ${call}`),
      )
    },
    broken: 'alter policy read_own on public.notifications using (user_id = auth.uid())',
  },
  {
    rule: 'what a policy calls is stable',
    find: finds(`
      select distinct p.table || ' ' || p.name || ': ' || f.oid::regprocedure from ${POLICIES} p
      join pg_proc f on f.provolatile = 'v' and p.expression ~ ('\\y' || f.pronamespace::regnamespace || '\\.' || f.proname || '\\(')`),
    broken: 'alter function private.active_uid() volatile',
  },
  {
    rule: 'multiple_permissive_policies: one for a role and a verb',
    find: finds(`
      select p.table || ' for ' || verb || ' to ' || role from ${POLICIES} p
      cross join unnest(p.roles) role
      cross join unnest(case when p.cmd = 'ALL' then '{SELECT,INSERT,UPDATE,DELETE}'::text[] else array[p.cmd] end) verb
      where p.permissive = 'PERMISSIVE' group by p.table, verb, role having count(*) > 1`),
    broken:
      'create policy read_others on public.notifications for select to authenticated using ((select false))',
  },
  {
    rule: 'rls_policy_always_true: no policy is',
    find: finds(`
      select p.table || ' ' || p.name from ${POLICIES} p
      where btrim(p.qual, '() ') = 'true' or btrim(p.with_check, '() ') = 'true'`),
    broken: 'alter policy read_own on public.notifications using (true)',
  },
  {
    rule: 'policy names: <verb>_<who>, and for authenticated only',
    find: finds(`
      select p.table || ' ' || p.name from ${POLICIES} p
      where p.name !~ (case p.cmd when 'SELECT' then '^read' when 'INSERT' then '^(insert|send|upload)'
          when 'UPDATE' then '^update' when 'DELETE' then '^delete' else '^never$' end || '_[a-z_]+$')
        or p.roles <> '{authenticated}'`),
    broken: 'alter policy read_own on public.notifications rename to mine',
  },
  {
    rule: 'rls_references_user_metadata: no policy trusts what people write about themselves',
    find: finds(
      `select p.table || ' ' || p.name from ${POLICIES} p where p.expression ~* 'user_?meta_?data'`,
    ),
    broken: `alter policy read_own on public.notifications
      using (user_id::text = (select auth.jwt() -> 'user_metadata' ->> 'id'))`,
  },
  {
    rule: 'function_search_path_mutable: every function has an empty one',
    find: finds(`
      select p.oid::regprocedure::text from pg_proc p
      where p.pronamespace::regnamespace::text in ${OURS} and not coalesce(p.proconfig, '{}') @> array['search_path=""']`),
    broken: 'alter function private.reply_window() reset search_path',
  },
  {
    rule: 'security_definer_view: a view has its reader’s rights, none is materialised or foreign',
    find: finds(`
      select c.oid::regclass::text from pg_class c where c.relnamespace::regnamespace::text in ${OURS}
        and (c.relkind in ('m', 'f') or c.relkind = 'v' and not coalesce(c.reloptions, '{}') @> '{security_invoker=true}')`),
    broken: 'create view public.everybody as select id from public.profiles',
  },
  {
    rule: 'auth_users_exposed: nothing of auth is to be seen',
    find: finds(`
      select c.oid::regclass || ' to ' || role from pg_class c
        cross join unnest('{anon,authenticated,service_role}'::text[]) role
        where c.relnamespace = 'auth'::regnamespace and c.relkind in ('r', 'v', 'm')
          and has_any_column_privilege(role, c.oid, 'select, insert, update')
      union all
      select distinct r.ev_class::regclass || ' reads auth' from pg_rewrite r join pg_depend d on d.objid = r.oid
        join pg_class t on t.oid = d.refobjid and t.relnamespace = 'auth'::regnamespace
        where r.ev_class in (select oid from pg_class where relnamespace::regnamespace::text in ${OURS})`),
    broken: 'grant select on auth.users to authenticated',
  },
  {
    rule: 'rls_enabled_no_policy: on everywhere, and with a policy but in private, which is closed to all',
    find: finds(`
      select c.oid::regclass::text from pg_class c
      where c.relnamespace::regnamespace::text in ${OURS} and c.relkind in ('r', 'p') and (not c.relrowsecurity
        or c.relnamespace = 'public'::regnamespace and not exists (select 1 from pg_policy p where p.polrelid = c.oid))`),
    broken: 'create table private.open (id int primary key)',
  },
  {
    rule: 'nothing is granted to everybody',
    find: finds(`
      select c.oid::regclass::text from pg_class c cross join aclexplode(c.relacl) a
        where c.relnamespace::regnamespace::text in ${OURS} and a.grantee = 0
      union all
      select p.oid::regprocedure::text from pg_proc p
        cross join aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
        where p.pronamespace::regnamespace::text in ${OURS} and a.grantee = 0`),
    broken: 'create function private.open() returns int language sql as $$ select 1 $$',
  },
  {
    rule: 'extension_in_public: none',
    find: finds("select extname from pg_extension where extnamespace = 'public'::regnamespace"),
    broken: 'alter extension pg_trgm set schema public',
  },
  {
    rule: 'no_primary_key: every table has one',
    find: finds(`
      select c.oid::regclass::text from pg_class c where c.relnamespace::regnamespace::text in ${OURS}
        and c.relkind in ('r', 'p') and not exists (select 1 from pg_index i where i.indrelid = c.oid and i.indisprimary)`),
    broken: 'create table private.keyless (id int)',
  },
  {
    rule: 'every foreign key says what a deletion does',
    find: finds(`
      select conrelid::regclass || ' ' || conname from pg_constraint
      where contype = 'f' and confdeltype = 'a' and connamespace::regnamespace::text in ${OURS}`),
    broken: 'alter table public.alerts add foreign key (rule_id) references public.alert_rules (id)',
  },
  {
    rule: 'unindexed_foreign_keys: those of private have an index too',
    find: finds(`
      select con.conrelid::regclass || ' ' || con.conname from pg_constraint con
      where con.contype = 'f' and con.connamespace = 'private'::regnamespace and not exists (
        select 1 from pg_index i where i.indrelid = con.conrelid and i.indpred is null
          and (i.indkey::int2[])[0:cardinality(con.conkey) - 1] @> con.conkey)`),
    broken: 'drop index private.file_permits_of_attachment',
  },
  {
    rule: 'duplicate_index: none says what another one says',
    find: finds(`
      select a.indexrelid::regclass || ' in ' || b.indexrelid::regclass
      from pg_index a join pg_index b on b.indrelid = a.indrelid and b.indexrelid <> a.indexrelid
      join pg_class x on x.oid = a.indexrelid join pg_class y on y.oid = b.indexrelid
      where x.relnamespace::regnamespace::text in ${OURS} and x.relam = y.relam and not a.indisunique
        and pg_get_expr(a.indpred, a.indrelid) is not distinct from pg_get_expr(b.indpred, b.indrelid)
        and pg_get_expr(a.indexprs, a.indrelid) is not distinct from pg_get_expr(b.indexprs, b.indrelid)
        and starts_with(b.indkey::text || ' ', a.indkey::text || ' ')
        and starts_with(b.indclass::text || ' ', a.indclass::text || ' ')
        and (a.indkey::text <> b.indkey::text or a.indexrelid > b.indexrelid or b.indisunique)`),
    broken: 'create index notifications_again on public.notifications (user_id, updated_at desc)',
  },
]
