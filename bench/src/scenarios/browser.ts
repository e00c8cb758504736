/**
 * L9 and L11, in a real Chromium.
 *
 * Lists: the same real bubbles in a plain list, in two libraries and in the product's own, in turns. Room: the product
 * with its server, a room of 100,000 messages beside one of 50, opened, and walked from its end to its start with history
 * as it comes. Weight: what JavaScript a first visit fetches, beside the least that React and supabase-js weigh.
 */
import { loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { openChromium } from '../browser/chromium.ts'
import { LISTS, measureLists } from '../browser/lists.ts'
import { type Pages, servePages } from '../browser/pages.ts'
import { chatOf, firstMessage, makeRooms, openAs, scroll, weightOf } from '../browser/room.ts'
import { scriptsOf } from '../browser/scripts-of.ts'
import { compare, type Figure, keep, print } from '../report.ts'
import type { BedsideFacts } from '../servers/bedside.ts'
import { startChild } from '../servers/child.ts'

const WEB_DIR = fileURLToPath(new URL('../../../web/dist', import.meta.url))
const TURNS = 3
const SIZES: [number, number] = [100_000, 50]
/** What a finger or a wheel does in a hurry: three screens a second. */
const READING_STEP_PX = 40
const READING_FRAMES = 600
/** To see the whole room in a few minutes. */
const WALK_STEP_PX = 2_000
const WALK_AT_MOST = 60_000

const FIRST_MESSAGE = { atMost: 300 }
const FRAME = { atMost: 50 }
const NODES = { ratio: 3 }
const MOVED = { atMost: 1 }
const WEIGHT = { atMost: 180 }

export async function browser(chromiumPath: string): Promise<void> {
  const pages = await servePages()
  const bedside = await startChild<BedsideFacts>(new URL('../servers/bedside.ts', import.meta.url), {
    webDir: WEB_DIR,
  })
  const chromium = await openChromium(chromiumPath)
  try {
    console.log(`load of the machine before: ${loadavg().map(each => each.toFixed(1))}`)
    const figures = [...(await lists(chromium, pages)), ...(await product(chromium, pages, bedside.facts))]
    console.log(`load of the machine after: ${loadavg().map(each => each.toFixed(1))}`)
    keep('browser', figures)
  } finally {
    await chromium.close()
    await bedside.stop()
    await pages.close()
  }
}

async function lists(chromium: Browser, pages: Pages): Promise<Figure[]> {
  const { plain, ...others } = await measureLists(chromium, pages, TURNS)
  const figures: Figure[] = []
  for (const name of LISTS) {
    if (name === 'plain') continue
    const list = others[name]
    const at = `list.${name}`
    figures.push(
      ...compare(`${at}.last-message`, 'ms', list.shown, plain.shown, null, [0.5]),
      ...compare(`${at}.nodes`, 'elements', list.nodes, plain.nodes, null, [1]),
      ...compare(`${at}.frame`, 'ms', list.frames, plain.frames, null, [0.5, 0.99, 1]),
      ...compare(`${at}.frame-idle`, 'ms', list.idle, plain.idle, null, [0.99, 1]),
      ...compare(`${at}.leap`, 'ms', list.leaps, plain.leaps, null, [0.5, 0.99, 1]),
      ...compare(
        `${at}.moved-by-history`,
        'px',
        list.moved,
        list.added,
        name === 'bedside' ? MOVED : null,
        [1],
      ),
      ...compare(`${at}.javascript`, 'KB', list.bytes.map(kb), plain.bytes.map(kb), null, [0.5]),
    )
    console.log(`${name}: the middle of the screen was empty in ${list.blank.join(', ')} frames`)
  }
  print(
    '10,000 real bubbles; baseline: all of them in the page; moved: beside the height of what came',
    figures,
  )
  return figures
}

async function product(chromium: Browser, pages: Pages, facts: BedsideFacts): Promise<Figure[]> {
  const [long, short] = await makeRooms(facts.databaseUrl, SIZES)
  if (!long || !short) throw new Error('The rooms of the bench are not there.')
  const first = { long: [] as number[], short: [] as number[] }
  for (let turn = 0; turn < TURNS; turn++) {
    for (const [name, room] of Object.entries({ long, short }) as ['long' | 'short', typeof long][]) {
      const { context, page } = await openAs(chromium, pages, facts, room.patient)
      first[name].push(await firstMessage(page, room))
      await context.close()
    }
  }

  const small = await openAs(chromium, pages, facts, short.patient)
  await firstMessage(small.page, short)
  const still = await scroll(small.page, 0, '{ frames: 120 }')
  await small.context.close()

  const { context, page } = await openAs(chromium, pages, facts, long.patient)
  await firstMessage(page, long)
  const idle = await scroll(page, 0, '{ frames: 300 }')
  const reading = await scroll(page, READING_STEP_PX, `{ frames: ${READING_FRAMES} }`)
  const start = performance.now()
  const walk = await scroll(page, WALK_STEP_PX, `{ seq: 1, atMost: ${WALK_AT_MOST} }`)
  const took = (performance.now() - start) / 1000
  const read = await page.evaluate<{ seq: number }>('window.probe.read()')
  if (read.seq !== 1) throw new Error(`The walk through the long room ended at message ${read.seq}.`)
  await context.close()
  console.log(
    `three screens a second: ${reading.stopped} of ${reading.frames.length} frames waited for history; ` +
      `the whole way: ${took.toFixed(0)} s, ${walk.stopped} of ${walk.frames.length} frames waited`,
  )

  const figures = [
    ...compare('room.first-message', 'ms', first.long, first.short, FIRST_MESSAGE, [0.5, 1]),
    ...compare('room.frame', 'ms', reading.frames, idle.frames, FRAME, [0.5, 0.99, 1]),
    ...compare('room.walk.frame', 'ms', walk.frames, idle.frames, FRAME, [0.5, 0.99, 1]),
    ...compare('room.nodes', 'elements', [Math.max(reading.nodes, walk.nodes)], [still.nodes], NODES, [1]),
    ...(await weights(chromium, pages, facts, short)),
  ]
  print(
    'a room of 100,000; baselines: a room of 50, the same page at rest, React and supabase-js alone',
    figures,
  )
  return figures
}

async function weights(
  chromium: Browser,
  pages: Pages,
  facts: BedsideFacts,
  room: Parameters<typeof chatOf>[0],
): Promise<Figure[]> {
  const bare = await chromium.newPage()
  const bytes = scriptsOf(bare)
  await bare.goto(pages.urlOf('floor'), { waitUntil: 'networkidle' })
  const floor = kb(await bytes())
  await bare.close()
  const figures: Figure[] = []
  for (const [name, address, ready] of [
    ['appointments', '/appointments', 'article'],
    ['chat', chatOf(room), '.bs-scroller [data-seq]'],
  ] as const) {
    const { context, page } = await openAs(chromium, pages, facts, room.patient)
    const weight = kb(await weightOf(page, address, ready))
    await context.close()
    figures.push(...compare(`javascript.${name}`, 'KB', [weight], [floor], WEIGHT, [1]))
  }
  return figures
}

/** As L11 counts: 1,000 bytes. */
function kb(bytes: number): number {
  return bytes / 1000
}
