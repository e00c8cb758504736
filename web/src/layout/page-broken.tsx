import { useText } from '@bedside/react'
import { TriangleAlert } from 'lucide-react'
import { FullPageNotice } from './full-page-notice.tsx'

/** What a page shows when it breaks, or when its code cannot be loaded. */
export function PageBroken() {
  const { strings } = useText()
  return (
    <FullPageNotice icon={<TriangleAlert />} title={strings.app.broken}>
      <p>{strings.app.brokenHelp}</p>
      <button type="button" className="bs-button mt-2" data-tone="accent" onClick={() => location.reload()}>
        {strings.app.reload}
      </button>
    </FullPageNotice>
  )
}
