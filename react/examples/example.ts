import type { ReactNode } from 'react'

/** One component, as a developer sees it: what it is for, and its states, each live. */
export interface Example {
  about: string
  /** By what is to be seen. */
  states: Record<string, () => ReactNode>
}
