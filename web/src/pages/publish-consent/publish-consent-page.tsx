/**
 * Where an administrator publishes what patients agree to: the text in force, the new one in each language, what patients
 * will read and what that does to them, and only then the step itself.
 */
import { EmptyState, useText } from '@bedside/react'
import { Link } from '@tanstack/react-router'
import { CheckCircle2, CloudOff } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useSignedIn } from '../../app-context.tsx'
import { AppHeader } from '../../layout/app-header.tsx'
import { PageHeading } from '../../layout/page-heading.tsx'
import { PageNotFound } from '../../layout/page-not-found.tsx'
import { useDocumentTitle } from '../../layout/use-document-title.ts'
import { TextSkeleton } from '../consent/text-skeleton.tsx'
import { ConsentPreview } from './consent-preview.tsx'
import { TextInForce } from './text-in-force.tsx'
import { TextsForm } from './texts-form.tsx'
import { type PublishConsent, usePublishConsent } from './use-publish-consent.ts'

export function PublishConsentPage() {
  const { profile } = useSignedIn()
  return profile.role === 'admin' ? <ForAdministrators /> : <PageNotFound />
}

function ForAdministrators() {
  const { strings } = useText()
  const { chat, profile } = useSignedIn()
  const publishing = usePublishConsent(chat, profile.id)
  useDocumentTitle(strings.publish.title)
  return (
    <>
      <AppHeader />
      <main id="main" className="mx-auto max-w-3xl px-4 pt-6 pb-16 sm:px-6 sm:pt-10">
        <PageHeading className="text-3xl font-bold tracking-tight">{strings.publish.title}</PageHeading>
        <Step publishing={publishing} />
        <p className="mt-8">
          <Link to="/account" className="bs-button">
            {strings.publish.toAccount}
          </Link>
        </p>
      </main>
    </>
  )
}

function Step({ publishing }: { publishing: PublishConsent }) {
  const { strings } = useText()
  const { state, reload, write, startAgain, look, goOn, publish } = publishing
  switch (state.is) {
    case 'loading':
      return <TextSkeleton />
    case 'failed':
      return (
        <div role="alert">
          <EmptyState icon={<CloudOff />} title={strings.consent.failed}>
            <p>{strings.errors[state.error.kind]}</p>
            <button type="button" className="bs-button mt-3" data-tone="accent" onClick={reload}>
              {strings.app.tryAgain}
            </button>
          </EmptyState>
        </div>
      )
    case 'writing':
      return (
        <>
          <TextInForce consent={state.inForce} />
          <TextsForm state={state} onWrite={write} onStartAgain={startAgain} onLook={look} />
        </>
      )
    case 'looking':
      return <ConsentPreview state={state} onGoOn={goOn} onPublish={() => void publish()} />
    case 'published':
      return <Published version={state.consent.version} />
  }
}

function Published({ version }: { version: number }) {
  const { strings } = useText()
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => place.current?.focus(), [])
  return (
    <div
      ref={place}
      role="status"
      tabIndex={-1}
      className="mt-6 flex gap-3 rounded-card border border-line bg-surface p-5 shadow-card sm:p-8"
    >
      <CheckCircle2 aria-hidden className="mt-0.5 size-6 flex-none text-accent" />
      <div>
        <p className="text-xl font-bold tracking-tight">{strings.publish.published(String(version))}</p>
        <p className="mt-1">{strings.publish.publishedHelp}</p>
      </div>
    </div>
  )
}
