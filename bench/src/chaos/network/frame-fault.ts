/**
 * What happens to whole WebSocket messages of the server. TCP neither doubles nor reorders: a proxy or a server that
 * delivers a message twice, or two in the wrong order, does so between whole frames.
 */
import { isWholeMessage } from './frames.ts'

export type FrameFault = 'none' | 'doubled' | 'swapped'

const SWAP_WAIT_MS = 250

export interface FrameDesk {
  put(frame: Buffer): void
}

export function createFrameDesk(
  send: (frame: Buffer) => void,
  conditions: { readonly frames: FrameFault; random(): number; happened(): void },
): FrameDesk {
  let kept: Buffer | null = null
  let timer: NodeJS.Timeout | undefined

  function release(): void {
    clearTimeout(timer)
    const frame = kept
    kept = null
    if (frame) send(frame)
  }

  return {
    put(frame) {
      if (kept !== null) {
        send(frame)
        release()
        return
      }
      const isHit = isWholeMessage(frame) && conditions.frames !== 'none' && conditions.random() < 0.5
      if (isHit) conditions.happened()
      if (isHit && conditions.frames === 'swapped') {
        kept = frame
        timer = setTimeout(release, SWAP_WAIT_MS)
        return
      }
      send(frame)
      if (isHit) send(frame)
    },
  }
}
