/**
 * L6: a page of 50 for a participant, while the clinic grows from 1,000 messages to 1,000,000, a tenth of them in the room
 * that is read: the newest page, one from the middle, one after a seq in the middle.
 *
 * Three ways: the table under row level security, the function by SQL, the function through the gateway. Beside them, in
 * turns and on a connection of its own, the same page for the owner of the table, whom no policy concerns. Flat is judged
 * by what other programs on the machine do not change: the pages of memory touched, and the ratio to the owner's page.
 */
import pg from 'pg'
import { connect } from '../clients/bedside-client.ts'
import { sign } from '../clients/population.ts'
import { connectAs, makeVolume, type Volume } from '../clients/volume.ts'
import { compare, type Figure, keep, percentile, print } from '../report.ts'
import type { BedsideFacts } from '../servers/bedside.ts'
import { startChild } from '../servers/child.ts'

const ROOMS = 2000
/** Each of 100 rooms; a patient has one. */
const DOCTORS = 20
const SIZES = [1000, 10_000, 100_000, 1_000_000]
const PAGE_SIZE = 50
const SAMPLES = 400
const WARM_UP = 100
const GOAL = { atMost: 5 }
/** The largest beside the smallest. */
const FLAT = { ratio: 1.5 }

type Page = 'newest' | 'middle' | 'after'
const PAGES: Record<Page, { where: string; order: 'desc' | 'asc'; argument: string }> = {
  newest: { where: 'and $2::bigint is null', order: 'desc', argument: 'before_seq' },
  middle: { where: 'and seq < $2', order: 'desc', argument: 'before_seq' },
  after: { where: 'and seq > $2', order: 'asc', argument: 'after_seq' },
}

/** One way to a page. */
interface Way {
  /** Resolves to the number of messages when they are there. */
  read(page: Page, seq: number | null): Promise<number>
  /** How many pages of shared memory PostgreSQL touches for it. */
  touched?(page: Page, seq: number | null): Promise<number>
}

export async function history(): Promise<void> {
  const bedside = await startChild<BedsideFacts>(new URL('../servers/bedside.ts', import.meta.url), {})
  const volume = await makeVolume(bedside.facts.databaseUrl, ROOMS, DOCTORS)
  const { ways, close } = await waysTo(bedside.facts, volume)
  try {
    const measured = new Map<string, number[]>()
    let messages = 0
    for (const size of SIZES) {
      await volume.addMessages(size - messages)
      messages = size
      // What autovacuum would have done by then.
      await volume.client.query('vacuum analyze public.chat_messages, public.chat_rooms')
      for (const [name, samples] of await measure(ways, size / 10)) measured.set(`${size}.${name}`, samples)
    }
    report(
      measured,
      Object.keys(ways).filter(way => way !== 'owner'),
    )
  } finally {
    await close()
    await volume.close()
    await bedside.stop()
  }
}

/** Every page by every way, one after the other: "page.way" in milliseconds, "page.way.touched" in pages. */
async function measure(ways: Record<string, Way>, lastSeq: number): Promise<Map<string, number[]>> {
  const samples = new Map<string, number[]>()
  const add = (key: string, value: number) => samples.set(key, [...(samples.get(key) ?? []), value])
  for (let i = -WARM_UP; i < SAMPLES; i++) {
    for (const page of Object.keys(PAGES) as Page[]) {
      const seq = placeOf(page, lastSeq)
      for (const [name, way] of Object.entries(ways)) {
        const start = performance.now()
        const rows = await way.read(page, seq)
        const took = performance.now() - start
        if (rows !== PAGE_SIZE) throw new Error(`A page of the bench has ${rows} messages.`)
        if (i >= 0) add(`${page}.${name}`, took)
        if (i % 20 === 0 && way.touched) add(`${page}.${name}.touched`, await way.touched(page, seq))
      }
    }
  }
  return samples
}

/** Somewhere in the middle, a whole page before the end. */
function placeOf(page: Page, lastSeq: number): number | null {
  const middle = Math.round(lastSeq * (0.4 + 0.2 * Math.random()))
  if (page === 'newest') return null
  return page === 'middle' ? Math.max(middle, PAGE_SIZE + 1) : Math.min(middle, lastSeq - PAGE_SIZE)
}

async function waysTo(facts: BedsideFacts, { room, patient, doctor }: Volume) {
  const owner = new pg.Client({ connectionString: facts.databaseUrl })
  await owner.connect()
  const asPatient = await connectAs(facts.superuserUrl, patient)
  const asDoctor = await connectAs(facts.superuserUrl, doctor)
  const app = await connect({
    url: facts.url,
    key: facts.publishableKey,
    token: sign(patient, facts.jwtSecret),
    onMessage: () => {},
  })
  const byTable = (client: pg.Client): Way => {
    const sql = (page: Page) =>
      `select * from public.chat_messages where room_id = $1 ${PAGES[page].where}
       order by seq ${PAGES[page].order} limit ${PAGE_SIZE}`
    return {
      // Without a name: planned for this room. A plan that is kept for every room takes a long one for an average one.
      read: async (page, seq) => (await client.query(sql(page), [room, seq])).rows.length,
      touched: (page, seq) => touchedBy(client, sql(page), [room, seq]),
    }
  }
  const bySql = (page: Page) =>
    `select public.list_messages(room_id => $1, ${PAGES[page].argument} => $2) as answer`
  interface Answer {
    messages: unknown[]
  }
  const ways: Record<string, Way> = {
    owner: byTable(owner),
    table: byTable(asPatient),
    'table-as-doctor': byTable(asDoctor),
    function: {
      async read(page, seq) {
        const query = { name: page, text: bySql(page), values: [room, seq] }
        const { rows } = await asPatient.query<{ answer: Answer }>(query)
        return rows[0]?.answer.messages.length ?? 0
      },
      touched: (page, seq) => touchedBy(asPatient, bySql(page), [room, seq]),
    },
    gateway: {
      async read(page, seq) {
        const answer = await app.call<Answer>('list_messages', { room_id: room, [PAGES[page].argument]: seq })
        return answer.messages.length
      },
    },
  }
  return {
    ways,
    async close() {
      app.close()
      await Promise.all([owner.end(), asPatient.end(), asDoctor.end()])
    },
  }
}

async function touchedBy(client: pg.Client, sql: string, values: unknown[]): Promise<number> {
  interface Explained {
    'QUERY PLAN': [{ Plan: { 'Shared Hit Blocks': number; 'Shared Read Blocks': number } }]
  }
  const text = `explain (analyze, buffers, timing off, format json) ${sql}`
  const plan = (await client.query<Explained>(text, values)).rows[0]?.['QUERY PLAN'][0].Plan
  if (!plan) throw new Error('A page of the bench was not explained.')
  return plan['Shared Hit Blocks'] + plan['Shared Read Blocks']
}

function report(measured: Map<string, number[]>, ways: string[]): void {
  const of = (size: number | undefined, page: Page, way: string) =>
    measured.get(`${size}.${page}.${way}`) ?? []
  const [smallest, largest] = [SIZES[0], SIZES.at(-1)]
  const all: Figure[] = []
  for (const page of Object.keys(PAGES) as Page[]) {
    const shown: Figure[] = []
    for (const way of ways) {
      for (const size of SIZES) {
        const name = `history.${page}.${way}.${size}`
        const sides = [of(size, page, way), of(size, page, 'owner')] as const
        const p95 = compare(name, 'ms', ...sides, GOAL, [0.95])
        shown.push(...p95)
        all.push(...compare(name, 'ms', ...sides, null, [0.5, 0.99]), ...p95)
      }
      const overOwner = (size: number | undefined) => [
        percentile(of(size, page, way), 0.5) / percentile(of(size, page, 'owner'), 0.5),
      ]
      const flat = compare(
        `history.${page}.${way}.flat`,
        'x owner',
        overOwner(largest),
        overOwner(smallest),
        FLAT,
        [0.5],
      )
      const touched = [`${way}.touched`]
        .filter(key => of(largest, page, key).length > 0)
        .flatMap(key =>
          compare(
            `history.${page}.${key}`,
            'pages',
            of(largest, page, key),
            of(smallest, page, key),
            FLAT,
            [0.5],
          ),
        )
      shown.push(...flat, ...touched)
      all.push(...flat, ...touched)
    }
    print(
      `page of 50, ${page}; baseline: without policies; flat and touched: ${largest} messages beside ${smallest}`,
      shown,
    )
  }
  keep('history', all)
}
