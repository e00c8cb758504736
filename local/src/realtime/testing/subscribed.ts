/** What becomes of a subscription of supabase-js. */

import type { RealtimeChannel } from '@supabase/supabase-js'

/** The first status, with the reason if it is an error. */
export function subscribed(channel: RealtimeChannel): Promise<string> {
  return new Promise(resolve => {
    channel.subscribe((status, error) => resolve(error ? `${status}: ${error.message}` : status))
  })
}

/** Subscribes and returns the list that its statuses are added to. */
export function statusesOf(channel: RealtimeChannel): string[] {
  const statuses: string[] = []
  channel.subscribe(status => statuses.push(status))
  return statuses
}
