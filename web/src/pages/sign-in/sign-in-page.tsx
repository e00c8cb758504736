import { useText } from '@bedside/react'
import { useApp } from '../../app-context.tsx'
import { BrandMark } from '../../layout/brand-mark.tsx'
import { PageHeading } from '../../layout/page-heading.tsx'
import { useDocumentTitle } from '../../layout/use-document-title.ts'
import { DemoAccounts } from './demo-accounts.tsx'
import { SignInForm } from './sign-in-form.tsx'
import { useSignIn } from './use-sign-in.ts'

export function SignInPage() {
  const { strings } = useText()
  const { config, session } = useApp()
  const signIn = useSignIn(session)
  useDocumentTitle(strings.signIn.title)

  const state = session.current
  const note =
    state.is !== 'signed-out' || state.reason === 'none'
      ? null
      : state.reason === 'expired'
        ? strings.signIn.expired
        : strings.signIn.signedOut
  const hasDemo = config.demoAccounts.length > 0
  return (
    <main id="main" className="grid min-h-dvh place-items-center px-4 py-8 sm:py-12">
      <div className={`w-full ${hasDemo ? 'max-w-[26rem] lg:max-w-[58rem]' : 'max-w-[26rem]'}`}>
        <div className="mb-8 text-center">
          <BrandMark className="mx-auto size-14" />
          <p className="mt-3 text-2xl font-bold tracking-tight">{strings.app.name}</p>
          <p className="mx-auto mt-1 max-w-96 text-balance text-muted">{strings.app.tagline}</p>
        </div>
        <div className={hasDemo ? 'grid items-start gap-6 lg:grid-cols-2' : ''}>
          <section className="rounded-card border border-line bg-surface p-5 shadow-card sm:p-8">
            <PageHeading className="text-2xl font-bold tracking-tight">{strings.signIn.title}</PageHeading>
            {note !== null && signIn.error === null && (
              <p role="status" className="mt-4 rounded-xl bg-soft px-4 py-3 text-on-soft">
                {note}
              </p>
            )}
            <SignInForm signIn={signIn} />
            <p className="mt-5 text-center text-[0.9375rem] text-muted">{strings.signIn.help}</p>
          </section>
          {hasDemo && <DemoAccounts accounts={config.demoAccounts} signIn={signIn} />}
        </div>
      </div>
    </main>
  )
}
