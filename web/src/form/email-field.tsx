import { type Strings, useText } from '@bedside/react'
import type { RefObject } from 'react'
import { Field, problemId } from './field.tsx'

export interface EmailFieldProps {
  value: string
  onChange(value: string): void
  problem: string | undefined
  field: RefObject<HTMLInputElement | null>
}

export function EmailField({ value, onChange, problem, field }: EmailFieldProps) {
  const { strings } = useText()
  return (
    <Field label={strings.signIn.email} id="email" problem={problem}>
      <input
        ref={field}
        id="email"
        name="email"
        type="email"
        inputMode="email"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        dir="ltr"
        value={value}
        aria-invalid={problem !== undefined}
        aria-describedby={problemId('email')}
        onChange={event => onChange(event.target.value)}
        className="field"
      />
    </Field>
  )
}

/** Only what can be told without the server. */
export function emailProblem(email: string, strings: Strings): string | undefined {
  if (email.trim() === '') return strings.signIn.emailMissing
  return /^[^\s@]+@[^\s@]+$/.test(email.trim()) ? undefined : strings.signIn.emailInvalid
}
