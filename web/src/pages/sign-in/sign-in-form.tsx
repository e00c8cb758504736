import type { ChatErrorKind } from '@bedside/core'
import { type Strings, useText } from '@bedside/react'
import { type FormEvent, useRef, useState } from 'react'
import { EmailField, emailProblem } from '../../form/email-field.tsx'
import { PasswordField } from '../../form/password-field.tsx'
import { ProblemSummary } from '../../form/problem-summary.tsx'
import type { SignIn } from './use-sign-in.ts'

interface Problems {
  email?: string | undefined
  password?: string | undefined
}

export function SignInForm({ signIn }: { signIn: SignIn }) {
  const { strings } = useText()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [problems, setProblems] = useState<Problems>({})
  const emailField = useRef<HTMLInputElement>(null)
  const passwordField = useRef<HTMLInputElement>(null)
  const { error } = signIn

  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    const found: Problems = {
      email: emailProblem(email, strings),
      password: password === '' ? strings.signIn.passwordMissing : undefined,
    }
    setProblems(found)
    if (found.email) emailField.current?.focus()
    else if (found.password) passwordField.current?.focus()
    else void signIn.submit(email.trim(), password)
  }

  return (
    <form noValidate className="mt-5 grid gap-5" onSubmit={onSubmit}>
      {error !== null && (
        <ProblemSummary title={strings.signIn.failed}>{signInErrorText(error.kind, strings)}</ProblemSummary>
      )}
      <EmailField value={email} onChange={setEmail} problem={problems.email} field={emailField} />
      <PasswordField
        id="password"
        label={strings.signIn.password}
        value={password}
        onChange={setPassword}
        autoComplete="current-password"
        problem={problems.password}
        field={passwordField}
      />
      <button
        type="submit"
        className="bs-button min-h-13 w-full text-lg"
        data-tone="accent"
        aria-disabled={signIn.isBusy}
      >
        {signIn.isBusy ? strings.signIn.submitting : strings.signIn.submit}
      </button>
    </form>
  )
}

export function signInErrorText(kind: ChatErrorKind, strings: Strings): string {
  const { errors } = strings.signIn
  switch (kind) {
    case 'credentials-refused':
    case 'offline':
    case 'unavailable':
    case 'rate-limited':
      return errors[kind]
    default:
      return errors.other
  }
}
