import { useText } from '@bedside/react'
import { Eye, EyeOff } from 'lucide-react'
import { type RefObject, useState } from 'react'
import { Field, problemId } from './field.tsx'

export interface PasswordFieldProps {
  id: string
  label: string
  value: string
  onChange(value: string): void
  /** For password managers. */
  autoComplete: 'current-password' | 'new-password'
  problem: string | undefined
  field: RefObject<HTMLInputElement | null>
  /** The id of what is said about it beforehand. */
  describedBy?: string
}

export function PasswordField(props: PasswordFieldProps) {
  const { id, label, value, problem } = props
  const { strings } = useText()
  const [isShown, setIsShown] = useState(false)
  return (
    <Field label={label} id={id} problem={problem}>
      <div className="relative" dir="ltr">
        <input
          ref={props.field}
          id={id}
          name={id}
          type={isShown ? 'text' : 'password'}
          autoComplete={props.autoComplete}
          autoCapitalize="none"
          spellCheck={false}
          dir="ltr"
          value={value}
          aria-invalid={problem !== undefined}
          aria-describedby={`${props.describedBy ?? ''} ${problemId(id)}`.trim()}
          onChange={event => props.onChange(event.target.value)}
          className="field pe-13"
        />
        <button
          type="button"
          aria-pressed={isShown}
          aria-label={isShown ? strings.signIn.hidePassword : strings.signIn.showPassword}
          onClick={() => setIsShown(!isShown)}
          className="absolute end-1 top-1 grid size-11 cursor-pointer place-items-center rounded-lg text-muted hover:text-ink"
        >
          {isShown ? <EyeOff aria-hidden className="size-5.5" /> : <Eye aria-hidden className="size-5.5" />}
        </button>
      </div>
    </Field>
  )
}
