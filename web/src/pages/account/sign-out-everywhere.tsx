import type { ChatError, Session } from '@bedside/core'
import { useText } from '@bedside/react'
import { LogOut } from 'lucide-react'
import { useState } from 'react'
import { chatErrorOf } from '../../chat-error-of.ts'

/** Where it does not work one is still signed in, and told why. */
export function SignOutEverywhere({ session }: { session: Session }) {
  const { strings } = useText()
  const [isBusy, setIsBusy] = useState(false)
  const [error, setError] = useState<ChatError | null>(null)
  const leave = async () => {
    if (isBusy) return
    setIsBusy(true)
    setError(null)
    try {
      await session.signOutEverywhere()
    } catch (cause) {
      setError(chatErrorOf(cause))
      setIsBusy(false)
    }
  }
  return (
    <>
      <button type="button" className="bs-button mt-4" aria-disabled={isBusy} onClick={() => void leave()}>
        <LogOut aria-hidden className="icon-directional size-4.5" />
        {isBusy ? strings.account.working : strings.account.everywhere}
      </button>
      <div role="alert">
        {error !== null && (
          <div className="mt-4 rounded-xl border border-danger-line bg-danger-soft px-4 py-3">
            <p className="font-semibold text-danger">{strings.account.failed}</p>
            <p>{strings.errors[error.kind]}</p>
          </div>
        )}
      </div>
    </>
  )
}
