import { useText } from '@bedside/react'
import type { ReactNode } from 'react'
import { BrandMark } from './brand-mark.tsx'

/** The pages before signing in: the brand, and what there is to do below it. */
export function BrandPage({ className = '', children }: { className?: string; children: ReactNode }) {
  const { strings } = useText()
  return (
    <main id="main" className="grid min-h-dvh place-items-center px-4 py-8 sm:py-12">
      <div className={`w-full max-w-[26rem] ${className}`}>
        <div className="mb-8 text-center">
          <BrandMark className="mx-auto size-14" />
          <p className="mt-3 text-2xl font-bold tracking-tight">{strings.app.name}</p>
          <p className="mx-auto mt-1 max-w-96 text-balance text-muted">{strings.app.tagline}</p>
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
