import type { ChatError, ChatService, OutOfOffice } from '@bedside/core'
import { useCallback, useEffect, useState } from 'react'
import { chatErrorOf } from '../../chat-error-of.ts'

export type OutOfOfficeState =
  | { is: 'loading' }
  | { is: 'failed'; error: ChatError }
  /** null: nothing is set. */
  | { is: 'ready'; absence: OutOfOffice | null }

export interface OutOfOfficeActions {
  state: OutOfOfficeState
  reload(): void
  /** Resolves to why it was not done; null: it was. */
  save(absence: Parameters<ChatService['setOutOfOffice']>[0]): Promise<ChatError | null>
  clear(): Promise<ChatError | null>
}

/** When this doctor is away, as far as it is not over. */
export function useOutOfOffice(chat: ChatService): OutOfOfficeActions {
  const [state, setState] = useState<OutOfOfficeState>({ is: 'loading' })
  const [asked, setAsked] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: asking again is the reason to load again.
  useEffect(() => {
    const stop = new AbortController()
    chat.outOfOffice({ signal: stop.signal }).then(
      absence => setState({ is: 'ready', absence }),
      (cause: unknown) => {
        if (!stop.signal.aborted) setState({ is: 'failed', error: chatErrorOf(cause) })
      },
    )
    return () => stop.abort()
  }, [chat, asked])
  const reload = useCallback(() => {
    setState({ is: 'loading' })
    setAsked(n => n + 1)
  }, [])
  const done = async (doing: Promise<OutOfOffice | null>): Promise<ChatError | null> => {
    try {
      setState({ is: 'ready', absence: await doing })
      return null
    } catch (cause) {
      return chatErrorOf(cause)
    }
  }
  return {
    state,
    reload,
    save: absence => done(chat.setOutOfOffice(absence)),
    clear: () => done(chat.clearOutOfOffice().then(() => null)),
  }
}
