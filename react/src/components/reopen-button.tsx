import { LockOpen } from 'lucide-react'
import { useState } from 'react'
import { useText } from '../strings/strings-provider.tsx'
import { changeErrorText } from './change-error-text.ts'

/** For clinicians, in a chat that is closed: writing begins again with the answer. `onReopen` rejects with a `ChatError`. */
export function ReopenButton({ onReopen }: { onReopen(): Promise<unknown> }) {
  const { strings } = useText()
  const [isReopening, setIsReopening] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const reopen = async () => {
    if (isReopening) return
    setIsReopening(true)
    setProblem(null)
    try {
      await onReopen()
    } catch (error) {
      setProblem(changeErrorText(error, strings))
    } finally {
      setIsReopening(false)
    }
  }
  return (
    <>
      <button type="button" className="bs-button" data-tone="accent" onClick={() => void reopen()}>
        <LockOpen aria-hidden className="bs-icon-sm" />
        {isReopening ? strings.closed.reopening : strings.closed.reopen}
      </button>
      <p className="bs-problem" role="alert">
        {problem}
      </p>
    </>
  )
}
