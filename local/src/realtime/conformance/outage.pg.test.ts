/** What goes on, and what is said, while the database cannot be reached. */

import { randomBytes } from 'node:crypto'
import { afterAll, describe, expect } from 'vitest'
import { post } from '../testing/post-broadcast.ts'
import { SECRET_KEY, signToken } from '../testing/test-server.ts'
import { conforms, useRealtime } from '../testing/use-realtime.ts'

const realtime = useRealtime(null)
const sql = (text: string, values: unknown[] = []) => realtime.database.pool.query(text, values)

const roles: string[] = []
afterAll(async () => {
  for (const role of roles) await sql(`drop role ${role}`)
})

/** A server that the database can be closed to. */
async function startServer() {
  const role = `rt_${randomBytes(6).toString('hex')}`
  await sql(`create role ${role} superuser login password '${role}'`)
  roles.push(role)
  const server = await realtime.start({
    database: { ...realtime.database.config, user: role, password: role },
  })
  return {
    server,
    async shut() {
      await sql(`alter role ${role} nologin`)
      const end = 'select pg_terminate_backend(pid) from pg_stat_activity where usename = $1'
      await expect.poll(async () => (await sql(end, [role])).rowCount, { timeout: 10_000 }).toBe(0)
    },
    reopen: () => sql(`alter role ${role} login`),
  }
}

describe('R163 1.7 while the database cannot be reached', () => {
  conforms(
    '1.7 private joins are UnableToConnectToProject; public channels know nothing of it',
    async version => {
      const { server, shut, reopen } = await startServer()
      const topic = `outage-${version}`
      await realtime.database.allow('ada', topic)
      const token = await signToken({ sub: 'ada' })
      const client = await realtime.connect({ version, to: server })
      await client.join('open', { broadcast: { ack: true } })
      try {
        await shut()
        expect(await client.join(topic, { private: true }, token)).toEqual({
          status: 'error',
          response: {
            reason: 'UnableToConnectToProject: Realtime was unable to connect to the project database',
          },
        })
        expect((await client.join('another')).status).toBe('ok')
        expect((await client.reply(client.broadcast('open', 'n', {}))).payload.status).toBe('ok')
      } finally {
        await reopen()
      }
      expect((await client.join(topic, { private: true }, token)).status).toBe('ok')
    },
  )

  conforms(
    '1.8 private broadcasts are 503, public ones go on; the health says what is wrong',
    async version => {
      const { server, shut, reopen } = await startServer()
      const client = await realtime.connect({ version, to: server })
      await client.join('open')
      const health = async () => {
        const url = `${server.url}/realtime/v1/api/tenants/any/health`
        const answer = await fetch(url, { headers: { apikey: SECRET_KEY } })
        return ((await answer.json()) as { data: object }).data
      }
      expect(await health()).toMatchObject({ healthy: true })
      try {
        await shut()
        const refused = await post(server, '/open/events/n?private=true', '1')
        expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1'])
        expect((await post(server, '/open/events/n', '2')).status).toBe(202)
        await client.waitForEvent('broadcast')
        expect(await health()).toMatchObject({
          healthy: false,
          db_connected: false,
          replication_connected: false,
        })
      } finally {
        await reopen()
      }
      await expect.poll(health, { timeout: 15_000 }).toMatchObject({ healthy: true })
    },
  )

  conforms('2.1 what was committed meanwhile is told once it can be reached again', async version => {
    const { server, shut, reopen } = await startServer()
    const client = await realtime.connect({ version, to: server })
    await client.join('open')
    const numbers = () => client.broadcasts().map(({ payload }) => (payload.payload as { n: number }).n)
    await realtime.database.send('open', 'n', { n: 1 }, false)
    await client.waitForEvent('broadcast')
    try {
      await shut()
      for (const n of [2, 3]) await realtime.database.send('open', 'n', { n }, false)
      await client.heartbeat()
      expect(numbers()).toEqual([1])
    } finally {
      await reopen()
    }
    await realtime.database.send('open', 'n', { n: 4 }, false)
    await client.until(() => numbers().includes(4), 'the last message')
    expect(numbers()).toEqual([1, 2, 3, 4])
  })
})
