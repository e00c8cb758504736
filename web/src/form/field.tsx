import type { ReactNode } from 'react'

export interface FieldProps {
  label: string
  id: string
  /** Shown below, and named by `aria-describedby={problemId(id)}` of the input. */
  problem: string | undefined
  children: ReactNode
}

export const problemId = (id: string) => `${id}-problem`

export function Field({ label, id, problem, children }: FieldProps) {
  return (
    <div>
      <label htmlFor={id} className="mb-1.5 block font-semibold">
        {label}
      </label>
      {children}
      <p id={problemId(id)} className="mt-1.5 font-medium text-danger empty:mt-0">
        {problem}
      </p>
    </div>
  )
}
