/**
 * However often something changes, a screen has to be drawn once a frame: the first change is told at once, and what
 * follows in the same frame is told together, with the next one.
 */

/** A hidden page has no frames, and its title still counts what is unread. */
const HIDDEN_FRAME_MS = 100

export interface PerFrame {
  changed(): void
  /** Nothing is told afterwards. */
  stop(): void
}

export function perFrame(tell: () => void): PerFrame {
  let isWaiting = false
  let isBehind = false
  let cancel = () => {}

  function begin(): void {
    isWaiting = true
    isBehind = false
    cancel = onNextFrame(() => {
      isWaiting = false
      if (isBehind) begin()
    })
    tell()
  }

  return {
    changed() {
      if (isWaiting) isBehind = true
      else begin()
    },
    stop: () => cancel(),
  }
}

function onNextFrame(run: () => void): () => void {
  const cancel = () => {
    cancelAnimationFrame(frame)
    clearTimeout(timer)
  }
  const once = () => {
    cancel()
    run()
  }
  const frame = requestAnimationFrame(once)
  const timer = setTimeout(once, HIDDEN_FRAME_MS)
  return cancel
}
