import type { ChatErrorKind } from '@bedside/core'
import { type Strings, useText } from '@bedside/react'
import { CircleAlert, Eye, EyeOff } from 'lucide-react'
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import type { SignIn } from './use-sign-in.ts'

interface Problems {
  email?: string
  password?: string
}

export function SignInForm({ signIn }: { signIn: SignIn }) {
  const { strings } = useText()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [isShown, setIsShown] = useState(false)
  const [problems, setProblems] = useState<Problems>({})
  const emailField = useRef<HTMLInputElement>(null)
  const passwordField = useRef<HTMLInputElement>(null)
  const summary = useRef<HTMLDivElement>(null)

  const { error } = signIn
  useEffect(() => {
    if (error !== null) summary.current?.focus()
  }, [error])

  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    const found = check(email, password, strings)
    setProblems(found)
    if (found.email) emailField.current?.focus()
    else if (found.password) passwordField.current?.focus()
    else void signIn.submit(email.trim(), password)
  }

  return (
    <form noValidate className="mt-5 grid gap-5" onSubmit={onSubmit}>
      {error !== null && (
        <div
          ref={summary}
          role="alert"
          tabIndex={-1}
          className="flex gap-3 rounded-xl border border-danger-line bg-danger-soft px-4 py-3"
        >
          <CircleAlert aria-hidden className="mt-0.5 size-5.5 flex-none text-danger" />
          <div>
            <p className="font-semibold text-danger">{strings.signIn.failed}</p>
            <p>{signInErrorText(error.kind, strings)}</p>
          </div>
        </div>
      )}
      <Field label={strings.signIn.email} id="email" problem={problems.email}>
        <input
          ref={emailField}
          id="email"
          name="email"
          type="email"
          inputMode="email"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          dir="ltr"
          value={email}
          aria-invalid={problems.email !== undefined}
          aria-describedby="email-problem"
          onChange={event => setEmail(event.target.value)}
          className="field"
        />
      </Field>
      <Field label={strings.signIn.password} id="password" problem={problems.password}>
        <div className="relative" dir="ltr">
          <input
            ref={passwordField}
            id="password"
            name="password"
            type={isShown ? 'text' : 'password'}
            autoComplete="current-password"
            autoCapitalize="none"
            spellCheck={false}
            dir="ltr"
            value={password}
            aria-invalid={problems.password !== undefined}
            aria-describedby="password-problem"
            onChange={event => setPassword(event.target.value)}
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

function Field(props: { label: string; id: string; problem: string | undefined; children: ReactNode }) {
  return (
    <div>
      <label htmlFor={props.id} className="mb-1.5 block font-semibold">
        {props.label}
      </label>
      {props.children}
      <p id={`${props.id}-problem`} className="mt-1.5 font-medium text-danger empty:mt-0">
        {props.problem}
      </p>
    </div>
  )
}

/** Only what can be told without the server; the rest is its answer. */
function check(email: string, password: string, strings: Strings): Problems {
  const problems: Problems = {}
  if (email.trim() === '') problems.email = strings.signIn.emailMissing
  else if (!/^[^\s@]+@[^\s@]+$/.test(email.trim())) problems.email = strings.signIn.emailInvalid
  if (password === '') problems.password = strings.signIn.passwordMissing
  return problems
}

function signInErrorText(kind: ChatErrorKind, strings: Strings): string {
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
