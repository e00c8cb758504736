import { useText } from '@bedside/react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useApp } from '../../app-context.tsx'
import { BrandCard, BrandPage } from '../../layout/brand-page.tsx'
import { PageHeading } from '../../layout/page-heading.tsx'
import { useDocumentTitle } from '../../layout/use-document-title.ts'
import { useOnline } from '../../pwa/use-online.ts'
import { DemoAccounts } from './demo-accounts.tsx'
import { SignInForm } from './sign-in-form.tsx'
import { useSignIn } from './use-sign-in.ts'

export function SignInPage() {
  const { strings } = useText()
  const { config, session, activity } = useApp()
  const isOnline = useOnline()
  const signIn = useSignIn(session, activity)
  useDocumentTitle(strings.signIn.title)

  // As it was when one came: signing in again changes it.
  const [why] = useState<'idle' | 'expired' | 'signed-out' | null>(() => {
    const state = session.current
    if (state.is !== 'signed-out' || state.reason === 'none') return null
    return activity.at === 0 ? 'idle' : state.reason
  })
  const notes = {
    idle: strings.idle.signedOut,
    expired: strings.signIn.expired,
    'signed-out': strings.signIn.signedOut,
  }
  const note = why && notes[why]
  const hasDemo = config.demoAccounts.length > 0
  return (
    <BrandPage className={hasDemo ? 'lg:max-w-[58rem]' : ''}>
      <div className={hasDemo ? 'grid items-start gap-6 lg:grid-cols-2' : ''}>
        <BrandCard>
          <PageHeading className="text-2xl font-bold tracking-tight">{strings.signIn.title}</PageHeading>
          <div role="status" className="grid gap-3">
            {note !== null && signIn.error === null && (
              <p className="mt-4 rounded-xl bg-soft px-4 py-3 text-on-soft">{note}</p>
            )}
            {!isOnline && (
              <p className="mt-4 rounded-xl border border-warning-line bg-warning-soft px-4 py-3">
                {strings.update.offlineSignIn}
              </p>
            )}
          </div>
          <SignInForm signIn={signIn} />
          {config.passwordReset && (
            <p className="mt-3 text-center">
              <Link
                to="/forgot-password"
                className="inline-flex min-h-11 items-center text-accent underline underline-offset-3"
              >
                {strings.reset.forgot}
              </Link>
            </p>
          )}
          <p className="mt-3 text-center text-[0.9375rem] text-muted">{strings.signIn.help}</p>
        </BrandCard>
        {hasDemo && <DemoAccounts accounts={config.demoAccounts} signIn={signIn} />}
      </div>
    </BrandPage>
  )
}
