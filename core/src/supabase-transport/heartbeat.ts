/**
 * A socket that does not answer is dead, whatever it says of itself: a connection that was forgotten on the way has no
 * end. realtime-js would wait for as long again as between two heartbeats, and tell everybody "live" meanwhile.
 */
import type { RealtimeClient } from '@supabase/supabase-js'
import type { Env } from '../env.ts'
import type { SocketWatch } from './socket.ts'

export const HEARTBEAT_MS = 10_000
export const ANSWER_WITHIN_MS = 5_000

/** Returns its undo. */
export function watchHeartbeat(
  env: Env,
  realtime: Pick<RealtimeClient, 'onHeartbeat'>,
  watch: Pick<SocketWatch, 'onChange'>,
  onSilence: () => void,
): () => void {
  let clearTimer = () => {}
  const forget = () => {
    clearTimer()
    clearTimer = () => {}
  }
  realtime.onHeartbeat(status => {
    forget()
    if (status === 'sent') clearTimer = env.setTimer(onSilence, ANSWER_WITHIN_MS)
  })
  // Another socket owes no answer to what the one before was asked.
  const unwatch = watch.onChange(forget)
  return () => {
    unwatch()
    forget()
  }
}
