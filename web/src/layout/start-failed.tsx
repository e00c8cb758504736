import { useText } from '@bedside/react'
import { CloudOff } from 'lucide-react'
import { FullPageNotice } from './full-page-notice.tsx'

/** The page has no configuration: nothing else can be shown. */
export function StartFailed() {
  const { strings } = useText()
  return (
    <FullPageNotice icon={<CloudOff />} title={strings.app.startFailed}>
      <p>{strings.app.startFailedHelp}</p>
      <button type="button" className="bs-button mt-2" data-tone="accent" onClick={() => location.reload()}>
        {strings.app.tryAgain}
      </button>
    </FullPageNotice>
  )
}
