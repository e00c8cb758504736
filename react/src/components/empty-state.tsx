import type { ReactNode } from 'react'

export interface EmptyStateProps {
  icon: ReactNode
  title: string
  /** What to do next. */
  children?: ReactNode
}

export function EmptyState({ icon, title, children }: EmptyStateProps) {
  return (
    <div className="bs-empty">
      <span aria-hidden className="bs-empty-icon">
        {icon}
      </span>
      <p className="bs-empty-title">{title}</p>
      {children}
    </div>
  )
}
