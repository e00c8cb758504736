import { randomUUID } from 'node:crypto'
import { afterAll, expect, it } from 'vitest'
import { testAccount, testStack } from '../testing/index.ts'

const stack = await testStack({ allowSignup: false })
const { url, publishableKey, secretKey, database } = stack
const { client, id: alice, password: PASSWORD } = await testAccount(stack)
await database.query(`
  create table public.letters (id int primary key, owner uuid not null, body text not null);
  alter table public.letters enable row level security;
  create policy read_own on public.letters for select to authenticated using (owner = (select auth.uid()));
  create policy write_own on public.letters for insert to authenticated with check (owner = (select auth.uid()));
  create table public.paper (id int primary key, letter int references public.letters, size text check (size ~ '^A[0-9]$'));
  grant all on public.paper to authenticated;
  create table public.hidden (id int);
  alter table public.hidden enable row level security;
  revoke all on public.hidden from anon, authenticated;
  create function public.whoami() returns text language sql stable as 'select current_user || coalesce(auth.uid()::text, '''')';
  create view public.seen_as with (security_invoker = true) as select current_user::text as role, auth.uid() as uid;
`)
await database.query(`insert into public.letters values (1, $1, 'mine'), (2, $2, 'secret-of-another')`, [
  alice,
  randomUUID(),
])

const privileges = async () =>
  (
    await database.superquery(
      `select c.oid::regclass::text as name, c.relacl::text as acl,
         (select array_agg(a.attacl::text) from pg_attribute a where a.attrelid = c.oid and a.attacl is not null) as columns
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname in ('public', 'auth', 'storage', 'realtime', 'supabase_migrations')
       union all select n.nspname, n.nspacl::text, null from pg_namespace n
       union all select 'default ' || d.oid, d.defaclacl::text, null from pg_default_acl d
       order by 1`,
    )
  ).rows
const privilegesBefore = await privileges()

afterAll(() => client.auth.signOut({ scope: 'local' }))

it('G9 the unmodified supabase-js signs in, reads tables under its policies and calls functions', async () => {
  const before = await client.rpc('whoami')
  expect(before.data).toBe('anon')
  const wrong = await client.auth.signInWithPassword({
    email: 'alice@clinic.example',
    password: 'wrong-password',
  })
  expect(wrong.error).toMatchObject({ status: 400, code: 'invalid_credentials' })

  const signedIn = await client.auth.signInWithPassword({ email: 'Alice@clinic.example', password: PASSWORD })
  expect(signedIn.error).toBeNull()
  expect(signedIn.data.user?.id).toBe(alice)
  expect((await client.rpc('whoami')).data).toBe(`authenticated${alice}`)

  expect((await client.from('letters').select('id, body')).data).toEqual([{ id: 1, body: 'mine' }])
  const written = await client.from('letters').insert({ id: 3, owner: alice, body: 'new' }).select().single()
  expect(written.data).toMatchObject({ id: 3, body: 'new' })
  const forged = await client.from('letters').insert({ id: 4, owner: randomUUID(), body: 'forged' })
  expect(forged.error?.code).toBe('42501')
  expect((await client.from('hidden').select()).error?.code).toBe('42501')
  expect((await client.auth.getUser()).data.user?.email).toBe('alice@clinic.example')

  const refreshed = await client.auth.refreshSession()
  expect(refreshed.error).toBeNull()
  expect((await client.from('letters').select('id').order('id')).data).toEqual([{ id: 1 }, { id: 3 }])
})

it('GA2 tables are read as the role of the request, never as the connection', async () => {
  const as = (apikey: string, bearer?: string) =>
    fetch(`${url}/rest/v1/seen_as`, {
      headers: { apikey, ...(bearer ? { Authorization: `Bearer ${bearer}` } : {}) },
    }).then(response => response.json())
  expect(await as(publishableKey)).toEqual([{ role: 'anon', uid: null }])
  expect(await as(secretKey)).toEqual([{ role: 'service_role', uid: null }])
  expect(await as(publishableKey, await stack.tokenFor(alice))).toEqual([
    { role: 'authenticated', uid: alice },
  ])
  expect(await as(publishableKey, secretKey)).toEqual([{ role: 'anon', uid: null }])
  // Many at once: no request borrows another's identity.
  const people = Array.from({ length: 24 }, () => randomUUID())
  const answers = await Promise.all(people.map(async one => as(publishableKey, await stack.tokenFor(one))))
  expect(answers).toEqual(people.map(uid => [{ role: 'authenticated', uid }]))
})

it('GA3 serving auth and tables changes no privilege of any table, column or schema', async () => {
  expect((await client.from('letters').select()).error).toBeNull()
  expect(await privileges()).toEqual(privilegesBefore)
  const { rows } = await database.superquery<{ owned: number; bypass: boolean; super: boolean }>(
    `select (select count(*)::int from pg_class where relowner = r.oid) as owned, rolbypassrls as bypass, rolsuper as super
     from pg_roles r where rolname = 'rest_gateway'`,
  )
  expect(rows).toEqual([{ owned: 0, bypass: false, super: false }])
})

it('GA4 no key, a wrong key or a refused token gets no table and no account', async () => {
  const token = await stack.tokenFor(alice, { expiresIn: -5 })
  const attempts: [string, Record<string, string>][] = [
    ['/rest/v1/letters', {}],
    ['/rest/v1/letters', { apikey: 'sb_secret_wrong' }],
    ['/rest/v1/letters', { apikey: publishableKey, Authorization: `Bearer ${token}` }],
    ['/rest/v1/letters', { apikey: publishableKey, Authorization: 'Bearer x.y.z' }],
    ['/auth/v1/user', {}],
    ['/auth/v1/user', { apikey: publishableKey }],
    ['/rest/v1/rpc/whoami', {}],
  ]
  for (const [path, headers] of attempts) {
    const answer = await fetch(url + path, { headers })
    expect([path, answer.status]).toEqual([path, 401])
    expect(await answer.text()).not.toContain('mine')
  }
  const signUp = await client.auth.signUp({ email: 'new@clinic.example', password: 'long-enough-1' })
  expect(signUp.error?.code).toBe('signup_disabled')
  for (const path of ['/_system/config', '/_system/introspect', '/rest/v1/users', '/storage/v1/bucket']) {
    const answer = await fetch(url + path, { headers: { apikey: publishableKey } })
    expect([path, answer.status]).toEqual([path, 404])
  }
})

it('G10 answers preflights and lets any origin read the API, but not config.json', async () => {
  for (const path of ['/rest/v1/rpc/whoami', '/rest/v1/letters', '/auth/v1/token?grant_type=password']) {
    const preflight = await fetch(url + path, {
      method: 'OPTIONS',
      headers: {
        Origin: 'https://elsewhere.example',
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'apikey,authorization,x-client-info',
      },
    })
    expect(preflight.status).toBe(200)
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*')
    expect(preflight.headers.get('access-control-allow-headers')).toContain('x-client-info')
    const answer = await fetch(url + path, {
      method: 'POST',
      headers: { apikey: publishableKey },
      body: '{}',
    })
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull()
  }
  expect((await fetch(`${url}/config.json`)).headers.get('access-control-allow-origin')).toBeNull()
})

it('GB3 malformed input to auth and tables is a typed 4xx', async () => {
  const headers = { apikey: publishableKey, 'Content-Type': 'application/json' }
  const attempts: [string, string, string | undefined][] = [
    ['POST', '/auth/v1/token?grant_type=password', '{"email":'],
    ['POST', '/auth/v1/token?grant_type=password', '[]'],
    ['POST', '/auth/v1/token?grant_type=password', 'null'],
    ['POST', '/auth/v1/token?grant_type=password', '{"email":5,"password":{}}'],
    ['POST', '/auth/v1/token?grant_type=password', '{"email":"a\\u0000@b.example","password":"x"}'],
    ['POST', '/auth/v1/token?grant_type=refresh_token', '{"refresh_token":{"a":1}}'],
    ['POST', '/auth/v1/token?grant_type=nothing', '{}'],
    ['POST', '/rest/v1/letters', '{"id":'],
    ['POST', '/rest/v1/letters', 'null'],
    ['GET', '/rest/v1/letters?id=zz.1', undefined],
    ['GET', '/rest/v1/no_such_table', undefined],
    ['PATCH', '/rest/v1/letters?id=eq.x', '{"body":"y"}'],
  ]
  for (const [method, path, body] of attempts) {
    const answer = await fetch(url + path, { method, headers, ...(body === undefined ? {} : { body }) })
    const text = await answer.text()
    expect([
      method,
      path,
      body,
      answer.status >= 400 && answer.status < 500 ? '4xx' : `${answer.status} ${text}`,
    ]).toEqual([method, path, body, '4xx'])
  }
})

it('GB5 names that every object has are refused as names, and no request changes the process', async () => {
  const token = await stack.tokenFor(alice)
  const headers = {
    apikey: publishableKey,
    Authorization: `Bearer ${token}`,
    'Content-Type': 'application/json',
  }
  const attempts: [string, string, string?][] = []
  for (const name of ['__proto__', '__%70roto__', 'constructor', 'prototype', 'toString']) {
    for (const path of ['letters', 'rpc/whoami']) {
      for (const value of ['eq.1', 'not.eq.1', 'in.(1)', 'is.null', '1']) {
        attempts.push(['GET', `${path}?${name}=${value}`])
      }
      for (const key of [`a.${name}`, `${name}.x`, `a->${name}`, `a->>${name}`, `x(${name})`, `a,${name}`]) {
        attempts.push(['GET', `${path}?${key}=eq.1`])
      }
      for (const key of [
        'select',
        'order',
        'columns',
        'on_conflict',
        'or',
        'and',
        'not.or',
        'x.order',
        'x.select',
      ]) {
        attempts.push(['GET', `${path}?${key}=(${name}.eq.1)`], ['GET', `${path}?${key}=id,"${name}"`])
        attempts.push(['GET', `${path}?${key}=${name}:id`], ['GET', `${path}?${key}=body->>${name}`])
      }
    }
    attempts.push(['GET', name], ['GET', `${name}?id=eq.1`], ['GET', `rpc/${name}?select=id`])
    attempts.push(['PATCH', `letters?${name}=eq.1`, '{"body":"x"}'], ['DELETE', `letters?${name}=eq.1`])
  }
  for (const body of [
    '{"__proto__":{"a":1}}',
    '{"\\u005f_proto__":1}',
    '[{"id":9},{"__proto__":1}]',
    '__proto__',
  ]) {
    attempts.push(['POST', 'letters', body], ['PATCH', 'letters?id=eq.1', body])
  }
  for (const [method, path, body] of attempts) {
    const answer = await fetch(`${url}/rest/v1/${path}`, { method, headers, ...(body ? { body } : {}) })
    const said: unknown = await answer.json()
    expect([method, path, body, answer.status, said]).toEqual([
      method,
      path,
      body,
      400,
      expect.objectContaining({ code: 'PGRST100', message: expect.any(String), details: null }),
    ])
  }
  const inherited: string[] = []
  for (const key in {}) inherited.push(key)
  expect(inherited).toEqual([])
  for (const path of ['/health', '/config.json']) expect((await fetch(url + path)).status).toBe(200)
  expect((await client.from('letters').select('id').eq('body', 'constructor')).error).toBeNull()
})

it('GA6 a count is that of the rows one may read, however it is asked for', async () => {
  const outsider = await stack.tokenFor(randomUUID())
  await database.superquery('analyze public.letters')
  const ask = async (prefer: [string, string][], path = 'letters?body=eq.secret-of-another') => {
    const answer = await fetch(`${url}/rest/v1/${path}`, {
      method: 'HEAD',
      headers: [['apikey', publishableKey], ['Authorization', `Bearer ${outsider}`], ...prefer],
    })
    return answer.headers.get('content-range')
  }
  for (const count of ['exact', 'planned', 'estimated']) {
    for (const path of ['letters?body=eq.secret-of-another', 'letters']) {
      expect(await ask([['Prefer', `count=${count}`]], path)).toBe('*/0')
      expect(await ask([['Prefer', `return=minimal, count=${count}`]], path)).toBe('*/0')
      const twice = await ask(
        [
          ['Prefer', 'count=exact'],
          ['Prefer', `handling=lenient,count=${count}`],
        ],
        path,
      )
      expect(twice).toBe('*/0')
    }
  }
})

it('GB6 what PostgreSQL refuses is a typed 4xx with its code, and tells nothing of the row', async () => {
  const token = await stack.tokenFor(alice)
  const ask = async (method: string, path: string, body?: object) => {
    const answer = await fetch(`${url}/rest/v1/${path}`, {
      method,
      headers: {
        apikey: publishableKey,
        Authorization: `Bearer ${token}`,
        'Content-Type': 'application/json',
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    const said: unknown = await answer.json()
    return [answer.status, typeof said === 'object' && said && 'code' in said ? said.code : said]
  }
  const made = await fetch(`${url}/rest/v1/paper`, {
    method: 'POST',
    headers: { apikey: publishableKey, Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: '{"id":1,"size":"A4"}',
  })
  expect(made.status).toBe(201)
  expect(await ask('PATCH', 'paper?id=eq.1', { size: 'timeout expired' })).toEqual([400, '23514'])
  expect(await ask('POST', 'paper', { id: 1 })).toEqual([409, '23505'])
  expect(await ask('POST', 'paper', { id: 2, letter: 99 })).toEqual([409, '23503'])
  expect(await ask('POST', 'paper', { size: 'A4' })).toEqual([400, '23502'])
  expect(await ask('GET', 'paper?id=eq.timeout%20expired')).toEqual([400, '22P02'])
  expect(await ask('GET', 'paper%ff')).toEqual([400, 'PGRST125'])
  expect(await ask('GET', 'paper%')).toEqual([400, 'PGRST125'])
  expect((await ask('GET', 'a/b/c'))[0]).toBe(404)
})

it('G13 nothing that a person wrote reaches the log, whatever fails', async () => {
  const token = await stack.tokenFor(alice)
  const headers = {
    apikey: publishableKey,
    Authorization: `Bearer ${token}`,
    'Content-Type': 'application/json',
  }
  await fetch(`${url}/rest/v1/letters`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ id: 1, owner: alice, body: 'clinical-words' }),
  })
  await fetch(`${url}/rest/v1/letters?body=eq.clinical-words&id=eq.clinical-words`, { headers })
  await fetch(`${url}/rest/v1/rpc/whoami`, { method: 'POST', headers, body: '{"clinical-words":1}' })
  const log = stack.logLines.join('\n')
  expect(log).not.toContain('clinical-words')
  expect(log).not.toContain('secret-of-another')
  expect(log).not.toContain(alice)
  expect(log).not.toContain(token.slice(0, 20))
})
