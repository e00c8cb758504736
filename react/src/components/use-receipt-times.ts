import type { Cancellable, ReceiptTimes } from '@bedside/core'
import { useEffect, useState } from 'react'

export type AskReceiptTimes = (id: string, options: Cancellable) => Promise<readonly ReceiptTimes[]>

/**
 * When each person received and read a message, by their id, asked for while the component is on the screen. Nobody is in
 * it until that is answered, nor where it cannot be: what is known without it stands.
 * @param progress how far the message has come: with another one there are other times to ask for.
 */
export function useReceiptTimes(
  id: string,
  progress: string,
  ask: AskReceiptTimes | undefined,
): ReadonlyMap<string, ReceiptTimes> {
  const [times, setTimes] = useState<ReadonlyMap<string, ReceiptTimes>>(new Map())
  // biome-ignore lint/correctness/useExhaustiveDependencies: another progress is a reason to ask again.
  useEffect(() => {
    if (!ask) return
    const wanted = new AbortController()
    ask(id, { signal: wanted.signal }).then(
      answer => {
        if (!wanted.signal.aborted) setTimes(new Map(answer.map(each => [each.userId, each])))
      },
      () => {},
    )
    return () => wanted.abort()
  }, [id, progress, ask])
  return times
}
