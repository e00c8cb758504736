/** The demo clinic in a database of its own, and a way to act in it as each of its people. */
import { randomUUID } from 'node:crypto'
import { testDatabase } from '@bedside/local/testing'
import pg from 'pg'

export const people = {
  rosa: 'a0000000-0000-4000-8000-000000000001',
  henry: 'a0000000-0000-4000-8000-000000000002',
  amira: 'a0000000-0000-4000-8000-000000000003',
  jun: 'a0000000-0000-4000-8000-000000000004',
  /** New to the clinic: she has agreed to nothing yet. */
  layla: 'a0000000-0000-4000-8000-000000000005',
  camille: 'a0000000-0000-4000-8000-000000000006',
  ines: 'd0000000-0000-4000-8000-000000000001',
  samuel: 'd0000000-0000-4000-8000-000000000002',
  marta: 'c0000000-0000-4000-8000-000000000001',
} as const

export type PersonName = keyof typeof people

/** Rosa with Dr. Castellano: confirmed, five messages. */
export const ROSAS_VISIT = 'b0000000-0000-4000-8000-000000000001'
/** Rosa with Dr. Okafor: requested, no room yet. */
export const ROSAS_REQUEST = 'b0000000-0000-4000-8000-000000000002'

export type Row = Record<string, unknown>

/** What PostgreSQL refused with. */
export interface Refusal {
  code: string
  message: string
  detail: string | null
  hint: string | null
}

export async function clinic() {
  const database = await testDatabase({ seed: true })
  const pool = new pg.Pool({ connectionString: database.superuserUrl, max: 12 })
  // The database may be dropped while one of them is still on its way out of the pool.
  pool.on('connect', client => client.on('error', () => {}))
  // Tests type faster than people: limits are a matter of their own tests.
  await pool.query('update private.rate_limits set burst = 1000000')

  /** Runs one statement in its own transaction, as this person (null: not signed in), and commits it. */
  async function as(person: PersonName | null, text: string, values: unknown[] = []): Promise<Row[]> {
    const client = await pool.connect()
    try {
      await client.query('begin')
      const role = person ? 'authenticated' : 'anon'
      const claims = person ? { sub: people[person], role } : { role }
      await client.query(`select set_config('role', $1, true), set_config('request.jwt.claims', $2, true)`, [
        role,
        JSON.stringify(claims),
      ])
      const { rows } = await client.query<Row>(text, values)
      await client.query('commit')
      return rows
    } catch (error) {
      await client.query('rollback')
      throw error
    } finally {
      client.release()
    }
  }

  /** Calls a function of the API, such as `open_room(appointment_id => $1)`, and answers what it returned. */
  async function call<Answer = Row>(person: PersonName | null, invocation: string, values: unknown[] = []) {
    const [row] = await as(person, `select public.${invocation} as answer`, values)
    return row?.answer as Answer
  }

  async function refusal(attempt: Promise<unknown>): Promise<Refusal> {
    try {
      await attempt
    } catch (error) {
      if (!(error instanceof pg.DatabaseError)) throw error
      return {
        code: error.code ?? '',
        message: error.message,
        detail: error.detail ?? null,
        hint: error.hint ?? null,
      }
    }
    throw new Error('Nothing was refused.')
  }

  /** As the owner of everything: what a test needs to set up or to look behind. */
  const owner = async (text: string, values: unknown[] = []) => (await pool.query<Row>(text, values)).rows

  return {
    database,
    as,
    call,
    refusal,
    owner,
    send: (person: PersonName, room: string, body: string, id: string = randomUUID()) =>
      call(person, 'send_message(id => $1, room_id => $2, body => $3)', [id, room, body]),
    roomOf: async (appointment: string) => {
      const [row] = await owner('select id from public.chat_rooms where appointment_id = $1', [appointment])
      return row?.id as string
    },
    async close() {
      await pool.end()
      await database.drop()
    },
  }
}

export type Clinic = Awaited<ReturnType<typeof clinic>>
