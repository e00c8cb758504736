import type { ReactNode } from 'react'

/** The one h1 of a page. It takes the focus when the page changes (see `use-page-focus.ts`). */
export function PageHeading({ className = '', children }: { className?: string; children: ReactNode }) {
  return (
    <h1 tabIndex={-1} className={`w-fit max-w-full ${className}`}>
      {children}
    </h1>
  )
}
