/**
 * The floor: a transaction a message, begin, insert and commit in one round trip. No HTTP, no socket, no policy, nobody
 * told; as many messages under way as it is asked for, on as many connections as the product has.
 */
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { serveParent } from '../../src/servers/child.ts'

export interface PipelinedOrder {
  inFlight: number
  forMs: number
  bytes: number
}

const CONNECTIONS = 10

const { databaseUrl } = JSON.parse(process.argv[2] ?? '{}') as { databaseUrl: string }
const clients = await Promise.all(
  Array.from({ length: CONNECTIONS }, async () => {
    const client = new pg.Client({ connectionString: databaseUrl, pipeline: true })
    await client.connect()
    return client
  }),
)
await clients[0]?.query(
  'create table if not exists public.bench_pipelined (id uuid primary key, room int not null, body text not null)',
)

/** How many were committed. */
async function run({ inFlight, forMs, bytes }: PipelinedOrder): Promise<number> {
  const body = 'x'.repeat(bytes)
  const end = performance.now() + forMs
  let committed = 0
  const lane = async (room: number) => {
    const client = clients[room % CONNECTIONS]
    while (client && performance.now() < end) {
      await Promise.all([
        client.query('begin'),
        client.query({
          name: 'insert',
          text: 'insert into public.bench_pipelined (id, room, body) values ($1, $2, $3)',
          values: [randomUUID(), room, body],
        }),
        client.query('commit'),
      ])
      committed++
    }
  }
  await Promise.all(Array.from({ length: inFlight }, (_, room) => lane(room)))
  return committed
}

serveParent(
  {},
  async () => {
    await Promise.all(clients.map(client => client.end()))
  },
  { run },
)
