import { EmptyState } from '@bedside/react'
import type { ReactNode } from 'react'
import { PageHeading } from './page-heading.tsx'

/** A page that has only one thing to say, and what to do about it. */
export function FullPageNotice({
  icon,
  title,
  children,
}: {
  icon: ReactNode
  title: string
  children: ReactNode
}) {
  return (
    <main id="main" className="grid min-h-dvh place-items-center p-4">
      <PageHeading className="sr-only">{title}</PageHeading>
      <EmptyState icon={icon} title={title}>
        {children}
      </EmptyState>
    </main>
  )
}
