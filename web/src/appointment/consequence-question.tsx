import { ChatError } from '@bedside/core'
import { useText } from '@bedside/react'
import { type ReactNode, useEffect, useId, useRef, useState } from 'react'

export interface ConsequenceQuestionProps {
  /** What happens then, to whom. */
  consequence: string
  yes: string
  isDanger?: boolean
  /** Rejects with a `ChatError`: it is said, and can be tried again. */
  onYes(): Promise<unknown>
  /** Done, or left; what has the focus goes. */
  onEnd(isTaken: boolean): void
  /** Fields that belong to it. */
  children?: ReactNode
}

/** Says what a step does before it is taken. It has the focus while it stands there, so that nobody misses it. */
export function ConsequenceQuestion(props: ConsequenceQuestionProps) {
  const { consequence, yes, isDanger = false, onYes, onEnd, children } = props
  const { strings } = useText()
  const id = useId()
  const text = useRef<HTMLParagraphElement>(null)
  const [isTaking, setIsTaking] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  useEffect(() => text.current?.focus(), [])

  const take = async () => {
    setIsTaking(true)
    setProblem(null)
    try {
      await onYes()
      onEnd(true)
    } catch (error) {
      setProblem(error instanceof ChatError ? strings.errors[error.kind] : strings.errors.protocol)
      setIsTaking(false)
    }
  }

  return (
    <form
      className="grid gap-3"
      onSubmit={event => {
        event.preventDefault()
        if (!isTaking) void take()
      }}
    >
      <p ref={text} id={id} tabIndex={-1}>
        {consequence}
      </p>
      {children}
      <div className="flex flex-wrap gap-2">
        <button
          type="submit"
          className="bs-button"
          data-tone={isDanger ? 'danger' : 'accent'}
          aria-describedby={id}
        >
          {isTaking ? strings.steps.taking : yes}
        </button>
        <button type="button" className="bs-button" onClick={() => onEnd(false)}>
          {strings.steps.no}
        </button>
      </div>
      <p role="alert" className="font-semibold text-danger empty:hidden">
        {problem}
      </p>
    </form>
  )
}
