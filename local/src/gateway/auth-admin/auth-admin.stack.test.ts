import { randomUUID } from 'node:crypto'
import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import bcrypt from 'bcryptjs'
import { afterAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { testStack } from '../../testing/index.ts'

// Node 20 has none of its own.
Object.assign(globalThis, { WebSocket })

const stack = await testStack()
const { url, publishableKey, secretKey } = stack
const OPTIONS = { auth: { persistSession: false, autoRefreshToken: false } }
const { admin } = createClient(url, secretKey, OPTIONS).auth
const PASSWORD = 'correct-horse-1'

const made: SupabaseClient[] = []
const device = () => {
  const client = createClient(url, publishableKey, OPTIONS)
  made.push(client)
  return client
}
afterAll(() => Promise.all(made.map(client => client.auth.signOut({ scope: 'local' }))))

let last = 0
const newEmail = () => `person-${++last}@clinic.example`

async function newPerson(password = PASSWORD) {
  const email = newEmail()
  const { data, error } = await admin.createUser({ email, password, email_confirm: true })
  expect(error).toBeNull()
  return { email, id: data.user?.id ?? '' }
}
async function signedIn(email: string, password = PASSWORD) {
  const client = device()
  const { data, error } = await client.auth.signInWithPassword({ email, password })
  expect(error).toBeNull()
  return { client, token: data.session?.access_token ?? '' }
}
const codeOf = ({ error }: { error: { status?: number | undefined; code?: string | undefined } | null }) =>
  error && [error.status, error.code]

test('GD1 an account is made with all that is said of it, and its person signs in', async () => {
  const id = randomUUID()
  const email = newEmail()
  const { data, error } = await admin.createUser({
    id,
    email: email.toUpperCase(),
    password: PASSWORD,
    email_confirm: true,
    user_metadata: { name: 'Ana', nothing: null },
    app_metadata: { clinic: 7 },
  })
  expect(error).toBeNull()
  expect(data.user).toEqual({
    id,
    aud: 'authenticated',
    role: 'authenticated',
    email,
    phone: '',
    email_confirmed_at: expect.stringMatching(/^\d{4}-.*Z$/),
    confirmed_at: data.user?.email_confirmed_at,
    app_metadata: { provider: 'email', providers: ['email'], clinic: 7 },
    user_metadata: { name: 'Ana' },
    identities: [
      expect.objectContaining({
        id,
        user_id: id,
        provider: 'email',
        email,
        identity_data: { sub: id, email, email_verified: true, phone_verified: false },
      }),
    ],
    created_at: expect.any(String),
    updated_at: expect.any(String),
    is_anonymous: false,
  })
  const { client } = await signedIn(email)
  const { data: own } = await client.auth.getUser()
  expect(own.user).toMatchObject({ id, email, user_metadata: { name: 'Ana' }, app_metadata: { clinic: 7 } })
  expect((await admin.getUserById(id)).data.user).toMatchObject({ id, last_sign_in_at: expect.any(String) })
})

test('GD1 without email_confirm nobody signs in until it is said', async () => {
  const email = newEmail()
  const { data } = await admin.createUser({ email, password: PASSWORD })
  expect(data.user?.email_confirmed_at).toBeUndefined()
  const early = await device().auth.signInWithPassword({ email, password: PASSWORD })
  expect(codeOf(early)).toEqual([400, 'email_not_confirmed'])
  expect((await admin.updateUserById(data.user?.id ?? '', { email_confirm: true })).error).toBeNull()
  await signedIn(email)
})

test('GD1 a bcrypt hash from elsewhere is a password', async () => {
  const email = newEmail()
  const password_hash = await bcrypt.hash('from elsewhere', 4)
  expect((await admin.createUser({ email, password_hash, email_confirm: true })).error).toBeNull()
  await signedIn(email, 'from elsewhere')
})

test('GD2 taken addresses and ids, and what cannot be, are typed refusals that change nothing', async () => {
  const { email, id } = await newPerson()
  const other = await newPerson()
  const before = await stack.database.superquery('select id, email, updated_at from auth.users order by id')
  const refused: [Record<string, unknown>, number, string][] = [
    [{ email: email.toUpperCase(), password: PASSWORD }, 422, 'email_exists'],
    [{ email: newEmail(), id }, 422, 'user_already_exists'],
    [{ email: newEmail(), password: 'short' }, 422, 'weak_password'],
    [{ email: newEmail(), password: 'ü'.repeat(37) }, 422, 'validation_failed'],
    [{ email: newEmail(), password: 7 }, 400, 'validation_failed'],
    [{ email: newEmail(), password: PASSWORD, password_hash: 'x' }, 400, 'validation_failed'],
    [{ email: newEmail(), password_hash: '$2b$10$short' }, 400, 'validation_failed'],
    [{ email: newEmail(), id: 'root' }, 400, 'validation_failed'],
    [{ email: newEmail(), id: '00000000-0000-0000-0000-000000000000' }, 400, 'validation_failed'],
    [{ email: newEmail(), user_metadata: [] }, 400, 'validation_failed'],
    [{ email: newEmail(), user_metadata: { a: '\u0000' } }, 400, 'validation_failed'],
    [{ email: newEmail(), app_metadata: 'x' }, 400, 'validation_failed'],
    [{ email: newEmail(), email_confirm: 'yes' }, 400, 'validation_failed'],
    [{ email: newEmail(), role: 'service_role' }, 400, 'validation_failed'],
    [{ email: newEmail(), ban_duration: '1h' }, 400, 'validation_failed'],
    [{ phone: '+34600000000' }, 400, 'validation_failed'],
    [{ email: 'no address' }, 400, 'validation_failed'],
    [{ email: 'a\u0000@clinic.example' }, 400, 'validation_failed'],
    [{ email: `a@${'b'.repeat(200)}` }, 400, 'validation_failed'],
    [{ email: 5 }, 400, 'validation_failed'],
    [{ password: PASSWORD }, 400, 'validation_failed'],
  ]
  for (const [attributes, status, code] of refused)
    expect([attributes, codeOf(await admin.createUser(attributes))]).toEqual([attributes, [status, code]])
  const weak = await admin.createUser({ email: newEmail(), password: 'short' })
  expect(weak.error).toMatchObject({ name: 'AuthWeakPasswordError', reasons: ['length'] })
  expect(codeOf(await admin.updateUserById(other.id, { email }))).toEqual([422, 'email_exists'])
  for (const body of ['{', '[]', 'null', '"x"', '', '{"__proto__":{"email":"a@b.example"}}']) {
    const answer = await fetch(`${url}/auth/v1/admin/users`, {
      method: 'POST',
      headers: { apikey: secretKey, 'Content-Type': 'application/json' },
      body,
    })
    expect([body, answer.status, await answer.json()]).toEqual([
      body,
      400,
      {
        code: 400,
        error_code: expect.stringMatching(/^(bad_json|validation_failed)$/),
        msg: expect.any(String),
      },
    ])
  }
  const after = await stack.database.superquery('select id, email, updated_at from auth.users order by id')
  expect(after.rows).toEqual(before.rows)
})

test('GD3 who is not there is a typed 404, for every verb', async () => {
  const nobody = randomUUID()
  for (const answer of [
    await admin.getUserById(nobody),
    await admin.updateUserById(nobody, { email: newEmail() }),
    await admin.deleteUser(nobody),
  ])
    expect(codeOf(answer)).toEqual([404, 'user_not_found'])
  const ask = async (method: string, path: string) => {
    const answer = await fetch(`${url}/auth/v1/admin/${path}`, { method, headers: { apikey: secretKey } })
    return [answer.status, ((await answer.json()) as { error_code: string }).error_code]
  }
  expect(await ask('GET', 'users/root')).toEqual([404, 'validation_failed'])
  for (const [method, path] of [
    ['PATCH', 'users'],
    ['POST', `users/${nobody}`],
    ['GET', `users/${nobody}/factors`],
    ['GET', 'users/'],
    ['POST', 'generate_link'],
    ['GET', 'audit'],
  ] as const)
    expect([path, await ask(method, path)]).toEqual([path, [404, 'not_found']])
})

test('GD4 accounts are listed newest first, in pages that auth-js can follow', async () => {
  for (let i = 0; i < 5; i++) await newPerson()
  const all = (await admin.listUsers()).data.users
  expect(all.map(({ created_at }) => created_at)).toEqual(
    all
      .map(({ created_at }) => created_at)
      .sort()
      .reverse(),
  )
  const paged: string[] = []
  let page: number | null = 1
  while (page !== null) {
    const { data, error } = await admin.listUsers({ page, perPage: 2 })
    expect(error).toBeNull()
    if (error) break
    expect(data).toMatchObject({
      aud: 'authenticated',
      total: all.length,
      lastPage: Math.ceil(all.length / 2),
    })
    paged.push(...data.users.map(({ id }) => id))
    page = data.nextPage
  }
  expect(paged).toEqual(all.map(({ id }) => id))
  expect((await admin.listUsers({ page: 999 })).data.users).toEqual([])
  for (const query of ['page=0', 'page=-1', 'page=x', 'per_page=1.5', 'page=99999999999999999999']) {
    const answer = await fetch(`${url}/auth/v1/admin/users?${query}`, { headers: { apikey: secretKey } })
    expect([query, answer.status]).toEqual([query, 400])
  }
})

test('GD5 what is not named stays, metadata is merged, and a new address is where one signs in', async () => {
  const { email, id } = await newPerson()
  const metadata = { user_metadata: { a: 1, b: { c: null } }, app_metadata: { clinic: 7 } }
  await admin.updateUserById(id, metadata)
  const next = newEmail()
  const { data } = await admin.updateUserById(id, {
    email: next.toUpperCase(),
    user_metadata: { a: null, d: 2 },
  })
  expect(data.user).toMatchObject({
    id,
    email: next,
    app_metadata: { provider: 'email', clinic: 7 },
    identities: [{ email: next, identity_data: { email: next, sub: id } }],
  })
  expect(data.user?.user_metadata).toEqual({ b: { c: null }, d: 2 })
  await signedIn(next)
  expect(codeOf(await device().auth.signInWithPassword({ email, password: PASSWORD }))).toEqual([
    400,
    'invalid_credentials',
  ])
})

test('GD6 a new password ends the sessions of the old one', async () => {
  const { email, id } = await newPerson()
  const { client } = await signedIn(email)
  expect((await admin.updateUserById(id, { user_metadata: { a: 1 } })).error).toBeNull()
  expect((await client.auth.refreshSession()).error).toBeNull()
  expect((await admin.updateUserById(id, { password: 'another-horse-2' })).error).toBeNull()
  expect((await client.auth.refreshSession()).error).not.toBeNull()
  expect(codeOf(await device().auth.signInWithPassword({ email, password: PASSWORD }))).toEqual([
    400,
    'invalid_credentials',
  ])
  await signedIn(email, 'another-horse-2')
})

test('GD7 with an account go its sessions, tokens and profile, and nobody signs in to it', async () => {
  const [person, other] = [await newPerson(), await newPerson()]
  await stack.database.query(
    `insert into public.profiles (id, role, display_name) values ($1, 'patient', 'A patient')`,
    [person.id],
  )
  // Nothing but its owner's id says whose it is.
  await stack.database.superquery(
    `insert into auth.refresh_tokens (id, token, user_id) values ('sessionless', 'sessionless', $1)`,
    [person.id],
  )
  const { client, token } = await signedIn(person.email)
  const bystander = await signedIn(other.email)
  expect((await client.auth.getUser(token)).error).toBeNull()
  expect(await admin.deleteUser(person.id)).toMatchObject({ error: null })
  expect((await client.auth.getUser(token)).error).toMatchObject({ status: 403 })
  expect((await client.auth.refreshSession()).error).not.toBeNull()
  expect(codeOf(await device().auth.signInWithPassword({ email: person.email, password: PASSWORD }))).toEqual(
    [400, 'invalid_credentials'],
  )
  expect(codeOf(await admin.getUserById(person.id))).toEqual([404, 'user_not_found'])
  const left = await stack.database.superquery(
    `select 'identity' as what from auth.identities where user_id = $1 union all
     select 'session' from auth.sessions where user_id = $1 union all
     select 'token' from auth.refresh_tokens where user_id = $1 union all
     select 'profile' from public.profiles where id = $1`,
    [person.id],
  )
  expect(left.rows).toEqual([])
  expect((await bystander.client.auth.refreshSession()).error).toBeNull()
  expect((await admin.createUser({ email: person.email, password: PASSWORD })).error).toBeNull()
  expect(codeOf(await admin.deleteUser(other.id, true))).toEqual([400, 'validation_failed'])
})

test('GD8 admin.signOut ends one session, the others, or all, as it is told', async () => {
  const { email } = await newPerson()
  const isIn = async ({ client }: { client: SupabaseClient }) =>
    (await client.auth.refreshSession()).error === null
  const [one, two, three] = [await signedIn(email), await signedIn(email), await signedIn(email)]
  expect((await admin.signOut(one.token, 'local')).error).toBeNull()
  expect([await isIn(one), await isIn(two), await isIn(three)]).toEqual([false, true, true])
  expect((await admin.signOut(two.token, 'others')).error).toBeNull()
  expect([await isIn(two), await isIn(three)]).toEqual([true, false])
  const four = await signedIn(email)
  expect((await admin.signOut(two.token, 'global')).error).toBeNull()
  expect([await isIn(two), await isIn(four)]).toEqual([false, false])
  expect((await admin.signOut('no.token.atall')).error).toMatchObject({ status: 401 })
})

test('GD9 nobody but the secret key is told anything: not what there is, not whether', async () => {
  const { id, email } = await newPerson()
  const token = await stack.tokenFor(id)
  const strangers: [Record<string, string>, number][] = [
    [{}, 401],
    [{ Authorization: `Bearer ${secretKey}` }, 401],
    [{ apikey: 'sb_secret_wrong' }, 401],
    [{ apikey: publishableKey, Authorization: 'Bearer x.y.z' }, 401],
    [{ apikey: publishableKey }, 403],
    [{ apikey: publishableKey, Authorization: `Bearer ${secretKey}` }, 403],
    [{ apikey: publishableKey, Authorization: `Bearer ${token}` }, 403],
    [{ apikey: secretKey, Authorization: `Bearer ${token}` }, 403],
  ]
  const wishes: [string, string][] = [
    ['GET', 'users'],
    ['POST', 'users'],
    ['GET', `users/${id}`],
    ['GET', `users/${randomUUID()}`],
    ['GET', 'users/root'],
    ['PUT', `users/${id}`],
    ['DELETE', `users/${id}`],
    ['GET', 'nothing-of-the-kind'],
  ]
  for (const [headers, status] of strangers) {
    const answers = new Set<string>()
    for (const [method, path] of wishes) {
      const answer = await fetch(`${url}/auth/v1/admin/${path}`, {
        method,
        headers: { ...headers, 'Content-Type': 'application/json' },
        ...(method === 'GET' ? {} : { body: JSON.stringify({ email, password: PASSWORD }) }),
      })
      answers.add(`${answer.status} ${await answer.text()}`)
    }
    expect([headers, [...answers]]).toEqual([headers, [expect.stringMatching(new RegExp(`^${status} `))]])
  }
  expect((await admin.getUserById(id)).error).toBeNull()
})

test('GD10 no password, address or id of a person reaches the log, whatever fails', async () => {
  const { email, id } = await newPerson('words-of-the-person')
  await admin.createUser({ email, password: 'words-of-the-person' })
  const failing = async (breaks: string, mends: string) => {
    await stack.database.superquery(breaks)
    const { error } = await admin.createUser({ email, password: 'words-of-the-person' })
    await stack.database.superquery(mends)
    expect(error).toMatchObject({ status: 500 })
  }
  await admin.deleteUser(id)
  await failing(
    'alter table auth.identities rename to elsewhere',
    'alter table auth.elsewhere rename to identities',
  )
  // An error that quotes the row.
  await failing(
    'alter table auth.users add constraint never check (false) not valid',
    'alter table auth.users drop constraint never',
  )
  const log = stack.logLines.join('\n')
  expect(log).toContain('auth: administration failed')
  for (const words of ['words-of-the-person', email, id, secretKey]) expect(log).not.toContain(words)
  // Undone as a whole.
  const { rows } = await stack.database.superquery(
    'select u.id from auth.users u where not exists (select from auth.identities i where i.user_id = u.id)',
  )
  expect(rows).toEqual([])
})
