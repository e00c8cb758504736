import { type Strings, useText } from '@bedside/react'
import { Link, useRouter } from '@tanstack/react-router'
import { type FormEvent, useRef, useState } from 'react'
import { useApp } from '../../app-context.tsx'
import { PasswordField } from '../../form/password-field.tsx'
import { ProblemSummary } from '../../form/problem-summary.tsx'
import { createRecovery, RecoveryError, type RecoveryProblem } from './recovery.ts'
import { recoveryText } from './recovery-text.ts'

/** As in supabase/config.toml. */
const MIN_CHARACTERS = 10
/** bcrypt reads no further. */
const MAX_BYTES = 72

type Step =
  | { is: 'choosing' }
  | { is: 'saving' }
  | { is: 'refused'; problem: RecoveryProblem }
  | { is: 'saved' }

export function NewPasswordForm({ tokenHash, onGone }: { tokenHash: string; onGone(): void }) {
  const { strings } = useText()
  const { config, session, activity } = useApp()
  const router = useRouter()
  const [recovery] = useState(() => createRecovery(config))
  const [password, setPassword] = useState('')
  const [problem, setProblem] = useState<string>()
  const [step, setStep] = useState<Step>({ is: 'choosing' })
  const field = useRef<HTMLInputElement>(null)

  const refuse = (found: RecoveryProblem) => {
    const isOfPassword = found === 'weak' || found === 'same' || found === 'too-long'
    if (found === 'link-gone') return onGone()
    setProblem(isOfPassword ? recoveryText(found, strings) : undefined)
    setStep(isOfPassword ? { is: 'choosing' } : { is: 'refused', problem: found })
    if (isOfPassword) field.current?.focus()
  }

  const save = async (event: FormEvent) => {
    event.preventDefault()
    if (step.is === 'saving') return
    const found = passwordProblem(password, strings)
    setProblem(found)
    if (found !== undefined) {
      field.current?.focus()
      return
    }
    setStep({ is: 'saving' })
    let email: string
    try {
      email = await recovery.setPassword(tokenHash, password)
    } catch (error) {
      if (!(error instanceof RecoveryError)) reportError(error)
      refuse(error instanceof RecoveryError ? error.problem : 'other')
      return
    }
    try {
      activity.mark(Date.now())
      await session.signIn(email, password)
      await router.navigate({ to: '/appointments', replace: true })
    } catch {
      // The password is changed all the same; the sign-in page says what else there is to say.
      setStep({ is: 'saved' })
    }
  }

  if (step.is === 'saved') {
    return (
      <div role="status" className="mt-4 grid gap-5">
        <p>{strings.reset.saved}</p>
        <Link to="/sign-in" className="bs-button min-h-13 text-lg" data-tone="accent">
          {strings.signIn.title}
        </Link>
      </div>
    )
  }
  return (
    <form noValidate className="mt-4 grid gap-5" onSubmit={event => void save(event)}>
      {step.is === 'refused' && (
        <ProblemSummary title={strings.reset.notSaved}>{recoveryText(step.problem, strings)}</ProblemSummary>
      )}
      <div className="grid gap-2">
        <p id="password-rules">{strings.reset.rules}</p>
        <PasswordField
          id="new-password"
          label={strings.reset.newPassword}
          value={password}
          onChange={setPassword}
          autoComplete="new-password"
          problem={problem}
          field={field}
          describedBy="password-rules"
        />
        <p className="text-[0.9375rem] text-muted">{strings.reset.ends}</p>
      </div>
      <button
        type="submit"
        className="bs-button min-h-13 w-full text-lg"
        data-tone="accent"
        aria-disabled={step.is === 'saving'}
      >
        {step.is === 'saving' ? strings.reset.saving : strings.reset.save}
      </button>
    </form>
  )
}

function passwordProblem(password: string, strings: Strings): string | undefined {
  if ([...password].length < MIN_CHARACTERS) return strings.reset.tooShort
  return new TextEncoder().encode(password).length > MAX_BYTES ? strings.reset.tooLong : undefined
}
