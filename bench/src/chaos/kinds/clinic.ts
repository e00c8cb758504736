/** What the clinic does meanwhile: people are taken out of rooms, and the schema is migrated. */
import { setTimeout as delay } from 'node:timers/promises'
import type { World } from '../world.ts'
import type { Kind } from './kind.ts'

async function as(world: World, userId: string, sql: string, params: unknown[]): Promise<void> {
  const client = await world.truth.pool().connect()
  try {
    await client.query('begin')
    await client.query(
      `select set_config('role', 'authenticated', true), set_config('request.jwt.claims', $1, true)`,
      [JSON.stringify({ sub: userId, role: 'authenticated', aud: 'authenticated' })],
    )
    await client.query(sql, params)
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  } finally {
    client.release()
  }
}

const removed: Kind = {
  name: 'membership revoked',
  batch: 3,
  async inflict(world, points) {
    const { clinic, chance, ledger } = world
    const { colleague } = clinic
    const visits = clinic.visits.slice(0, points)
    for (const { roomId, doctor } of visits)
      await as(world, doctor.id, `select public.add_participant($1, $2, 'care_team')`, [roomId, colleague.id])
    const device = await world.addDevice('colleague', colleague, visits)
    await device.open()
    const end = performance.now() + 10_000
    const isIn = () => visits.every(({ roomId }) => device.rooms.get(roomId)?.current.is === 'ready')
    while (!isIn() && performance.now() < end) await delay(10)
    if (!isIn()) ledger.violated('a colleague who was added does not get in')
    await delay(chance.between(50, 400))
    const lastSeqs = new Map<string, number>()
    for (const { roomId, doctor } of visits) {
      await as(world, doctor.id, 'select public.remove_participant($1, $2)', [roomId, colleague.id])
      const { rows } = await world.truth.pool().query<{ seq: number }>(
        `select seq::int from public.chat_messages where room_id = $1 and event ->> 'type' = 'participant_removed'
           order by seq desc limit 1`,
        [roomId],
      )
      lastSeqs.set(roomId, rows[0]?.seq ?? 0)
    }
    await delay(1_500)
    const truth = await world.readTruth()
    for (const { roomId } of visits) {
      const followed =
        truth.get(roomId)?.messages.filter(({ seq }) => seq > (lastSeqs.get(roomId) ?? 0)) ?? []
      if (followed.some(({ id }) => device.disk.heard.has(id)))
        ledger.violated('somebody removed heard what followed, by socket or by answer')
    }
    for (const { roomId } of visits)
      if (device.rooms.get(roomId)?.current.is !== 'revoked')
        ledger.violated(`somebody removed still has the room (${device.rooms.get(roomId)?.current.is})`)
    // What they typed too late is refused, and theirs to read.
    for (const typed of ledger.typed.values()) if (typed.device === device.name) typed.mayBeGone = true
    await world.removeDevice(device)
    return { points: visits.length }
  },
}

/** A later migration as it may come to a clinic in use: every function and policy anew, and columns of hot tables. */
const MIGRATION = `
do $migration$
declare
  v_each record;
begin
  for v_each in
    select pg_get_functiondef(p.oid) as sql from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname in ('public', 'private') and p.prokind = 'f'
  loop
    execute v_each.sql;
  end loop;
  alter table public.chat_messages add column chaos_column integer not null default 1;
  alter table public.chat_participants add column chaos_column text;
  create index chaos_index on public.chat_messages (chaos_column);
  alter table public.chat_messages drop column chaos_column;
  alter table public.chat_participants drop column chaos_column;
end
$migration$`

/** False: it lost a deadlock against people who were sending, and is to be run again. */
async function migrate(world: World): Promise<boolean> {
  try {
    await world.truth.pool().query(MIGRATION)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === '40P01') return false
    throw error
  }
}

const migrated: Kind = {
  name: 'migration under load',
  batch: 2,
  async inflict(world, points) {
    for (let point = 0; point < points; point++) {
      await delay(world.chance.between(100, 400))
      while (!(await migrate(world))) await delay(20)
    }
    return { points }
  },
}

export const clinicKinds: readonly Kind[] = [removed, migrated]
