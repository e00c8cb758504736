/**
 * Where the reader is in a list that grows at both ends.
 *
 *   following: at the end, and stays there as messages come.
 *   reading:   somewhere above; nothing that arrives, above or below, may move the line under the reader's eyes.
 *
 * The place is remembered as one message (its seq) and its distance from the top edge, so that it survives rows being
 * added, merged or measured again. What must never happen: a jump while somebody reads, or "read" said of a message
 * that was never on the screen.
 */
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'

const END_TOLERANCE_PX = 48
const OLDER_WITHIN_PX = 600
/** This much of a message on the screen counts as seen. */
const SEEN_PX = 64

export interface ReadingPosition {
  isFollowing: boolean
  goToEnd(): void
}

export interface ReadingPositionOptions {
  /** The scrolling element; its descendants carry `data-seq`, and the unread line `data-unread-line`. */
  container: RefObject<HTMLElement | null>
  content: RefObject<HTMLElement | null>
  /** Everything up to this seq has been on the screen while the page was visible. */
  onSeen(seq: number): void
  /** The reader comes near the start of what is loaded. */
  onNearStart(): void
}

export function useReadingPosition(options: ReadingPositionOptions): ReadingPosition {
  const { container, content, onSeen, onNearStart } = options
  const [isFollowing, setIsFollowing] = useState(true)
  const following = useRef(true)
  const anchor = useRef<{ seq: string; top: number } | null>(null)
  const isPlaced = useRef(false)

  const look = useCallback(() => {
    const box = container.current
    if (box === null) return
    following.current = box.scrollHeight - box.scrollTop - box.clientHeight <= END_TOLERANCE_PX
    setIsFollowing(following.current)
    anchor.current = following.current ? null : firstVisible(box)
    const seen = lastVisibleSeq(box)
    if (seen !== null && document.visibilityState === 'visible') onSeen(seen)
  }, [container, onSeen])

  const settle = useCallback(() => {
    const box = container.current
    if (box === null) return
    if (!isPlaced.current) {
      isPlaced.current = true
      const line = box.querySelector('[data-unread-line]')
      box.scrollTop = line === null ? box.scrollHeight : offsetIn(box, line) + box.scrollTop - SEEN_PX
    } else if (following.current) {
      box.scrollTop = box.scrollHeight
    } else if (anchor.current !== null) {
      const row = box.querySelector(`[data-seq="${anchor.current.seq}"]`)
      if (row !== null) box.scrollTop += offsetIn(box, row) - anchor.current.top
    }
    look()
  }, [container, look])

  // After every render: whatever changed, the reader stays where they are.
  useLayoutEffect(settle)

  useEffect(() => {
    const box = container.current
    const inner = content.current
    if (box === null || inner === null) return
    const onScroll = () => {
      look()
      if (box.scrollTop < OLDER_WITHIN_PX) onNearStart()
    }
    const sizes = new ResizeObserver(settle)
    sizes.observe(box)
    sizes.observe(inner)
    box.addEventListener('scroll', onScroll, { passive: true })
    document.addEventListener('visibilitychange', look)
    return () => {
      sizes.disconnect()
      box.removeEventListener('scroll', onScroll)
      document.removeEventListener('visibilitychange', look)
    }
  }, [container, content, look, settle, onNearStart])

  const goToEnd = useCallback(() => {
    following.current = true
    anchor.current = null
    settle()
  }, [settle])

  return { isFollowing, goToEnd }
}

function offsetIn(box: Element, element: Element): number {
  return element.getBoundingClientRect().top - box.getBoundingClientRect().top
}

function firstVisible(box: Element): { seq: string; top: number } | null {
  const edge = box.getBoundingClientRect().top
  for (const row of box.querySelectorAll('[data-seq]')) {
    const { top, bottom } = row.getBoundingClientRect()
    if (bottom > edge) return { seq: row.getAttribute('data-seq') ?? '', top: top - edge }
  }
  return null
}

function lastVisibleSeq(box: Element): number | null {
  const edge = box.getBoundingClientRect().bottom
  for (const row of [...box.querySelectorAll('[data-seq]')].reverse()) {
    const { top, height } = row.getBoundingClientRect()
    if (top + Math.min(height, SEEN_PX) <= edge + 1) return Number(row.getAttribute('data-seq'))
  }
  return null
}
