/** People, appointments and rooms of one run, made straight in the database; and the database's own word, past every line. */
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import type { Stack } from '../stack/stack.ts'

export const PASSWORD = 'chaos-of-the-tests'

export interface Person {
  id: string
  email: string
}

export interface Visit {
  appointmentId: string
  roomId: string
  patient: Person
  doctor: Person
}

export interface Clinic {
  visits: readonly Visit[]
  /** A doctor of no visit. */
  colleague: Person
}

export async function makeClinic(truth: pg.Pool): Promise<Clinic> {
  await truth.query('update private.rate_limits set burst = 1000000, per_minute = 1000000')
  const person = async (role: 'patient' | 'doctor'): Promise<Person> => {
    const id = randomUUID()
    const email = `${id}@chaos.example`
    await truth.query(
      `insert into auth.users (id, aud, role, email, encrypted_password, email_confirmed_at, confirmation_token,
         recovery_token, email_change, email_change_token_new, raw_app_meta_data, raw_user_meta_data, created_at, updated_at)
       values ($1, 'authenticated', 'authenticated', $2, extensions.crypt($3, extensions.gen_salt('bf', 4)), now(), '', '', '', '',
         '{"provider": "email", "providers": ["email"]}', '{}', now(), now())`,
      [id, email, PASSWORD],
    )
    await truth.query(
      `insert into auth.identities (id, provider, provider_id, user_id, identity_data, last_sign_in_at, created_at, updated_at)
       values (gen_random_uuid(), 'email', $1::text, $1::uuid,
         jsonb_build_object('sub', $1::text, 'email', $2::text, 'email_verified', true), now(), now(), now())`,
      [id, email],
    )
    await truth.query('insert into public.profiles (id, role, display_name) values ($1, $2, $3)', [
      id,
      role,
      role === 'doctor' ? 'A doctor' : 'A patient',
    ])
    return { id, email }
  }
  const visit = async (patient: Person, doctor: Person): Promise<Visit> => {
    const { rows } = await truth.query<{ appointment: string; room: string }>(
      `with a as (
         insert into public.appointments (patient_id, doctor_id, starts_at, ends_at, mode, status)
         values ($1, $2, now(), now() + interval '1 hour', 'video', 'confirmed') returning id
       ), r as (insert into public.chat_rooms (appointment_id, status) select id, 'open' from a returning id, appointment_id)
       , p as (insert into public.chat_participants (room_id, user_id, role)
         select r.id, who.id, who.role from r, (values ($1::uuid, 'patient'), ($2::uuid, 'doctor')) who (id, role))
       select appointment_id as appointment, id as room from r`,
      [patient.id, doctor.id],
    )
    const [made] = rows
    if (!made) throw new Error('A visit was not made.')
    return { appointmentId: made.appointment, roomId: made.room, patient, doctor }
  }
  const [doctor, other, colleague] = [await person('doctor'), await person('doctor'), await person('doctor')]
  const patients = [await person('patient'), await person('patient'), await person('patient')] as const
  return {
    visits: [
      await visit(patients[0], doctor),
      await visit(patients[1], doctor),
      await visit(patients[2], other),
    ],
    colleague,
  }
}

/** Survives what happens to PostgreSQL: a lost connection is another one at the next question. */
export function openTruth(stack: Stack): { pool(): pg.Pool; close(): Promise<void> } {
  const pools = new Map<string, pg.Pool>()
  return {
    pool() {
      const url = stack.superuserUrl
      const known = pools.get(url)
      if (known) return known
      const pool = new pg.Pool({ connectionString: url, max: 3 })
      // Told again where it is used.
      pool.on('error', () => {})
      pools.set(url, pool)
      return pool
    },
    async close() {
      for (const pool of pools.values()) await pool.end()
      pools.clear()
    },
  }
}
