/** What is told does not depend on the settings that a database gives its sessions. */

import { beforeAll, describe, expect } from 'vitest'
import { changesOf } from '../testing/change-bench.ts'
import { signToken } from '../testing/test-server.ts'
import { useChanges } from '../testing/use-changes.ts'
import { conforms, useRealtime } from '../testing/use-realtime.ts'

const realtime = useRealtime({ limits: { changesRetryMs: 50 } })
const changes = useChanges(realtime)

beforeAll(async () => {
  const { pool, config } = realtime.database
  for (const [name, value] of [
    ['bytea_output', 'escape'],
    ['datestyle', 'German'],
    ['intervalstyle', 'iso_8601'],
    ['extra_float_digits', '-3'],
    ['timezone', 'Asia/Tokyo'],
  ]) {
    await pool.query(`alter database ${config.database} set ${name} = '${value}'`)
  }
  // The server's connections come again, with these settings.
  await pool.query(`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and application_name like 'realtime %'`)
})

/** SQL in a session that has the settings of the database. */
async function inNewSession(sql: string, values: unknown[]): Promise<void> {
  const session = await realtime.database.pool.connect()
  try {
    await session.query(`begin; set local timezone = 'Asia/Tokyo'`)
    await session.query(sql, values)
    await session.query('commit')
  } finally {
    session.release()
  }
}

describe('R163 2.1 settings of the database', () => {
  conforms('1.6 values have the same form under other settings', async version => {
    const table = await changes.table(
      'id int primary key, raw bytea, at timestamptz, day date, f float8, i interval, days date[]',
    )
    const { client } = await changes.watch(version, [
      { event: '*', table, filter: 'raw=eq.\\x00ff5c,day=eq.2026-03-04' },
    ])
    await changes.sql(
      `insert into public.${table} values (1, '\\x00ff5c', '2026-03-04 05:06:07Z', '2026-03-04', 0.1234567890123456,
         '1 day 02:03:04', '{2026-03-04}')`,
    )
    await changes.settle(client)
    expect(changesOf(client).map(({ data }) => data.record)).toEqual([
      {
        ...{ id: 1, raw: '00ff5c', at: '2026-03-04T05:06:07+00:00', day: '2026-03-04' },
        ...{ f: 0.1234567890123456, i: '1 day 02:03:04', days: ['2026-03-04'] },
      },
    ])
  })

  conforms('2.1 send_binary() sends its bytes under other settings', async version => {
    const client = await realtime.connect({ version })
    await client.join('bytes')
    await changes.sql(`select realtime.send_binary('\\x00ff5c', 'raw', 'bytes', false)`)
    await realtime.database.send('bytes', 'after', {}, false)
    await client.waitFor(({ payload }) => payload.event === 'after')
    expect(client.broadcasts().map(({ payload }) => payload.event)).toEqual(
      version === '2.0.0' ? ['raw', 'after'] : ['after'],
    )
    if (version === '2.0.0') {
      expect(client.broadcasts()[0]?.payload.payload).toEqual(Buffer.from([0, 255, 92]))
    }
  })

  conforms('2.1 send() stamps its message in UTC, whatever the zone of its session', async version => {
    const topic = `zone-${version}`
    await realtime.database.allow('ada', topic)
    await inNewSession(`select realtime.send('{"n": 1}', 'n', $1)`, [topic])
    await inNewSession(`select realtime.send_binary('\\x01', 'n', $1)`, [topic])
    const client = await realtime.connect({ version })
    const replay = { since: Date.now() - 60_000 }
    await client.join(topic, { private: true, broadcast: { replay } }, await signToken({ sub: 'ada' }))
    await client.fence(topic)
    expect(client.broadcasts()).toHaveLength(version === '2.0.0' ? 2 : 1)
  })
})
