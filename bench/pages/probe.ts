/** Put into a page before its own scripts: `window.probe` looks at what is shown while it is scrolled. */
export interface Scrolled {
  /** Milliseconds from frame to frame. */
  frames: number[]
  /** The most elements that were in the page. */
  nodes: number
  /** In how many frames the middle of the screen showed no row. */
  blank: number
  /** In how many frames it could not go on because nothing older was there yet. */
  stopped: number
}

const scroller = () => {
  const box = document.querySelector('.bs-scroller')
  if (box === null) throw new Error('There is no list.')
  return box
}

const probe = {
  /** When a message was first painted, by the page's clock. */
  firstMessageAt: new Promise<number>(resolve => {
    const watch = new MutationObserver(() => {
      if (document.querySelector('.bs-scroller [data-seq]') === null) return
      watch.disconnect()
      requestAnimationFrame(() => setTimeout(() => resolve(performance.now())))
    })
    watch.observe(document, { childList: true, subtree: true })
  }),

  /** Towards the start, `step` pixels a frame, for so many frames or until the message is on the screen. */
  async scroll(step: number, until: { frames: number } | { seq: number; atMost: number }): Promise<Scrolled> {
    const box = scroller()
    const all = document.getElementsByTagName('*')
    const seen: Scrolled = { frames: [], nodes: 0, blank: 0, stopped: 0 }
    let last = await new Promise(requestAnimationFrame)
    const most = 'frames' in until ? until.frames : until.atMost
    while (seen.frames.length < most) {
      if ('seq' in until && isShown(box, until.seq)) break
      if (step > 0 && box.scrollTop <= 0) seen.stopped++
      box.scrollTop -= step
      const now = await new Promise<number>(requestAnimationFrame)
      seen.frames.push(now - last)
      last = now
      // After the frame was painted, when asking costs no layout.
      await new Promise(resolve => setTimeout(resolve))
      seen.nodes = Math.max(seen.nodes, all.length)
      if (isBlank(box)) seen.blank++
    }
    return seen
  },

  /** The first message that is wholly on the screen and how far it is from the upper edge. */
  read(): { seq: number; top: number } {
    const edge = scroller().getBoundingClientRect().top
    for (const row of scroller().querySelectorAll('[data-seq]')) {
      const { top } = row.getBoundingClientRect()
      if (top >= edge) return { seq: Number(row.getAttribute('data-seq')), top: top - edge }
    }
    throw new Error('No message is on the screen.')
  },

  /** How far a message is from the upper edge; null: it is not in the page. */
  topOf(seq: number): number | null {
    const row = scroller().querySelector(`[data-seq="${seq}"]`)
    return row && row.getBoundingClientRect().top - scroller().getBoundingClientRect().top
  },

  height: () => scroller().scrollHeight,
}

function isBlank(box: Element): boolean {
  const { left, top, width, height } = box.getBoundingClientRect()
  const [x, y] = [left + width / 2, top + height / 2]
  if (document.elementFromPoint(x, y)?.closest('.bs-item')) return false
  // A list may hide itself from the pointer while it is scrolled.
  return ![...box.querySelectorAll('.bs-item')].some(row => {
    const { top, bottom } = row.getBoundingClientRect()
    return top <= y && bottom >= y
  })
}

function isShown(box: Element, seq: number): boolean {
  const row = box.querySelector(`[data-seq="${seq}"]`)
  return row !== null && row.getBoundingClientRect().bottom > box.getBoundingClientRect().top
}

declare global {
  interface Window {
    probe: typeof probe
  }
}
window.probe = probe
