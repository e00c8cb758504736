import { useText } from '@bedside/react'

/** Where the clinic's text will stand. */
export function TextSkeleton() {
  const { strings } = useText()
  return (
    <div role="status" className="mt-6 grid gap-3">
      <span className="sr-only">{strings.app.loading}</span>
      {[90, 75, 82, 60].map(width => (
        <span key={width} className="skeleton h-5 rounded-md bg-sunken" style={{ inlineSize: `${width}%` }} />
      ))}
    </div>
  )
}
