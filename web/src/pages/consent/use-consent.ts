import type { ChatError, ChatService, Consent } from '@bedside/core'
import { useCallback, useEffect, useState } from 'react'
import { chatErrorOf } from '../../chat-error-of.ts'

export type ConsentState =
  | { is: 'loading' }
  | { is: 'failed'; error: ChatError }
  | { is: 'ready'; consent: Consent; isSaving: boolean; error: ChatError | null }

export interface ConsentActions {
  state: ConsentState
  reload(): void
  /** Resolves to whether it is agreed to; if not, the state says why. */
  agree(locale: string): Promise<boolean>
}

/** What the clinic asks to be agreed to. */
export function useConsent(chat: ChatService): ConsentActions {
  const [state, setState] = useState<ConsentState>({ is: 'loading' })
  const [asked, setAsked] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: asking again is the reason to load again.
  useEffect(() => {
    const stop = new AbortController()
    chat.consent({ signal: stop.signal }).then(
      consent => setState({ is: 'ready', consent, isSaving: false, error: null }),
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
  const agree = async (locale: string): Promise<boolean> => {
    if (state.is !== 'ready' || state.isSaving) return false
    setState({ ...state, isSaving: true, error: null })
    try {
      await chat.acceptConsent({ version: state.consent.version, locale })
      return true
    } catch (cause) {
      const error = chatErrorOf(cause)
      // Another version was published meanwhile: it has to be read first.
      const consent = error.kind === 'conflict' ? await chat.consent().catch(() => null) : null
      setState({ is: 'ready', consent: consent ?? state.consent, isSaving: false, error })
      return false
    }
  }
  return { state, reload, agree }
}
