import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { testStack } from '../../testing/index.ts'

const stack = await testStack()
const alice = randomUUID()
const token = await stack.tokenFor(alice)

await stack.database.query(`
  create type public.pair as (a int, b text);
  create type public.mood as enum ('calm', 'tense');
  create table public.notes (id int primary key, body text not null);
  insert into public.notes values (1, 'one'), (2, 'two'), (3, 'three');
  alter table public.notes enable row level security;
  create policy read_anyone on public.notes for select to authenticated using (true);

  create function public.add_up(a int, b int = 10) returns int language sql stable as 'select a + b';
  create function public.echo_json(data jsonb) returns jsonb language sql stable as 'select data';
  create function public.echo_text(t text) returns text language sql stable as 'select t';
  create function public.no_result(t text = null) returns void language sql as 'select';
  create function public.make_pair(a int, b text) returns public.pair language sql stable as 'select row(a, b)::public.pair';
  create function public.three() returns setof int language sql stable as 'values (1), (2), (3)';
  create function public.all_notes() returns setof public.notes language sql stable as 'select * from public.notes order by id';
  create function public.one_column() returns table (id int) language sql stable as 'values (7)';
  create function public.untyped() returns setof record language sql stable as $$ select row(1, 'x'::text) $$;
  create function public.total(variadic v int[]) returns bigint language sql stable as 'select sum(x) from unnest(v) x';
  create function public.feel(mood public.mood, tags text[] = '{}') returns text language sql stable as 'select mood::text || cardinality(tags)::text';
  create function public.whole_body(json) returns text language sql stable as 'select $1 ->> ''x''';
  create function public.over(a int) returns text language sql stable as 'select ''int''';
  create function public.over(a int, b int) returns text language sql stable as 'select ''two''';
  create function public.twin(a int) returns text language sql stable as 'select ''int''';
  create function public.twin(a text) returns text language sql stable as 'select ''text''';
  create function public.who() returns jsonb language sql stable as $$
    select jsonb_build_object('user', current_user, 'uid', auth.uid(), 'role', auth.role(), 'email', auth.email(),
      'method', current_setting('request.method'), 'path', current_setting('request.path'),
      'agent', current_setting('request.headers')::json ->> 'user-agent',
      'auth_header', current_setting('request.headers')::json ->> 'authorization',
      'read_only', current_setting('transaction_read_only'), 'timeout', current_setting('statement_timeout'),
      'search_path', current_setting('search_path')) $$;
  create function public.write_note(id int, body text) returns int language sql security definer as
    'insert into public.notes values (id, body) returning id';
  create function public.write_two(id int) returns setof int language sql security definer as
    'insert into public.notes values (id, ''x''), (id + 1, ''y'') returning id';
  create function public.raise_as(code text, word text) returns void language plpgsql as $$
    begin raise sqlstate 'PT418' using message = word, detail = code, hint = 'sit down'; end $$;
  create function public.raise_state(state text) returns void language plpgsql as $$
    begin execute format('do $i$ begin raise sqlstate %L using message = ''said''; end $i$', state); end $$;
  create function public.raise_whole() returns void language plpgsql as $$
    begin raise sqlstate 'PGRST' using message = '{"code":"teapot","message":"short","details":"d","hint":"h"}',
      detail = '{"status":402,"headers":{"x-thing":"yes"}}'; end $$;
  create function public.own_answer() returns int language sql as $$
    select set_config('response.status', '202', true), set_config('response.headers', '[{"x-own":"1"}]', true);
    select 5 $$;
  create function public.sleepy(s float) returns int language sql as 'select pg_sleep(s); select 1';
  create function public.closed() returns int language sql stable as 'select 1';
  revoke execute on function public.closed() from public, anon, authenticated;
  create table public.parents (id int primary key);
  create table public.children (parent int references public.parents deferrable initially deferred);
  create function public.late_failure() returns int language sql security definer as
    'insert into public.children values (99) returning parent';
`)

interface Answer {
  status: number
  headers: Headers
  text: string
  json: () => unknown
}

async function call(
  path: string,
  init: RequestInit & { body?: string } = {},
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(`${stack.url}/rest/v1/rpc/${path}`, {
    method: init.body === undefined && !init.method ? 'GET' : (init.method ?? 'POST'),
    ...init,
    headers: {
      apikey: stack.publishableKey,
      Authorization: `Bearer ${token}`,
      'Content-Type': 'application/json',
      ...headers,
    },
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, json: () => JSON.parse(text) }
}

const post = (name: string, args: unknown = {}, headers: Record<string, string> = {}) =>
  call(name, { body: JSON.stringify(args) }, headers)

it('G1 passes named arguments and defaults, and answers scalars as JSON', async () => {
  expect((await post('add_up', { a: 1, b: 2 })).text).toBe('3')
  expect((await post('add_up', { a: 1 })).text).toBe('11')
  expect((await post('echo_text', { t: 'é "quoted" 🙂' })).json()).toBe('é "quoted" 🙂')
  expect((await post('echo_text', { t: null })).text).toBe('null')
  expect((await post('echo_json', { data: { a: [1, { b: null }] } })).json()).toEqual({ a: [1, { b: null }] })
  expect((await post('feel', { mood: 'calm', tags: ['x', 'y'] })).json()).toBe('calm2')
  expect((await post('total', { v: [1, 2, 3] })).text).toBe('6')
  expect((await post('whole_body', { x: 'all of it' })).json()).toBe('all of it')
})

it('G1 answers composites as objects, sets as arrays, nothing as 204', async () => {
  expect((await post('make_pair', { a: 1, b: 'x' })).json()).toEqual({ a: 1, b: 'x' })
  expect((await post('three')).json()).toEqual([1, 2, 3])
  expect((await post('untyped')).json()).toEqual([{ f1: 1, f2: 'x' }])
  expect((await post('one_column')).json()).toEqual([{ id: 7 }])
  const notes = await post('all_notes', {}, { Prefer: 'count=exact' })
  expect(notes.json()).toEqual([
    { id: 1, body: 'one' },
    { id: 2, body: 'two' },
    { id: 3, body: 'three' },
  ])
  expect(notes.headers.get('content-range')).toBe('0-2/3')
  const nothing = await post('no_result')
  expect([nothing.status, nothing.text]).toEqual([204, ''])
})

it('G2 GET calls stable functions in a read-only transaction, HEAD sends no body', async () => {
  expect((await call('add_up?a=1&b=41')).text).toBe('42')
  expect((await call('total?v=1&v=2')).text).toBe('3')
  expect((await call('who')).json()).toMatchObject({ method: 'GET', read_only: 'on' })
  const head = await call('add_up?a=1', { method: 'HEAD' })
  expect([head.status, head.text, head.headers.get('content-length')]).toEqual([200, '', '2'])
  const write = await call('write_note?id=50&body=x')
  expect(write.status).toBe(405)
  expect(write.json()).toMatchObject({ code: '25006' })
})

it('G3 the request runs as the token says, and says so to SQL', async () => {
  const named = await stack.tokenFor(alice, { claims: { email: 'someone@clinic.example' } })
  const who = await post('who', {}, { Authorization: `Bearer ${named}`, 'User-Agent': 'probe' })
  expect(who.json()).toEqual({
    user: 'authenticated',
    uid: alice,
    role: 'authenticated',
    email: 'someone@clinic.example',
    method: 'POST',
    path: '/rpc/who',
    agent: 'probe',
    auth_header: null,
    read_only: 'off',
    timeout: '8s',
    search_path: 'public, extensions',
  })
  const signedOut = await post('who', {}, { Authorization: `Bearer ${stack.publishableKey}` })
  expect(signedOut.json()).toMatchObject({ user: 'anon', uid: null, role: 'anon', timeout: '3s' })
  const server = await post(
    'who',
    {},
    { apikey: stack.secretKey, Authorization: `Bearer ${stack.secretKey}` },
  )
  expect(server.json()).toMatchObject({ user: 'service_role', timeout: '8s' })
  const byQuery = await fetch(`${stack.url}/rest/v1/rpc/who?apikey=${stack.publishableKey}`)
  expect(await byQuery.json()).toMatchObject({ user: 'anon' })
})

it('G3 role and claims end with the request, also after an error, on every connection', async () => {
  await Promise.all(
    Array.from({ length: 40 }, (_, n) => (n % 2 ? post('who') : post('raise_state', { state: '22012' }))),
  )
  const left = await stack.database.superquery<{ n: number }>(
    `select count(*)::int as n from pg_stat_activity where datname = current_database()
       and application_name = 'gateway rpc' and state <> 'idle'`,
  )
  expect(left.rows[0]?.n).toBe(0)
  const answers = await Promise.all(
    Array.from({ length: 40 }, () => post('who', {}, { Authorization: `Bearer ${stack.publishableKey}` })),
  )
  for (const answer of answers) expect(answer.json()).toMatchObject({ user: 'anon', uid: null })
})

it('G4 an error undoes the call; one that appears only at commit is an error, too', async () => {
  const late = await post('late_failure')
  expect(late.status).toBe(409)
  expect(late.json()).toMatchObject({ code: '23503' })
  const { rows } = await stack.database.query<{ n: number }>('select count(*)::int as n from public.children')
  expect(rows[0]?.n).toBe(0)
})

it('G5 maps errors as PostgREST does, with code, message, details and hint', async () => {
  const raised = await post('raise_as', { code: 'x', word: 'id_conflict' })
  expect(raised.status).toBe(418)
  expect(raised.json()).toEqual({ code: 'PT418', message: 'id_conflict', details: 'x', hint: 'sit down' })
  const expected: Record<string, number> = {
    P0001: 400,
    P0002: 500,
    '22012': 400,
    '23503': 409,
    '23505': 409,
    '23514': 400,
    '25006': 405,
    '28000': 403,
    '40001': 500,
    '42501': 403,
    '42P01': 404,
    '42883': 404,
    '53300': 503,
    '53400': 500,
    '55000': 500,
    XX000: 500,
    PT777: 500,
    PTABC: 500,
  }
  for (const [state, status] of Object.entries(expected)) {
    const answer = await post('raise_state', { state })
    expect([state, answer.status]).toEqual([state, status])
    expect(answer.json()).toMatchObject({ code: state, message: 'said' })
  }
  const whole = await post('raise_whole')
  expect([whole.status, whole.headers.get('x-thing')]).toEqual([402, 'yes'])
  expect(whole.json()).toEqual({ code: 'teapot', message: 'short', details: 'd', hint: 'h' })
  expect((await post('closed')).status).toBe(403)
  const anonymous = await post('closed', {}, { Authorization: '' })
  expect([anonymous.status, anonymous.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
})

it('G5 a call longer than its role may take is cancelled', async () => {
  const slow = await post('sleepy', { s: 5 }, { Authorization: '' })
  expect(slow.status).toBe(500)
  expect(slow.json()).toMatchObject({ code: '57014' })
})

it('G6 chooses overloads by argument names; unknown and ambiguous calls say so', async () => {
  expect((await post('over', { a: 1 })).json()).toBe('int')
  expect((await post('over', { a: 1, b: 2 })).json()).toBe('two')
  const twin = await post('twin', { a: 1 })
  expect(twin.status).toBe(300)
  expect(twin.json()).toMatchObject({ code: 'PGRST203' })
  const unknown = await post('ad_up', { a: 1 })
  expect(unknown.status).toBe(404)
  expect(unknown.json()).toEqual({
    code: 'PGRST202',
    message: 'Could not find the function public.ad_up(a) in the schema cache',
    details:
      'Searched for the function public.ad_up with parameter a or with a single unnamed json/jsonb parameter, but no matches were found in the schema cache.',
    hint: 'Perhaps you meant to call the function public.add_up',
  })
  expect((await post('add_up', { a: 1, c: 3 })).json()).toMatchObject({
    code: 'PGRST202',
    hint: 'Perhaps you meant to call the function public.add_up(a, b)',
  })
})

it('G6 a function made or changed while running is found', async () => {
  expect((await post('newcomer')).status).toBe(404)
  await stack.database.query(`create function public.newcomer() returns int language sql as 'select 1'`)
  expect((await post('newcomer')).text).toBe('1')
  await stack.database.query(
    `drop function public.newcomer(); create function public.newcomer(x int = 4) returns int language sql as 'select x'`,
  )
  expect((await post('newcomer')).text).toBe('4')
  expect((await post('newcomer', { x: 9 })).text).toBe('9')
})

it('G7 one object on request; anything but one row is refused and undone', async () => {
  const object = { Accept: 'application/vnd.pgrst.object+json' }
  expect((await post('one_column', {}, object)).json()).toEqual({ id: 7 })
  expect((await post('make_pair', { a: 1, b: 'x' }, object)).json()).toEqual({ a: 1, b: 'x' })
  const many = await post('write_two', { id: 70 }, object)
  expect(many.status).toBe(406)
  expect(many.json()).toMatchObject({ code: 'PGRST116', details: 'The result contains 2 rows' })
  const { rowCount } = await stack.database.query('select from public.notes where id >= 70')
  expect(rowCount).toBe(0)
})

it('G7 a function may set status and headers of its answer', async () => {
  const own = await post('own_answer')
  expect([own.status, own.headers.get('x-own'), own.text]).toEqual([202, '1', '5'])
  expect((await post('add_up', { a: 1 })).status).toBe(200)
})

it('G8 results are shaped by select, filters, order and limit', async () => {
  expect((await call('all_notes?select=body&id=gt.1&order=id.desc&limit=1')).json()).toEqual([
    { body: 'three' },
  ])
  const posted = await call('all_notes?select=id&limit=2', { body: '{}' })
  expect(posted.json()).toEqual([{ id: 1 }, { id: 2 }])
})

it('GB1 malformed and oversize bodies and wrong types get a typed 4xx', async () => {
  const cases: [string, RequestInit & { body?: string }, Record<string, string>, number, string][] = [
    ['add_up', { body: '{"a":' }, {}, 400, 'PGRST102'],
    ['add_up', { body: '[1,2]' }, {}, 400, 'PGRST102'],
    ['add_up', { body: '7' }, {}, 400, 'PGRST102'],
    ['echo_json', { body: `{"data":${'['.repeat(5000)}${']'.repeat(5000)}}` }, {}, 400, 'PGRST102'],
    ['add_up', { body: '{"a":"x"}' }, {}, 400, '22P02'],
    ['add_up', { body: '{"a":99999999999}' }, {}, 400, '22003'],
    ['echo_text', { body: '{"t":"\\u0000"}' }, {}, 400, '22P05'],
    ['echo_text', { body: '{"t":"\\ud800"}' }, {}, 400, '22P02'],
    ['feel', { body: '{"mood":"furious"}' }, {}, 400, '22P02'],
    ['add_up', { body: JSON.stringify({ t: 'x'.repeat(1_000_001) }) }, {}, 413, 'body_too_large'],
    ['add_up', { body: 'a=1' }, { 'Content-Type': 'image/png' }, 415, 'PGRST107'],
    ['add_up', { method: 'DELETE' }, {}, 405, 'PGRST101'],
    ['add_up', { body: '{}' }, { 'Content-Profile': 'auth' }, 406, 'PGRST106'],
    ['a%2Fb', { body: '{}' }, {}, 404, 'PGRST125'],
    ['%ff', { body: '{}' }, {}, 404, 'PGRST125'],
    ['__proto__', { body: '{"__proto__":1,"constructor":2}' }, {}, 400, 'PGRST100'],
    ['add_up', { body: '{}' }, { apikey: '' }, 401, 'api_key_missing'],
    ['add_up', { body: '{}' }, { apikey: 'sb_publishable_wrong' }, 401, 'api_key_invalid'],
  ]
  for (const [name, init, headers, status, code] of cases) {
    const answer = await call(name, init, headers)
    expect([name, init.body?.slice(0, 20), answer.status]).toEqual([name, init.body?.slice(0, 20), status])
    expect(answer.json()).toMatchObject({ code })
  }
  expect((await call('add_up?a=x')).status).toBe(400)
  expect(stack.logLines.filter(line => line.includes('500'))).toEqual(
    stack.logLines.filter(line => /rpc: 500 (P|X|2|4|5)/.test(line)),
  )
})

it('GB5 a call with an argument named as what every object has is refused, whatever its operator', async () => {
  for (const query of [
    '__proto__=eq.1',
    '__proto__=not.eq.1',
    'a.__proto__=in.(1)',
    'constructor=is.null',
    '__proto__=1',
  ]) {
    const answer = await fetch(`${stack.url}/rest/v1/rpc/add_up?a=1&${query}`, {
      headers: { apikey: stack.publishableKey },
    })
    expect([query, answer.status]).toEqual([query, 400])
    expect(await answer.json()).toMatchObject({ code: 'PGRST100', details: null })
  }
  const inherited: string[] = []
  for (const key in {}) inherited.push(key)
  expect(inherited).toEqual([])
  expect((await fetch(`${stack.url}/health`)).status).toBe(200)
})

it('GA1 refuses every token that is not ours, not valid now, or claims a role it may not have', async () => {
  const sign = (claims: Record<string, unknown>, expiresIn = 60) =>
    stack.tokenFor(alice, { claims, expiresIn })
  const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(`{"role":"service_role","exp":9999999999}`).toString('base64url')}.`
  const [head, , signature] = token.split('.')
  const forged = `${head}.${Buffer.from(`{"role":"service_role","exp":9999999999}`).toString('base64url')}.${signature}`
  const refused = {
    garbage: 'x.y.z',
    unsigned,
    forged,
    expired: await sign({}, -1),
    'not yet': await sign({ nbf: Math.floor(Date.now() / 1000) + 60 }),
    'another audience': await sign({ aud: 'somebody' }),
    'a superuser': await sign({ role: 'supabase_admin' }),
    'a login role': await sign({ role: 'postgres' }),
    'no role': await sign({ role: undefined }),
    'no user': await sign({ sub: undefined }),
    'not a user': await sign({ sub: "x'; drop table" }),
    oversized: await sign({ pad: 'x'.repeat(9000) }),
  }
  for (const [name, bad] of Object.entries(refused)) {
    const answer = await post('who', {}, { Authorization: `Bearer ${bad}` })
    expect([name, answer.status]).toEqual([name, 401])
    expect((answer.json() as { code: string }).code).toMatch(/^PGRST30[13]$/)
  }
  expect((await post('who')).status).toBe(200)
})
