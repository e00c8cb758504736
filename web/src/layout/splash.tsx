import { useText } from '@bedside/react'
import { BrandMark } from './brand-mark.tsx'

/** While the session or a page is loading. */
export function Splash() {
  const { strings } = useText()
  return (
    <div className="grid min-h-dvh place-items-center" role="status">
      <span className="skeleton">
        <BrandMark className="size-14" />
      </span>
      <span className="sr-only">{strings.app.loading}</span>
    </div>
  )
}
