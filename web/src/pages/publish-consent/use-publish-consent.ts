/**
 *   loading --> writing --look--> looking --publish--> published
 *      \--> failed   ^----goOn, or another version came---/
 *
 * Must never happen: that what was written is lost, by whatever goes wrong.
 */
import type { ChatError, ChatService, Consent } from '@bedside/core'
import { useCallback, useEffect, useState } from 'react'
import { chatErrorOf } from '../../chat-error-of.ts'
import type { Texts } from './checked-texts.ts'
import { keep, readKept } from './kept-texts.ts'

export type PublishState =
  | { is: 'loading' }
  | { is: 'failed'; error: ChatError }
  /** `isReplaced`: another one was published since this was begun. `isBack`: one came back to it. */
  | { is: 'writing'; inForce: Consent; texts: Texts; isReplaced: boolean; isBack: boolean }
  | { is: 'looking'; inForce: Consent; texts: Texts; isSaving: boolean; error: ChatError | null }
  | { is: 'published'; consent: Consent }

export interface PublishConsent {
  state: PublishState
  reload(): void
  write(locale: string, text: string): void
  /** Back to the text in force. */
  startAgain(): void
  look(texts: Texts): void
  goOn(): void
  publish(): Promise<void>
}

export function usePublishConsent(chat: ChatService, userId: string): PublishConsent {
  const [state, setState] = useState<PublishState>({ is: 'loading' })
  const [asked, setAsked] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: asking again is the reason to load again.
  useEffect(() => {
    const stop = new AbortController()
    chat.consent({ signal: stop.signal }).then(
      inForce => {
        const kept = readKept(userId)
        const isReplaced = kept !== null && kept.version !== inForce.version
        const texts = kept?.texts ?? inForce.texts
        setState({ is: 'writing', inForce, texts, isReplaced, isBack: false })
      },
      (cause: unknown) => {
        if (!stop.signal.aborted) setState({ is: 'failed', error: chatErrorOf(cause) })
      },
    )
    return () => stop.abort()
  }, [chat, userId, asked])

  const reload = useCallback(() => {
    setState({ is: 'loading' })
    setAsked(n => n + 1)
  }, [])

  return {
    state,
    reload,
    write(locale, text) {
      if (state.is !== 'writing') return
      const texts = { ...state.texts, [locale]: text }
      keep(userId, { version: state.inForce.version, texts })
      setState({ ...state, texts })
    },
    startAgain() {
      if (state.is !== 'writing') return
      keep(userId, null)
      setState({ ...state, texts: state.inForce.texts, isReplaced: false })
    },
    look(texts) {
      if (state.is === 'writing')
        setState({ is: 'looking', inForce: state.inForce, texts, isSaving: false, error: null })
    },
    goOn() {
      if (state.is !== 'looking' || state.isSaving) return
      const { inForce, texts } = state
      setState({ is: 'writing', inForce, texts, isReplaced: false, isBack: true })
    },
    async publish() {
      if (state.is !== 'looking' || state.isSaving) return
      const { texts } = state
      setState({ ...state, isSaving: true, error: null })
      try {
        // The server takes what comes: who else is writing one is seen here, or not at all.
        const inForce = await chat.consent()
        if (inForce.version !== state.inForce.version) {
          keep(userId, { version: inForce.version, texts })
          setState({ is: 'writing', inForce, texts, isReplaced: true, isBack: true })
          return
        }
        const consent = await chat.publishConsent({ ...texts })
        keep(userId, null)
        setState({ is: 'published', consent })
      } catch (cause) {
        setState({ ...state, isSaving: false, error: chatErrorOf(cause) })
      }
    },
  }
}
