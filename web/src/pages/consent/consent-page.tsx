/**
 * What the clinic asks patients to agree to before their first message, and what they read again later. Declining is a
 * way on: back to where one came from, where everything can be read.
 */
import { EmptyState, languageOf, useText } from '@bedside/react'
import { getRouteApi, useRouter } from '@tanstack/react-router'
import { CheckCircle2, CloudOff, Printer } from 'lucide-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useSignedIn } from '../../app-context.tsx'
import { AppHeader } from '../../layout/app-header.tsx'
import { PageHeading } from '../../layout/page-heading.tsx'
import { useDocumentTitle } from '../../layout/use-document-title.ts'
import { ConsentText, firstLocale } from './consent-text.tsx'
import { TextSkeleton } from './text-skeleton.tsx'
import { type ConsentActions, type ConsentState, useConsent } from './use-consent.ts'

const route = getRouteApi('/signed-in/consent')

export function ConsentPage() {
  const { strings } = useText()
  const { chat } = useSignedIn()
  const { next = '/account' } = route.useSearch()
  const router = useRouter()
  const { state, reload, agree } = useConsent(chat)
  const isAgreed = state.is === 'ready' && state.consent.acceptedAt !== null
  const title = isAgreed ? strings.account.agreement : strings.consent.title
  useDocumentTitle(title)
  const leave = () => router.history.push(next)
  return (
    <>
      <AppHeader className="print:hidden" />
      <main id="main" className="mx-auto max-w-3xl px-4 pt-6 pb-16 sm:px-6 sm:pt-10">
        <PageHeading className="text-3xl font-bold tracking-tight">{title}</PageHeading>
        {state.is === 'loading' && <TextSkeleton />}
        {state.is === 'failed' && (
          <div role="alert">
            <EmptyState icon={<CloudOff />} title={strings.consent.failed}>
              <p>{strings.errors[state.error.kind]}</p>
              <button type="button" className="bs-button mt-3" data-tone="accent" onClick={reload}>
                {strings.app.tryAgain}
              </button>
            </EmptyState>
          </div>
        )}
        {state.is === 'ready' && <Ready state={state} agree={agree} onLeave={leave} />}
      </main>
    </>
  )
}

function Ready(props: {
  state: ConsentState & { is: 'ready' }
  agree: ConsentActions['agree']
  onLeave(): void
}) {
  const { state, agree, onLeave } = props
  const { consent } = state
  const { strings, locale: shown, dates } = useText()
  const [chosen, setChosen] = useState<string | null>(null)
  if (Object.keys(consent.texts).length === 0) {
    return (
      <>
        <p className="mt-4">{strings.consent.none}</p>
        <Actions>
          <BackButton onLeave={onLeave} />
        </Actions>
      </>
    )
  }
  const locale =
    chosen !== null && Object.hasOwn(consent.texts, chosen) ? chosen : firstLocale(consent, languageOf(shown))
  const isAgreed = consent.acceptedAt !== null
  return (
    <>
      {consent.acceptedAt === null ? (
        <p className="mt-3 text-lg print:hidden">{strings.consent.intro}</p>
      ) : (
        <p className="mt-3 flex items-center gap-2.5 font-semibold">
          <CheckCircle2 aria-hidden className="size-5.5 flex-none text-accent" />
          {strings.consent.agreed(dates.day(consent.acceptedAt))}
        </p>
      )}
      <section className="mt-6 rounded-card border border-line bg-surface p-5 shadow-card sm:p-8 print:border-0 print:p-0 print:shadow-none">
        <ConsentText consent={consent} locale={locale} onLocale={setChosen} />
      </section>
      <Problem state={state} />
      {isAgreed ? (
        <Actions>
          <BackButton onLeave={onLeave} />
          <PrintButton />
        </Actions>
      ) : (
        <>
          <p className="mt-6 print:hidden">{strings.consent.declineHelp}</p>
          <Actions>
            <button
              type="button"
              className="bs-button min-h-13"
              data-tone="accent"
              aria-disabled={state.isSaving}
              onClick={async () => {
                if (await agree(locale)) onLeave()
              }}
            >
              {state.isSaving ? strings.consent.agreeing : strings.consent.agree}
            </button>
            <button type="button" className="bs-button min-h-13" onClick={onLeave}>
              {strings.consent.decline}
            </button>
            <PrintButton />
          </Actions>
        </>
      )}
    </>
  )
}

function Problem({ state }: { state: ConsentState & { is: 'ready' } }) {
  const { strings } = useText()
  const place = useRef<HTMLDivElement>(null)
  const { error } = state
  useEffect(() => {
    if (error !== null) place.current?.focus()
  }, [error])
  if (error === null) return null
  return (
    <div
      ref={place}
      role="alert"
      tabIndex={-1}
      className="mt-5 rounded-xl border border-danger-line bg-danger-soft px-4 py-3"
    >
      <p className="font-semibold text-danger">{strings.consent.notSaved}</p>
      <p>{error.kind === 'conflict' ? strings.consent.outdated : strings.errors[error.kind]}</p>
    </div>
  )
}

function Actions({ children }: { children: ReactNode }) {
  return <div className="mt-4 flex flex-wrap gap-3 max-sm:flex-col print:hidden">{children}</div>
}

function BackButton({ onLeave }: { onLeave(): void }) {
  const { strings } = useText()
  return (
    <button type="button" className="bs-button" data-tone="accent" onClick={onLeave}>
      {strings.consent.back}
    </button>
  )
}

function PrintButton() {
  const { strings } = useText()
  return (
    <button type="button" className="bs-button" onClick={() => print()}>
      <Printer aria-hidden className="size-5" />
      {strings.consent.print}
    </button>
  )
}
