/**
 * The database linter's rules, as questions to the catalog: each answers one row per finding. Those that Supabase's own
 * linter has carry its names.
 */
export interface LintRule {
  readonly name: string
  readonly query: string
  /** Breaks it, for the proof that the rule finds something. */
  readonly breakIt: string
}

const OURS = `('public'::regnamespace, 'private'::regnamespace)`
const SUPABASES = `('auth'::regnamespace, 'storage'::regnamespace, 'realtime'::regnamespace)`
/** Policies of the migrations: on our tables, and ours on Supabase's. */
const POLICIES = `(
  select p.*, n.nspname, c.relname,
    coalesce(pg_get_expr(p.polqual, p.polrelid), '') || ' ' || coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '') as expression
  from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace
) policies`

export const LINT_RULES: readonly LintRule[] = [
  {
    name: 'unindexed_foreign_keys',
    query: `select con.conrelid::regclass || '.' || con.conname from pg_constraint con
      where con.contype = 'f' and con.connamespace in ${OURS} and not exists (
        select 1 from pg_index i where i.indrelid = con.conrelid
          and (i.indkey::int2[])[0:cardinality(con.conkey) - 1] @> con.conkey
          and con.conkey @> (i.indkey::int2[])[0:cardinality(con.conkey) - 1])`,
    breakIt: 'drop index public.chat_messages_of_sender',
  },
  {
    // auth.uid() and definer helpers have to stand in a sub-select, where they are asked once.
    name: 'auth_rls_initplan',
    query: `select relname || '.' || polname from ${POLICIES}
      where regexp_replace(expression, '\\( *SELECT [a-z_.]+\\(([a-z_.]+\\(\\))?\\) AS [a-z_]+\\)|SELECT [a-z_.]+\\(\\) AS [a-z_]+', '', 'gi')
        ~* '(auth|private|realtime)\\.[a-z_]+ *\\('`,
    breakIt: 'alter policy read_own on public.notifications using (user_id = private.active_uid())',
  },
  {
    name: 'multiple_permissive_policies',
    query: `select relname || ' ' || polcmd::text from ${POLICIES}
      where polpermissive and nspname in ('public', 'private', 'realtime') group by relname, polcmd having count(*) > 1`,
    breakIt:
      'create policy read_also on public.notifications for select to authenticated using (user_id is null)',
  },
  {
    name: 'function_search_path_mutable',
    query: `select p.oid::regprocedure::text from pg_proc p
      where p.pronamespace in ${OURS} and not coalesce(p.proconfig, '{}') @> array['search_path=""']`,
    breakIt: 'alter function public.open_room(uuid) reset search_path',
  },
  {
    name: 'security_definer_view',
    query: `select c.oid::regclass::text from pg_class c where c.relkind in ('v', 'm') and c.relnamespace in ${OURS}
      and not coalesce(c.reloptions, '{}') @> array['security_invoker=true']`,
    breakIt: 'create view public.everybody as select id from public.profiles',
  },
  {
    name: 'rls_policy_always_true',
    query: `select relname || '.' || polname from ${POLICIES} where expression ~* '^ *\\(?true\\)? *$' or trim(expression) = ''`,
    breakIt: 'alter policy read_own on public.notifications using (true)',
  },
  {
    name: 'definer_function_callable_by_anon',
    query: `select p.oid::regprocedure::text from pg_proc p
      where p.pronamespace in ${OURS} and has_function_privilege('anon', p.oid, 'execute')`,
    breakIt: 'grant execute on function public.open_room(uuid) to anon',
  },
  {
    name: 'rls_disabled',
    query: `select c.oid::regclass::text from pg_class c
      where c.relnamespace in ${OURS} and c.relkind in ('r', 'p') and not c.relrowsecurity`,
    breakIt: 'alter table public.alerts disable row level security',
  },
  {
    // In private nobody but functions reads; in public a table without a policy would be a mistake.
    name: 'rls_enabled_no_policy',
    query: `select c.oid::regclass::text from pg_class c
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
        and not exists (select 1 from pg_policy p where p.polrelid = c.oid)`,
    breakIt: 'drop policy read_own on public.notifications',
  },
  {
    name: 'extension_in_public',
    query: `select extname::text from pg_extension where extnamespace in ${OURS}`,
    breakIt: 'create extension fuzzystrmatch with schema public',
  },
  {
    name: 'duplicate_index',
    query: `select min(i.indexrelid::regclass::text) from pg_index i
      join pg_class c on c.oid = i.indrelid where c.relnamespace in ${OURS}
      group by i.indrelid, i.indkey, i.indclass, pg_get_expr(i.indpred, i.indrelid), pg_get_expr(i.indexprs, i.indrelid)
      having count(*) > 1`,
    breakIt: 'create index alerts_again on public.alerts (rule_id, raised_at)',
  },
  {
    name: 'auth_users_exposed',
    query: `select c.oid::regclass::text from pg_class c join pg_depend d on d.refobjid = 'auth.users'::regclass
      join pg_rewrite r on r.oid = d.objid and r.ev_class = c.oid where c.relnamespace in ${OURS}`,
    breakIt: 'create view private.accounts with (security_invoker = true) as select id from auth.users',
  },
  {
    // An act without a word is NO ACTION: nobody has thought of it.
    name: 'foreign_key_without_on_delete',
    query: `select con.conrelid::regclass || '.' || con.conname from pg_constraint con
      where con.contype = 'f' and con.connamespace in ${OURS} and con.confdeltype = 'a'`,
    breakIt: 'alter table public.alerts add column other uuid references public.alerts (id)',
  },
  {
    name: 'no_primary_key',
    query: `select c.oid::regclass::text from pg_class c where c.relnamespace in ${OURS} and c.relkind in ('r', 'p')
      and not exists (select 1 from pg_constraint con where con.conrelid = c.oid and con.contype = 'p')`,
    breakIt: 'create table private.loose (n int)',
  },
  {
    name: 'policy_name',
    query: `select relname || '.' || polname from ${POLICIES}
      where polname !~ '^(read|send|upload|update|insert|delete)_[a-z_]+$'`,
    breakIt: 'alter policy read_own on public.notifications rename to "my notifications"',
  },
  {
    name: 'policy_for_everybody',
    query: `select relname || '.' || polname from ${POLICIES}
      where polroles <> array['authenticated'::regrole::oid]`,
    breakIt: 'alter policy read_own on public.notifications to public',
  },
  {
    name: 'trigger_in_supabases_schemas',
    query: `select tgname::text from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_proc p on p.oid = t.tgfoid
      where c.relnamespace in ${SUPABASES} and p.pronamespace in ${OURS}`,
    breakIt:
      'create trigger ours after insert on auth.users for each row execute function private.refuse_change()',
  },
]
