/**
 * Where the reader is in a list that grows at both ends, and of which only what is near the screen is there.
 *
 *   opening:   where to begin is not known yet (a page of an earlier visit, unread messages that are still fetched): the
 *              end is shown, and nothing counts as seen. Whoever scrolls begins where they are.
 *   following: at the end, and stays there as messages come.
 *   reading:   somewhere above; nothing that arrives, above or below, may move the line under the reader's eyes.
 *   going:     on the way to a row. What is far away has no size yet, and each that gets one moves the others: on a slow
 *              device that takes many frames, and until then the place is nobody's. Whoever scrolls ends it, also by
 *              means that no event tells of: a screen reader's gesture, a thrown list that still rolls.
 *
 * The place is remembered as one message (its seq) and its distance from the top edge, so that it survives rows being
 * added, merged or measured again. What must never happen: a jump while somebody reads, or "read" said of a message
 * that was never on the screen.
 */
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { VirtualizerHandle } from 'virtua'

const END_TOLERANCE_PX = 48
/** So many screens before the start of what is loaded: nobody should come to a stop there. */
const OLDER_WITHIN_SCREENS = 4
/** This much of a message on the screen counts as seen. */
const SEEN_PX = 64
/** A row is where it belongs once it has been there for so many frames. */
const STILL_FRAMES = 3
/** After so many one stays where one has come to. */
const MOST_FRAMES = 300
/** Moved away in so many frames running: somebody scrolls. The list library puts right what it deferred in one. */
const PULLED_FRAMES = 3

/** A message that is on the screen, and how far its top is below the upper edge. */
interface Place {
  seq: string
  top: number
}

/** The reader's, and where the list was scrolled to then. */
interface Anchor extends Place {
  scrollTop: number
}

/** A row on the way to its place, `top` below the upper edge. */
interface Goal {
  key: string
  top: number
  frames: number
  stillFrames: number
  pulledFrames: number
  /** Where the last step left the list and the row, from the list's start. */
  left: { scrollTop: number; row: number }
  onArrived(row: Element | null): void
}

export interface ReadingPosition {
  isFollowing: boolean
  goToEnd(): void
  /** `top`: how far below the upper edge. */
  goToItem(index: number, top?: number, onArrived?: (row: Element | null) => void): void
  /** To be called when rows have got their sizes. */
  settle(): void
}

export interface ReadingPositionOptions {
  /** The scrolling element; the list is the first thing in it, and messages carry `data-seq`. */
  container: RefObject<HTMLElement | null>
  list: RefObject<VirtualizerHandle | null>
  items: readonly { key: string }[]
  /** The row of a message, by its seq; -1: it is not there. */
  placeOf(seq: number): number
  /** Of the unread line; -1: there is none. */
  unreadIndex: number
  isOpening: boolean
  isEmpty: boolean
  /** Everything up to this seq has been on the screen while the page was visible. */
  onSeen(seq: number): void
  /** The reader comes near the start of what is loaded. */
  onNearStart(): void
}

export function useReadingPosition(options: ReadingPositionOptions): ReadingPosition {
  const { container, list, items, placeOf, unreadIndex, isOpening, isEmpty, onSeen, onNearStart } = options
  const [isFollowing, setIsFollowing] = useState(true)
  const [isGoing, setIsGoing] = useState(false)
  const following = useRef(true)
  const anchor = useRef<Anchor | null>(null)
  const goal = useRef<Goal | null>(null)
  // Observers are late: one may still call what was made for the list before this one.
  const latestItems = useRef(items)
  useLayoutEffect(() => {
    latestItems.current = items
  }, [items])
  const isPlaced = useRef(false)
  const lastTop = useRef(0)

  const look = useCallback(() => {
    const box = container.current
    if (box === null || !isPlaced.current || goal.current !== null) return
    const isAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight <= END_TOLERANCE_PX
    // Rows turn out taller than they were thought to be: only who goes back up stops following.
    following.current = isAtEnd || (following.current && box.scrollTop >= lastTop.current)
    lastTop.current = box.scrollTop
    setIsFollowing(following.current)
    const place = following.current ? null : (keptPlace(box, anchor.current) ?? firstPlace(box))
    anchor.current = place && { ...place, scrollTop: box.scrollTop }
    const seen = lastVisibleSeq(box)
    if (seen !== null && document.visibilityState === 'visible') onSeen(seen)
  }, [container, onSeen])

  const stopGoing = useCallback(() => {
    goal.current = null
    setIsGoing(false)
  }, [])

  /** One step towards the goal, from where the rows are now. */
  const approach = useCallback(() => {
    const box = container.current
    const { current: going } = goal
    if (box === null || going === null) return
    const { index, row, offset } = rowOf(going.key, latestItems.current, box, list.current)
    const before = box.scrollTop
    box.scrollTop = Math.max(0, offset - going.top)
    going.left = { scrollTop: box.scrollTop, row: offset }
    // Hidden until it has its size.
    const isThere = row !== null && row.style.visibility !== 'hidden' && placeIn(box, row) !== null
    if (!isThere || Math.abs(box.scrollTop - before) >= 1) going.stillFrames = 0
    if (index >= 0 && going.stillFrames < STILL_FRAMES && going.frames < MOST_FRAMES) return
    stopGoing()
    look()
    going.onArrived(row)
  }, [container, list, look, stopGoing])

  const isPulled = useCallback(() => {
    const box = container.current
    const { current: going } = goal
    if (box === null || going === null) return false
    const { offset } = rowOf(going.key, latestItems.current, box, list.current)
    const isAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 1
    const isElsewhere = Math.abs(box.scrollTop - going.left.scrollTop) >= 1
    // What got its size moved the row as well, and a list that became shorter ends sooner.
    return isElsewhere && Math.abs(offset - going.left.row) < 1 && !isAtEnd
  }, [container, list])

  const goToItem = useCallback(
    (index: number, top = SEEN_PX, onArrived: Goal['onArrived'] = () => {}) => {
      const key = latestItems.current[index]?.key
      following.current = false
      anchor.current = null
      if (key === undefined) return look()
      const left = { scrollTop: Number.NaN, row: Number.NaN }
      goal.current = { key, top, frames: 0, stillFrames: 0, pulledFrames: 0, left, onArrived }
      setIsGoing(true)
      approach()
    },
    [approach, look],
  )

  const settle = useCallback(() => {
    const box = container.current
    if (box === null) return
    if (!isPlaced.current && !isOpening) {
      isPlaced.current = true
      if (unreadIndex >= 0) return goToItem(unreadIndex)
    }
    if (goal.current !== null) return approach()
    if (following.current) box.scrollTop = box.scrollHeight
    else if (anchor.current !== null) {
      const { seq, top, scrollTop } = anchor.current
      const row = box.querySelector(`[data-seq="${seq}"]`)
      if (row !== null) {
        const moved = offsetIn(box, row) - top
        if (Math.abs(moved) >= 1) box.scrollTop += moved
      } else if (box.scrollTop === scrollTop) {
        // So much came at once that the row is not in the page any more. Had it moved, the reader would be on the way.
        return goToItem(placeOf(Number(seq)), top)
      }
    }
    look()
  }, [container, isOpening, unreadIndex, placeOf, goToItem, approach, look])

  useEffect(() => {
    if (!isGoing) return
    const step = () => {
      frame = requestAnimationFrame(step)
      if (goal.current === null) return
      goal.current.frames++
      goal.current.stillFrames++
      goal.current.pulledFrames = isPulled() ? goal.current.pulledFrames + 1 : 0
      if (goal.current.pulledFrames < PULLED_FRAMES) return approach()
      stopGoing()
      look()
    }
    let frame = requestAnimationFrame(step)
    return () => cancelAnimationFrame(frame)
  }, [isGoing, approach, isPulled, stopGoing, look])

  // After every render: whatever changed, the reader stays where they are.
  useLayoutEffect(settle)

  useEffect(() => {
    const box = container.current
    const inner = box?.firstElementChild
    if (!box || !inner || isEmpty) return
    const onScroll = () => {
      look()
      if (isPlaced.current && box.scrollTop < OLDER_WITHIN_SCREENS * box.clientHeight) onNearStart()
    }
    const begin = () => {
      isPlaced.current = true
      stopGoing()
    }
    const sizes = new ResizeObserver(settle)
    sizes.observe(box)
    sizes.observe(inner)
    box.addEventListener('scroll', onScroll, { passive: true })
    // By now the browser has scrolled to what takes the focus, and what is drawn next must know.
    box.addEventListener('focusin', look)
    for (const intent of ['wheel', 'touchmove', 'keydown', 'pointerdown'] as const)
      box.addEventListener(intent, begin, { passive: true })
    document.addEventListener('visibilitychange', look)
    return () => {
      sizes.disconnect()
      box.removeEventListener('scroll', onScroll)
      box.removeEventListener('focusin', look)
      for (const intent of ['wheel', 'touchmove', 'keydown', 'pointerdown'] as const)
        box.removeEventListener(intent, begin)
      document.removeEventListener('visibilitychange', look)
    }
  }, [container, isEmpty, look, settle, stopGoing, onNearStart])

  const goToEnd = useCallback(() => {
    isPlaced.current = true
    stopGoing()
    following.current = true
    anchor.current = null
    settle()
  }, [settle, stopGoing])

  return { isFollowing, goToEnd, goToItem, settle }
}

/** A row, and where it begins, from the list's start; what is not in the page begins where the list thinks it does. */
function rowOf(
  key: string,
  items: readonly { key: string }[],
  box: Element,
  list: VirtualizerHandle | null,
): { index: number; row: HTMLElement | null; offset: number } {
  const index = items.findIndex(item => item.key === key)
  const row = box.querySelector<HTMLElement>(`[data-index="${index}"]`)
  const offset = row === null ? (list?.getItemOffset(index) ?? 0) : box.scrollTop + offsetIn(box, row)
  return { index, row, offset }
}

function offsetIn(box: Element, element: Element): number {
  return element.getBoundingClientRect().top - box.getBoundingClientRect().top
}

/** A row that was chosen once is kept as long as it is on the screen: one that has just come may not have its size yet. */
function keptPlace(box: Element, place: Place | null): Place | null {
  const row = place === null ? null : box.querySelector(`[data-seq="${place.seq}"]`)
  return row === null ? null : placeIn(box, row)
}

/** None, when a leap is ahead of the rows: one kept by a row from before it would lead back there. */
function firstPlace(box: Element): Place | null {
  for (const row of box.querySelectorAll('[data-seq]')) {
    const place = placeIn(box, row)
    if (place !== null) return place
  }
  return null
}

function placeIn(box: Element, row: Element): Place | null {
  const { top, bottom } = row.getBoundingClientRect()
  const edges = box.getBoundingClientRect()
  const isOnScreen = bottom > edges.top && top < edges.bottom
  return isOnScreen ? { seq: row.getAttribute('data-seq') ?? '', top: top - edges.top } : null
}

function lastVisibleSeq(box: Element): number | null {
  const edge = box.getBoundingClientRect().bottom
  for (const row of [...box.querySelectorAll('[data-seq]')].reverse()) {
    const { top, height } = row.getBoundingClientRect()
    if (top + Math.min(height, SEEN_PX) <= edge + 1) return Number(row.getAttribute('data-seq'))
  }
  return null
}
