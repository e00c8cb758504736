/**
 * Accounts in lite's tables, as `supabase_auth_admin`, which owns these and nothing else.
 *
 * Must never happen: an account without its identity, or a session that outlives its account or its password.
 */
import { randomUUID } from 'node:crypto'
import { Pool, type PoolClient } from 'pg'
import type { DatabaseAddress } from '../../database/connect.ts'
import type { Attributes } from './attributes.ts'

/** As auth-js reads it. Dates are ISO texts once it is JSON. */
export interface Account {
  id: string
  aud: string
  role: string
  email: string
  phone: string
  email_confirmed_at?: Date
  confirmed_at?: Date
  last_sign_in_at?: Date
  recovery_sent_at?: Date
  app_metadata: Record<string, unknown>
  user_metadata: Record<string, unknown>
  identities: unknown[]
  created_at: Date
  updated_at: Date
  is_anonymous: boolean
}

export interface Accounts {
  /** @throws the database's error where id or address are taken */
  create(attributes: Attributes & { email: string }): Promise<Account | null>
  list(page: number, perPage: number): Promise<{ total: number; accounts: Account[] }>
  find(id: string): Promise<Account | null>
  /** null: there is none. */
  update(id: string, attributes: Attributes): Promise<Account | null>
  delete(id: string): Promise<boolean>
  close(): Promise<void>
}

const CONNECTIONS = 2

const ACCOUNT = `u.id, u.aud, u.role, u.email, u.email_confirmed_at, u.confirmed_at, u.last_sign_in_at,
  u.recovery_sent_at, u.raw_app_meta_data, u.raw_user_meta_data, u.created_at, u.updated_at, u.is_anonymous,
  (select coalesce(jsonb_agg(jsonb_build_object('identity_id', i.id, 'id', i.provider_id, 'user_id', i.user_id,
     'identity_data', i.identity_data, 'provider', i.provider, 'last_sign_in_at', i.last_sign_in_at,
     'created_at', i.created_at, 'updated_at', i.updated_at, 'email', i.email) order by i.created_at, i.id), '[]')
   from auth.identities i where i.user_id = u.id) as identities`

/** What is null is deleted, what is not named stays. */
const merged = (column: string, parameter: string) =>
  `(coalesce(${column}, '{}') || coalesce(${parameter}::jsonb, '{}'))
    - coalesce((select array_agg(key) from jsonb_each(${parameter}::jsonb) where value = 'null'), '{}')`

export function createAccounts(address: DatabaseAddress & { password: string }): Accounts {
  const pool = new Pool({
    ...address,
    user: 'supabase_auth_admin',
    max: CONNECTIONS,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 10_000,
    statement_timeout: 8_000,
    query_timeout: 10_000,
    application_name: 'gateway auth admin',
  })
  pool.on('error', () => {
    // An idle connection was lost; the next question makes another.
  })
  pool.on('connect', client => client.on('error', () => {})) // Whoever has it is told by the query.

  const find = async (id: string, client: Pool | PoolClient = pool): Promise<Account | null> => {
    const { rows } = await client.query<AccountRow>(`select ${ACCOUNT} from auth.users u where u.id = $1`, [
      id,
    ])
    return rows[0] ? accountOf(rows[0]) : null
  }

  return {
    find,
    create: ({ email, ...attributes }) =>
      inTransaction(pool, async client => {
        const id = attributes.id ?? randomUUID()
        await client.query(
          `insert into auth.users (id, aud, role, email, encrypted_password, email_confirmed_at, confirmation_token,
             recovery_token, email_change, email_change_token_new, raw_app_meta_data, raw_user_meta_data)
           values ($1, 'authenticated', 'authenticated', $2, $3, case when $4 then now() end, '', '', '', '',
             ${merged(`'{"provider": "email", "providers": ["email"]}'::jsonb`, '$5')}, ${merged("'{}'::jsonb", '$6')})`,
          [
            id,
            email,
            attributes.passwordHash ?? null,
            attributes.isConfirmed,
            json(attributes.appMetadata),
            json(attributes.userMetadata),
          ],
        )
        await client.query(
          `insert into auth.identities (id, provider, provider_id, user_id, identity_data)
           values (gen_random_uuid(), 'email', $1::text, $1::uuid,
             jsonb_build_object('sub', $1::text, 'email', $2::text, 'email_verified', $3::boolean, 'phone_verified', false))`,
          [id, email, attributes.isConfirmed],
        )
        return find(id, client)
      }),
    list: async (page, perPage) => {
      const { rows } = await pool.query<AccountRow>(
        `select ${ACCOUNT} from auth.users u order by u.created_at desc, u.id limit $1 offset $2`,
        [perPage, (page - 1) * perPage],
      )
      const counted = await pool.query<{ total: number }>('select count(*)::int as total from auth.users')
      return { total: counted.rows[0]?.total ?? 0, accounts: rows.map(accountOf) }
    },
    update: (id, attributes) =>
      inTransaction(pool, async client => {
        const { email, passwordHash, isConfirmed, appMetadata, userMetadata } = attributes
        await client.query(
          `update auth.users set
             email = coalesce($2, email),
             encrypted_password = coalesce($3, encrypted_password),
             email_confirmed_at = case when $4 then coalesce(email_confirmed_at, now()) else email_confirmed_at end,
             raw_app_meta_data = ${merged('raw_app_meta_data', '$5')},
             raw_user_meta_data = ${merged('raw_user_meta_data', '$6')},
             -- A link under way was for what is no longer.
             recovery_token = case when $2 is null and $3 is null then recovery_token else '' end,
             updated_at = now()
           where id = $1`,
          [id, email ?? null, passwordHash ?? null, isConfirmed, json(appMetadata), json(userMetadata)],
        )
        if (email !== undefined)
          await client.query(
            `update auth.identities set updated_at = now(),
               identity_data = identity_data || jsonb_build_object('email', $2::text)
             where user_id = $1 and provider = 'email'`,
            [id, email],
          )
        if (passwordHash !== undefined) await endSessions(client, id)
        return find(id, client)
      }),
    delete: id =>
      inTransaction(pool, async client => {
        await endSessions(client, id)
        const { rowCount } = await client.query('delete from auth.users where id = $1', [id])
        return rowCount === 1
      }),
    close: () => pool.end(),
  }
}

/** Some tokens have no session that they would go with. */
async function endSessions(client: PoolClient, id: string): Promise<void> {
  await client.query('delete from auth.refresh_tokens where user_id = $1', [id])
  await client.query('delete from auth.sessions where user_id = $1', [id])
}

async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let failure: Error | undefined
  try {
    await client.query('begin')
    const result = await work(client)
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback').catch((lost: Error) => {
      failure = lost
    })
    throw error
  } finally {
    client.release(failure)
  }
}

type AccountRow = Pick<Account, 'id' | 'created_at' | 'updated_at' | 'is_anonymous' | 'identities'> & {
  [name in 'aud' | 'role' | 'email']: string | null
} & { [name in 'raw_app_meta_data' | 'raw_user_meta_data']: Record<string, unknown> | null } & {
  [name in 'email_confirmed_at' | 'confirmed_at' | 'last_sign_in_at' | 'recovery_sent_at']: Date | null
}

function accountOf(row: AccountRow): Account {
  const { email_confirmed_at, confirmed_at, last_sign_in_at, recovery_sent_at } = row
  return {
    id: row.id,
    aud: row.aud ?? 'authenticated',
    role: row.role ?? 'authenticated',
    email: row.email ?? '',
    phone: '',
    ...(email_confirmed_at && { email_confirmed_at }),
    ...(confirmed_at && { confirmed_at }),
    ...(last_sign_in_at && { last_sign_in_at }),
    ...(recovery_sent_at && { recovery_sent_at }),
    app_metadata: row.raw_app_meta_data ?? {},
    user_metadata: row.raw_user_meta_data ?? {},
    identities: row.identities,
    created_at: row.created_at,
    updated_at: row.updated_at,
    is_anonymous: row.is_anonymous,
  }
}

const json = (value: Record<string, unknown> | undefined): string | null =>
  value === undefined ? null : JSON.stringify(value)
