/** Asks for a link to a new password. What it says afterwards is the same whether or not there is such an account. */
import { isolate, useText } from '@bedside/react'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useRef, useState } from 'react'
import { useApp } from '../../app-context.tsx'
import { EmailField, emailProblem } from '../../form/email-field.tsx'
import { ProblemSummary } from '../../form/problem-summary.tsx'
import { BrandCard, BrandPage } from '../../layout/brand-page.tsx'
import { PageHeading } from '../../layout/page-heading.tsx'
import { useDocumentTitle } from '../../layout/use-document-title.ts'
import { createRecovery, RecoveryError, type RecoveryProblem } from './recovery.ts'
import { recoveryText } from './recovery-text.ts'

type Step =
  | { is: 'asking' }
  | { is: 'sending' }
  | { is: 'refused'; problem: RecoveryProblem }
  | { is: 'sent' }

export function ForgotPasswordPage() {
  const { strings } = useText()
  const { config } = useApp()
  const [email, setEmail] = useState('')
  const [problem, setProblem] = useState<string>()
  const [step, setStep] = useState<Step>({ is: 'asking' })
  const field = useRef<HTMLInputElement>(null)
  useDocumentTitle(strings.reset.title)

  const send = async (event: FormEvent) => {
    event.preventDefault()
    if (step.is === 'sending') return
    const found = emailProblem(email, strings)
    setProblem(found)
    if (found !== undefined) {
      field.current?.focus()
      return
    }
    setStep({ is: 'sending' })
    try {
      await createRecovery(config).ask(email.trim())
      setStep({ is: 'sent' })
    } catch (error) {
      if (!(error instanceof RecoveryError)) reportError(error)
      setStep({ is: 'refused', problem: error instanceof RecoveryError ? error.problem : 'other' })
    }
  }

  return (
    <BrandPage>
      <BrandCard>
        <PageHeading className="text-2xl font-bold tracking-tight">
          {step.is === 'sent' ? strings.reset.sentTitle : strings.reset.title}
        </PageHeading>
        {step.is === 'sent' ? (
          <div role="status" className="mt-4 grid gap-4">
            <p className="wrap-anywhere">{strings.reset.sent(isolate(email.trim()))}</p>
            <p>{strings.reset.nothingCame}</p>
            <button type="button" className="bs-button" onClick={() => setStep({ is: 'asking' })}>
              {strings.reset.again}
            </button>
          </div>
        ) : (
          <form noValidate className="mt-4 grid gap-5" onSubmit={event => void send(event)}>
            {step.is === 'refused' && (
              <ProblemSummary title={strings.reset.notSent}>
                {recoveryText(step.problem, strings)}
              </ProblemSummary>
            )}
            <p>{strings.reset.help}</p>
            <EmailField value={email} onChange={setEmail} problem={problem} field={field} />
            <button
              type="submit"
              className="bs-button min-h-13 w-full text-lg"
              data-tone="accent"
              aria-disabled={step.is === 'sending'}
            >
              {step.is === 'sending' ? strings.reset.sending : strings.reset.send}
            </button>
          </form>
        )}
        <p className="mt-5 text-center">
          <Link
            to="/sign-in"
            className="inline-flex min-h-11 items-center text-accent underline underline-offset-3"
          >
            {strings.reset.toSignIn}
          </Link>
        </p>
      </BrandCard>
    </BrandPage>
  )
}
