/**
 * Looks now and then at a slot from outside, where its stream cannot see: whether PostgreSQL still sends from it, and
 * how much of the log it keeps. A connection can look alive long after its other end is gone.
 */

import { errorCode } from '../database-config.ts'
import type { RealtimeLog } from '../log.ts'

/** A slot as PostgreSQL has it. */
export interface SlotState {
  /** Somebody streams from it. */
  readonly isActive: boolean
  /** Where it was acknowledged up to, as PostgreSQL writes a position. */
  readonly confirmed: string | null
  /** Bytes of log that are kept for it. */
  readonly keptBytes: number
  /** More than so many are given up, and the slot with them; null: there is no such bound. */
  readonly maxKeptBytes: number | null
}

export type SlotVerdict = 'well' | 'behind' | 'stuck' | 'abandoned'

/**
 * What is to be thought of a slot whose stream looks alive. `behind`: half of what may be kept is kept, though it
 * moves on; `stuck`: the same, and it has not moved since `before`; `abandoned`: nobody streams from it.
 */
export function judgeSlot(before: SlotState | null, now: SlotState | null): SlotVerdict {
  if (!now?.isActive) return 'abandoned'
  if (now.maxKeptBytes === null || now.keptBytes < now.maxKeptBytes / 2) return 'well'
  return now.confirmed === before?.confirmed ? 'stuck' : 'behind'
}

export interface SlotWatchOptions<Stream> {
  readonly everyMs: number
  /** null: there is no such slot. */
  read(): Promise<SlotState | null>
  /** The stream that looks alive and is being read; null: there is none to doubt. */
  stream(): Stream | null
  /** The stream is not what it looks like. */
  onDead(stream: Stream): void
  readonly log: RealtimeLog
}

/** Returns how to stop it. */
export function watchSlot<Stream>(options: SlotWatchOptions<Stream>): () => void {
  const { everyMs, read, stream, onDead, log } = options
  let before: SlotState | null = null
  let isLooking = false

  async function look(): Promise<void> {
    const watched = stream()
    if (watched === null) {
      before = null
      return
    }
    const now = await read()
    // Another one by now, or none: what was read is not about it.
    if (stream() !== watched) return
    const verdict = judgeSlot(before, now)
    before = now
    if (verdict === 'well') return
    log({ level: 'warn', event: `slot-${verdict}`, ...(now && { detail: now.keptBytes }) })
    if (verdict === 'behind') return
    before = null
    onDead(watched)
  }

  const timer = setInterval(async () => {
    if (isLooking) return
    isLooking = true
    try {
      await look()
    } catch (error) {
      log({ level: 'warn', event: 'slot-watch-failed', detail: errorCode(error) })
    } finally {
      isLooking = false
    }
  }, everyMs)
  timer.unref()
  return () => clearInterval(timer)
}
