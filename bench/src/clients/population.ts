/** Rooms of two people each, made straight in the database, with a token for everybody. */
import { createHmac, randomUUID } from 'node:crypto'
import pg from 'pg'

export interface Room {
  id: string
  topic: string
  patient: { id: string; token: string }
  doctor: { id: string; token: string }
}

export async function populate(options: {
  databaseUrl: string
  jwtSecret: string
  rooms: number
}): Promise<Room[]> {
  const client = new pg.Client({ connectionString: options.databaseUrl })
  await client.connect()
  try {
    const rooms: Room[] = []
    for (let i = 0; i < options.rooms; i++) {
      const [patient, doctor] = [randomUUID(), randomUUID()]
      await client.query('insert into auth.users (id, email) values ($1, $2), ($3, $4)', [
        patient,
        `${patient}@bench.example`,
        doctor,
        `${doctor}@bench.example`,
      ])
      await client.query(
        `insert into public.profiles (id, role, display_name) values ($1, 'patient', 'Patient'), ($2, 'doctor', 'Doctor')`,
        [patient, doctor],
      )
      const { rows } = await client.query<{ id: string }>(
        `with a as (
           insert into public.appointments (patient_id, doctor_id, starts_at, ends_at, mode, status)
           values ($1, $2, now(), now() + interval '1 hour', 'video', 'confirmed') returning id
         ), r as (insert into public.chat_rooms (appointment_id, status) select id, 'open' from a returning id)
         , p as (insert into public.chat_participants (room_id, user_id, role)
           select r.id, who.id, who.role from r, (values ($1::uuid, 'patient'), ($2::uuid, 'doctor')) who (id, role))
         select id from r`,
        [patient, doctor],
      )
      const id = rows[0]?.id
      if (!id) throw new Error('A room of the bench was not made.')
      const person = (user: string) => ({ id: user, token: sign(user, options.jwtSecret) })
      rooms.push({ id, topic: `room:${id}:1`, patient: person(patient), doctor: person(doctor) })
    }
    return rooms
  } finally {
    await client.end()
  }
}

/** A token as the auth server would sign it. */
export function sign(user: string, secret: string): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
  const now = Math.floor(Date.now() / 1000)
  const claims = { sub: user, aud: 'authenticated', role: 'authenticated', iat: now, exp: now + 3600 }
  const content = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`
  return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`
}

/** How much one person may send, as the owner of the database changes it: nobody types as fast as a bench. */
export async function liftSendLimit({ superuserUrl }: { superuserUrl: string }): Promise<void> {
  const client = new pg.Client({ connectionString: superuserUrl })
  await client.connect()
  await client.query(`update private.rate_limits set burst = 1e6, per_minute = 1e6 where action = 'send'`)
  await client.end()
}
