import { ChatError, type Session } from '@bedside/core'
import { useState } from 'react'
import type { Activity } from '../../idle/activity.ts'

export interface SignIn {
  isBusy: boolean
  error: ChatError | null
  /** Never throws: the outcome is in `error`, or the session changes and the page goes away. */
  submit(email: string, password: string): Promise<void>
}

export function useSignIn(session: Session, activity: Activity): SignIn {
  const [isBusy, setIsBusy] = useState(false)
  const [error, setError] = useState<ChatError | null>(null)
  const submit = async (email: string, password: string) => {
    if (isBusy) return
    setIsBusy(true)
    activity.mark(Date.now())
    setError(null)
    try {
      await session.signIn(email, password)
    } catch (cause) {
      if (!(cause instanceof ChatError)) reportError(cause)
      setError(cause instanceof ChatError ? cause : new ChatError('unavailable', { cause }))
    } finally {
      setIsBusy(false)
    }
  }
  return { isBusy, error, submit }
}
