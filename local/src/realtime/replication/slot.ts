/**
 * Replication slots, each named for its database and for the server instance that made it. A slot keeps the log from
 * being deleted, so none may be left behind: a server drops its own when it closes, and those of a process that died
 * when it starts.
 */

import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { sqlState } from '../database-config.ts'
import type { SlotState } from './slot-watch.ts'

const PREFIX = 'realtime_'
const DROP_ATTEMPTS = 10_000
const DUPLICATE_OBJECT = '42710'

/** Like `realtime_16384_9f3c01ab_messages`: the database's OID, this instance, what it streams. */
export async function newSlotName(pool: pg.Pool, kind: string): Promise<string> {
  return `${await databasePrefix(pool)}${randomBytes(4).toString('hex')}_${kind}`
}

export async function createSlot(pool: pg.Pool, slot: string): Promise<void> {
  try {
    await pool.query("select pg_create_logical_replication_slot($1, 'pgoutput')", [slot])
  } catch (error) {
    if (sqlState(error) !== DUPLICATE_OBJECT) throw error
  }
}

/** Whether what was committed since the last acknowledgement can still be had from the slot. */
export async function isSlotUsable(pool: pg.Pool, slot: string): Promise<boolean> {
  const { rows } = await pool.query<{ lost: boolean }>(
    "select wal_status is not distinct from 'lost' as lost from pg_replication_slots where slot_name = $1",
    [slot],
  )
  return rows[0]?.lost === false
}

/** How much of the log the slot keeps from being deleted, in bytes; null: there is no such slot. */
export async function slotLagBytes(pool: pg.Pool, slot: string): Promise<number | null> {
  const { rows } = await pool.query<{ lag: number | null }>(
    `select (pg_current_wal_lsn() - confirmed_flush_lsn)::float8 as lag from pg_replication_slots where slot_name = $1`,
    [slot],
  )
  return rows[0]?.lag ?? null
}

/** null: there is no such slot, or what it kept is given up. */
export async function readSlotState(pool: pg.Pool, slot: string): Promise<SlotState | null> {
  const { rows } = await pool.query<SlotState>(
    `select active as "isActive", confirmed_flush_lsn::text as confirmed,
       (pg_current_wal_lsn() - restart_lsn)::float8 as "keptBytes",
       (select nullif(setting, '-1')::float8 * 1048576 from pg_settings where name = 'max_slot_wal_keep_size')
         as "maxKeptBytes"
     from pg_replication_slots where slot_name = $1 and wal_status is distinct from 'lost'`,
    [slot],
  )
  return rows[0] ?? null
}

/** Ends whoever streams from it, without waiting for the end. */
export async function freeSlot(pool: pg.Pool, slot: string): Promise<void> {
  await pool.query('select pg_terminate_backend(active_pid) from pg_replication_slots where slot_name = $1', [
    slot,
  ])
}

/**
 * Ends whoever still streams from it, in one go on the server and without waiting for the end, which PostgreSQL looks
 * for ten times a second only: a living owner takes its slot back faster. No error if it does not exist.
 */
export async function dropSlot(pool: pg.Pool, slot: string): Promise<void> {
  const name = pg.escapeLiteral(slot)
  await pool.query(`
    do $$ begin
      for attempt in 1..${DROP_ATTEMPTS} loop
        begin
          perform pg_terminate_backend(active_pid) from pg_replication_slots
            where slot_name = ${name} and active_pid is not null;
          perform pg_drop_replication_slot(${name});
          return;
        exception
          when undefined_object then return;
          when object_in_use then
            if attempt = ${DROP_ATTEMPTS} then raise; end if;
            perform pg_sleep(0.001);
        end;
      end loop;
    end $$`)
}

/** Slots that earlier instances left on this database. A server owns its database: whoever streams from one is ended. */
export async function dropStaleSlots(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ slot_name: string }>(
    'select slot_name from pg_replication_slots where starts_with(slot_name, $1) and database = current_database()',
    [await databasePrefix(pool)],
  )
  for (const { slot_name } of rows) await dropSlot(pool, slot_name)
  return rows.length
}

async function databasePrefix(pool: pg.Pool): Promise<string> {
  const { rows } = await pool.query<{ oid: number }>(
    'select oid from pg_database where datname = current_database()',
  )
  return `${PREFIX}${rows[0]?.oid}_`
}
