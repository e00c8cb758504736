import { CircleAlert } from 'lucide-react'
import { type ReactNode, useEffect, useRef } from 'react'

/** Why the form as a whole did not work. Takes the focus when it appears, so that nobody looks for it. */
export function ProblemSummary({ title, children }: { title: string; children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => place.current?.focus(), [])
  return (
    <div
      ref={place}
      role="alert"
      tabIndex={-1}
      className="flex gap-3 rounded-xl border border-danger-line bg-danger-soft px-4 py-3"
    >
      <CircleAlert aria-hidden className="mt-0.5 size-5.5 flex-none text-danger" />
      <div>
        <p className="font-semibold text-danger">{title}</p>
        <p>{children}</p>
      </div>
    </div>
  )
}
