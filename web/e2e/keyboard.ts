/** A page in the hands of somebody without a mouse: whatever has the focus can be seen to have it, at every step. */
import { expect, type Locator, type Page } from '@playwright/test'

const STEPS_MAX = 90

export class Keyboard {
  constructor(private readonly page: Page) {}

  /** With Tab, or backwards, to this one; on the way every stop must be seen. */
  async tabTo(target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab') {
    await expect(target).toBeVisible()
    for (let step = 0; step < STEPS_MAX; step++) {
      if (await target.evaluate(element => element === document.activeElement)) return
      await this.page.keyboard.press(key)
      // Past the last one a browser goes to its own bar, and then to the first.
      if (!(await this.isNowhere())) await this.expectSeen()
    }
    throw new Error(`${key} does not lead to ${target}.`)
  }

  /** Presses, and waits until the focus is where it belongs then. */
  async press(key: string, lands: Locator) {
    await this.page.keyboard.press(key)
    await expect(lands).toBeFocused()
    await this.expectSeen()
  }

  async activate(target: Locator, lands: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab') {
    await this.tabTo(target, key)
    await this.press('Enter', lands)
  }

  async type(text: string) {
    await this.page.keyboard.type(text)
    await this.expectSeen()
  }

  async expectSeen() {
    await expect.poll(() => this.page.evaluate(whyNotSeen), { message: 'the focus is seen' }).toBe('')
  }

  private async isNowhere() {
    return await this.page.evaluate(() => document.activeElement === document.body)
  }
}

/** Runs in the page. '': what has the focus has a ring around it, and is on the screen. */
function whyNotSeen(): string {
  const element = document.activeElement
  if (!(element instanceof HTMLElement) || element === document.body) return 'nothing has the focus'
  const name = `${element.tagName} ${element.className} "${(element.ariaLabel ?? element.textContent ?? '').slice(0, 60)}"`
  // A card's ring is around the card, a message's around its bubble.
  const bubble = element.matches('.bs-row') ? element.querySelector('.bs-bubble') : null
  const styles = [getComputedStyle(element), getComputedStyle(element, '::after')]
  if (bubble) styles.push(getComputedStyle(bubble))
  const hasRing = styles.some(({ outlineStyle, outlineWidth, outlineColor }) => {
    const isSeeThrough = /^(transparent|rgba\(.*, 0\))$/.test(outlineColor)
    return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2 && !isSeeThrough
  })
  if (!hasRing) return `no ring around ${name}`
  const { left, right, top, bottom } = element.getBoundingClientRect()
  const isOnScreen = right > 0 && left < innerWidth && bottom > 0 && top < innerHeight
  if (!isOnScreen || right - left < 2) return `not on the screen: ${name}`
  return ''
}
