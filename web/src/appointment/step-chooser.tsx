import { takeFocus } from '@bedside/react'
import { type ReactNode, useRef, useState } from 'react'
import { ConsequenceQuestion } from './consequence-question.tsx'

export interface StepChooserProps<Step extends string> {
  title: string
  /** The likeliest first; none: nothing is shown. */
  steps: readonly Step[]
  words: {
    labels: Record<Step, string>
    consequences: Record<Step, string>
    yes: Record<Step, string>
  }
  /** Steps that end something. */
  dangerous: readonly Step[]
  take(step: Step): Promise<unknown>
  /** Where the focus goes on then; else it is the title. */
  onTaken?: (() => void) | undefined
  /** What else is asked before a step. */
  fields?(step: Step): ReactNode
}

/** `left`: asked about, and gone back from. */
type Stage<Step> = { is: 'offered' } | { is: 'asked' | 'left'; step: Step }

/** Steps that a person may take; each says what it does before it is taken. */
export function StepChooser<Step extends string>(props: StepChooserProps<Step>) {
  const { title, steps, words, dangerous, take, onTaken, fields } = props
  const heading = useRef<HTMLHeadingElement>(null)
  const [stage, setStage] = useState<Stage<Step>>({ is: 'offered' })
  if (steps.length === 0) return null
  const end = (step: Step, isTaken: boolean) => {
    setStage(isTaken ? { is: 'offered' } : { is: 'left', step })
    if (!isTaken) return
    if (onTaken) onTaken()
    else heading.current?.focus()
  }
  return (
    <section>
      <h3 ref={heading} tabIndex={-1} className="mb-3 w-fit text-[0.9375rem] text-muted">
        {title}
      </h3>
      {stage.is === 'asked' && steps.includes(stage.step) ? (
        <ConsequenceQuestion
          key={stage.step}
          consequence={words.consequences[stage.step]}
          yes={words.yes[stage.step]}
          isDanger={dangerous.includes(stage.step)}
          onYes={() => take(stage.step)}
          onEnd={isTaken => end(stage.step, isTaken)}
        >
          {fields?.(stage.step)}
        </ConsequenceQuestion>
      ) : (
        <div className="flex flex-wrap gap-2">
          {steps.map((step, place) => (
            <button
              key={step}
              ref={stage.is === 'left' && stage.step === step ? takeFocus : null}
              type="button"
              className="bs-button"
              data-tone={place === 0 && !dangerous.includes(step) ? 'accent' : undefined}
              onClick={() => setStage({ is: 'asked', step })}
            >
              {words.labels[step]}
            </button>
          ))}
        </div>
      )}
    </section>
  )
}
