/** Lists of the same real bubbles, in turns: every row in the page, two libraries, and the product's own list. */
import type { Browser, Page } from 'playwright-core'
import type { Scrolled } from '../../pages/probe.ts'
import { WINDOW } from './chromium.ts'
import type { Pages } from './pages.ts'
import { scriptsOf } from './scripts-of.ts'

export const LISTS = ['plain', 'virtua', 'tanstack', 'bedside'] as const
export type ListName = (typeof LISTS)[number]

const MESSAGES = 10_000
/** Before them there is history. */
const FIRST_SEQ = 1_001
const HISTORY_PAGE = 50
/** Faster than anybody reads: 27 screens a second. */
const STEP_PX = 360
const SCROLLED_FRAMES = 200
/** So that the whole way takes some seconds. */
const LEAP_PX = 4_000
const PLAIN_LEAPS = 40

/** Of one list, a value for each turn; of frames one for each frame. */
export interface Measured {
  /** Milliseconds from rendering to the last message on the screen. */
  shown: number[]
  nodes: number[]
  /** Milliseconds from frame to frame while scrolling, and on the same page while nothing moves. */
  frames: number[]
  idle: number[]
  /** Milliseconds from frame to frame on the whole way to the start, in leaps. */
  leaps: number[]
  blank: number[]
  /** Pixels by which what is read moved when a page of history came, and how high that page is. */
  moved: number[]
  added: number[]
  /** Bytes of JavaScript of the page. */
  bytes: number[]
}

export async function measureLists(
  browser: Browser,
  pages: Pages,
  turns: number,
): Promise<Record<ListName, Measured>> {
  const all = { plain: empty(), virtua: empty(), tanstack: empty(), bedside: empty() }
  for (let turn = 0; turn < turns; turn++) {
    for (const name of LISTS) await measure(browser, pages, name, all[name])
  }
  return all
}

async function measure(browser: Browser, pages: Pages, name: ListName, into: Measured): Promise<void> {
  const context = await browser.newContext(WINDOW)
  await context.addInitScript({ path: pages.probe })
  const page = await context.newPage()
  const bytes = scriptsOf(page)
  await page.goto(pages.urlOf(name))
  await page.waitForFunction('"lists" in window')
  into.bytes.push(await bytes())

  into.shown.push(await page.evaluate<number>(`window.lists.show(${FIRST_SEQ}, ${FIRST_SEQ + MESSAGES - 1})`))
  into.idle.push(...(await scroll(page, 0, SCROLLED_FRAMES)).frames)
  const scrolled = await scroll(page, STEP_PX, SCROLLED_FRAMES)
  into.frames.push(...scrolled.frames)

  await addHistory(page, into)

  // With every row in the page it would take minutes to show what some frames show.
  const atMost = name === 'plain' ? PLAIN_LEAPS : 2_000
  const all = await page.evaluate<Scrolled>(
    `window.probe.scroll(${LEAP_PX}, { seq: ${FIRST_SEQ - HISTORY_PAGE}, atMost: ${atMost} })`,
  )
  into.leaps.push(...all.frames)
  into.nodes.push(Math.max(scrolled.nodes, all.nodes))
  into.blank.push(scrolled.blank)
  await context.close()
}

/** In the middle of what nobody has looked at yet, so that the heights of the rows around are not known. */
async function addHistory(page: Page, into: Measured): Promise<void> {
  await scroll(page, 0, 15)
  const read = await page.evaluate<{ seq: number; top: number }>('window.probe.read()')
  const height = await page.evaluate<number>('window.probe.height()')
  await page.evaluate(`window.lists.prepend(${HISTORY_PAGE})`)
  await scroll(page, 0, 10)
  const top = await page.evaluate<number | null>(`window.probe.topOf(${read.seq})`)
  const added = (await page.evaluate<number>('window.probe.height()')) - height
  into.added.push(added)
  into.moved.push(top === null ? added : Math.abs(top - read.top))
}

function scroll(page: Page, step: number, frames: number): Promise<Scrolled> {
  return page.evaluate<Scrolled>(`window.probe.scroll(${step}, { frames: ${frames} })`)
}

function empty(): Measured {
  return {
    shown: [],
    nodes: [],
    frames: [],
    idle: [],
    leaps: [],
    blank: [],
    moved: [],
    added: [],
    bytes: [],
  }
}
