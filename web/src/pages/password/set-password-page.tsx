/**
 * Where the mailed link leads. Its secret stands behind the #, which no server sees, and leaves the address at once; a
 * reload still has it.
 */
import { useText } from '@bedside/react'
import { Link, useRouter } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { BrandCard, BrandPage } from '../../layout/brand-page.tsx'
import { PageHeading } from '../../layout/page-heading.tsx'
import { useDocumentTitle } from '../../layout/use-document-title.ts'
import { NewPasswordForm } from './new-password-form.tsx'

declare module '@tanstack/react-router' {
  interface HistoryState {
    tokenHash?: string
  }
}

export function SetPasswordPage() {
  const { strings } = useText()
  const router = useRouter()
  const [tokenHash] = useState(() => {
    const { hash, state } = router.history.location
    return new URLSearchParams(hash.replace(/^#/, '')).get('token_hash') ?? state.tokenHash ?? ''
  })
  const [isGone, setIsGone] = useState(tokenHash === '')
  useDocumentTitle(strings.reset.newTitle)
  useEffect(() => {
    if (tokenHash !== '') router.history.replace('/set-password', { tokenHash })
  }, [router, tokenHash])

  return (
    <BrandPage>
      <BrandCard>
        <PageHeading className="text-2xl font-bold tracking-tight">
          {isGone ? strings.reset.linkGone : strings.reset.newTitle}
        </PageHeading>
        {isGone ? (
          <div role="alert" className="mt-4 grid gap-5">
            <p>{strings.reset.linkGoneHelp}</p>
            <Link to="/forgot-password" className="bs-button min-h-13 text-lg" data-tone="accent">
              {strings.reset.askAgain}
            </Link>
          </div>
        ) : (
          <NewPasswordForm tokenHash={tokenHash} onGone={() => setIsGone(true)} />
        )}
      </BrandCard>
    </BrandPage>
  )
}
