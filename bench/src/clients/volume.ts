/** A clinic of any size in the product's database: rooms by the thousand, messages and log entries by the million. */
import { readFile } from 'node:fs/promises'
import pg from 'pg'

const VOLUME_SQL = new URL('../../../supabase/tests/volume.sql', import.meta.url)
/** Of one statement: what it holds in memory stays small. */
const MESSAGES_AT_ONCE = 100_000

export interface Volume {
  /** As the owner of everything. */
  client: pg.Client
  /** The one that is measured, and all the others. */
  room: string
  others: string[]
  patient: string
  doctor: string
  /** So many messages, every tenth of them in the room that is measured. */
  addMessages(count: number): Promise<void>
  close(): Promise<void>
}

export async function makeVolume(databaseUrl: string, rooms: number, doctors: number): Promise<Volume> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  await client.query(await readFile(VOLUME_SQL, 'utf8'))
  const made = await client.query<{ rooms: string[] }>('select volume.make_rooms($1, $2) as rooms', [
    rooms,
    doctors,
  ])
  const [room, ...others] = made.rows[0]?.rooms ?? []
  const people = await client.query<{ patient: string; doctor: string }>(
    `select a.patient_id as patient, a.doctor_id as doctor
     from public.chat_rooms r join public.appointments a on a.id = r.appointment_id where r.id = $1`,
    [room],
  )
  const facts = people.rows[0]
  if (!room || !facts) throw new Error('The rooms of the bench were not made.')
  return {
    client,
    room,
    others,
    ...facts,
    async addMessages(count) {
      for (let left = count; left > 0; left -= MESSAGES_AT_ONCE) {
        const now = Math.min(left, MESSAGES_AT_ONCE)
        await client.query('select volume.add_messages($1, $2, $3)', [room, others, now])
      }
    },
    close: () => client.end(),
  }
}

/** A connection on which everything is asked as this person. */
export async function connectAs(superuserUrl: string, person: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: superuserUrl })
  await client.connect()
  await client.query(
    `select set_config('request.jwt.claims', $1, false), set_config('role', 'authenticated', false)`,
    [JSON.stringify({ sub: person, role: 'authenticated' })],
  )
  return client
}
