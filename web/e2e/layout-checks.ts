/** What is wrong with how a page is laid out, found in the page itself. Each answers with a list; empty: nothing. */
import type { Page } from '@playwright/test'

/** By how many pixels the page is wider than its window. */
export const tooWide = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

/** Texts that do not fit into their own box, whether it cuts them off or lets them run out of it. */
export async function clipped(page: Page): Promise<string[]> {
  return await page.evaluate(() =>
    [...document.querySelectorAll('button, a, h1, h2, h3, label, dt, dd, p, span')].flatMap(element => {
      const { display, overflowY } = getComputedStyle(element)
      const isHidden = element.clientWidth < 2 || element.closest('.sr-only, .bs-sr-only') !== null
      // A quotation shows how what is quoted begins.
      const isPreview = element.closest('.bs-quote, .bs-target') !== null
      if (display === 'inline' || isHidden || isPreview) return []
      const isTooWide = element.scrollWidth > element.clientWidth + 1
      const isTooHigh = overflowY !== 'visible' && element.scrollHeight > element.clientHeight + 1
      return isTooWide || isTooHigh ? [`${element.tagName} ${element.textContent}`] : []
    }),
  )
}

/** Controls that something else lies on, when they are scrolled to; and those that cannot be scrolled to. */
export async function covered(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const dialog = document.querySelector('dialog[open]')
    const controls = (dialog ?? document).querySelectorAll('a[href], button, input, select, textarea')
    return [...controls].flatMap(control => {
      const isShown = control.checkVisibility({ visibilityProperty: true })
      if (!isShown || control.closest('.sr-only, .bs-sr-only') || control.matches('[inert] *')) return []
      control.scrollIntoView({ block: 'center', behavior: 'instant' })
      const { left, top, width, height } = control.getBoundingClientRect()
      const hit = document.elementFromPoint(left + width / 2, top + height / 2)
      const isFree = hit !== null && (control.contains(hit) || hit.contains(control))
      const name = `${control.tagName} "${(control.ariaLabel || control.textContent || control.id).slice(0, 50)}"`
      return isFree ? [] : [`${name} is under ${hit?.tagName} ${hit?.className}`]
    })
  })
}

/** How many lines of messages one can read, whole. */
export async function linesSeen(page: Page): Promise<number> {
  return await page.evaluate(() => {
    const box = document.querySelector('.bs-scroller')?.getBoundingClientRect()
    if (!box) return 0
    const bottom = Math.min(box.bottom, innerHeight)
    const lines: DOMRect[] = []
    const contents = '.bs-list :is(.bs-message-text, .bs-attachment, .bs-outgoing > p)'
    for (const content of document.querySelectorAll(contents)) {
      const texts = document.createTreeWalker(content, NodeFilter.SHOW_TEXT)
      while (texts.nextNode()) {
        if (texts.currentNode.parentElement?.closest('.bs-sr-only')) continue
        const range = document.createRange()
        range.selectNodeContents(texts.currentNode)
        const seen = [...range.getClientRects()].filter(
          line => line.top >= box.top - 1 && line.bottom <= bottom + 1,
        )
        lines.push(...seen)
      }
    }
    return new Set(lines.map(line => Math.round(line.top))).size
  })
}
