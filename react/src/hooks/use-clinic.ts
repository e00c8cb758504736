import type { ChatService, Clinic } from '@bedside/core'
import { useEffect, useState } from 'react'
import { useConnection } from './use-connection.ts'

/** The clinic as it is now; null until it is known. Asked for again whenever the connection is back. */
export function useClinic(chat: ChatService): Clinic | null {
  const [clinic, setClinic] = useState<Clinic | null>(null)
  const isLive = useConnection(chat).is === 'live'
  // biome-ignore lint/correctness/useExhaustiveDependencies: a connection that came back is the reason to ask again.
  useEffect(() => {
    const stop = new AbortController()
    chat.clinic({ signal: stop.signal }).then(setClinic, () => {
      // What is known stays; what is not yet known has its words without it.
    })
    return () => stop.abort()
  }, [chat, isLive])
  return clinic
}
