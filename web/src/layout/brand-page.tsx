import { useSession, useText } from '@bedside/react'
import type { ReactNode } from 'react'
import { useApp } from '../app-context.tsx'
import { LanguagePicker } from '../language/language-picker.tsx'
import { BrandMark } from './brand-mark.tsx'

/** The pages before signing in: the brand, the language, and what there is to do below them. */
export function BrandPage({ className = '', children }: { className?: string; children: ReactNode }) {
  const { strings } = useText()
  const { session, deviceLanguage } = useApp()
  // Who is signed in has theirs in their profile.
  const isSignedIn = useSession(session).is === 'signed-in'
  return (
    <main id="main" className="grid min-h-dvh place-items-center px-4 py-8 sm:py-12">
      <div className={`w-full max-w-[26rem] ${className}`}>
        <div className="mb-8 text-center">
          <BrandMark className="mx-auto size-14" />
          <p className="mt-3 text-2xl font-bold tracking-tight">{strings.app.name}</p>
          <p className="mx-auto mt-1 max-w-96 text-balance text-muted">{strings.app.tagline}</p>
          {!isSignedIn && (
            <div className="mx-auto mt-4 max-w-96">
              <LanguagePicker isCompact onChoose={deviceLanguage.set} />
            </div>
          )}
        </div>
        {children}
      </div>
    </main>
  )
}

export function BrandCard({ children }: { children: ReactNode }) {
  return (
    <section className="rounded-card border border-line bg-surface p-5 shadow-card sm:p-8">
      {children}
    </section>
  )
}
