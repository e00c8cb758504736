/**
 * happy-dom lays nothing out, and a virtual list shows nothing on a screen without a size: here every element that is
 * asked for its size has one, and the screen is tall enough for all rows of a test.
 */
import { act } from '@testing-library/react'

const SCREEN_PX = { width: 800, height: 4_000 }
const ROW_PX = 40

const waiting: (() => void)[] = []

/** What a browser does before it paints: tells who asked for sizes. Once after the first drawing. */
export function layOut(): void {
  // The screen first; then the rows that came with it.
  while (waiting.length > 0)
    act(() => {
      for (const tell of waiting.splice(0)) tell()
    })
}

class LaidOut implements ResizeObserver {
  readonly #tell: ResizeObserverCallback
  readonly #observed = new Set<Element>()

  constructor(tell: ResizeObserverCallback) {
    this.#tell = tell
  }

  observe(target: Element): void {
    this.#observed.add(target)
    const contentRect = {
      ...SCREEN_PX,
      ...(target.matches('[data-index]') && { height: ROW_PX }),
    } as DOMRectReadOnly
    const sizes = [{ inlineSize: contentRect.width, blockSize: contentRect.height }]
    const of = { borderBoxSize: sizes, contentBoxSize: sizes, devicePixelContentBoxSize: sizes }
    waiting.push(() => {
      if (this.#observed.has(target)) this.#tell([{ target, contentRect, ...of }], this)
    })
  }

  unobserve(target: Element): void {
    this.#observed.delete(target)
  }

  disconnect(): void {
    this.#observed.clear()
  }
}

globalThis.ResizeObserver = LaidOut
window.ResizeObserver = LaidOut
Object.defineProperty(HTMLElement.prototype, 'offsetParent', { get: () => document.body })
