import { useStore, useText } from '@bedside/react'
import { X } from 'lucide-react'
import { useState } from 'react'
import type { AppVersion } from './app-version.ts'

/** A newer version is there: it is loaded when the person says so. */
export function UpdateNotice({ version }: { version: AppVersion }) {
  const { strings } = useText()
  const isReady = useStore(version.isNewerReady)
  const [isPutOff, setIsPutOff] = useState(false)
  return (
    <div aria-live="polite" className="print:hidden">
      {isReady && !isPutOff && (
        <div className="fixed inset-x-3 top-3 z-40 mx-auto flex max-w-xl items-center gap-3 rounded-card border border-line bg-surface p-3 ps-4 shadow-card">
          <p className="min-w-0 flex-1 leading-snug">
            <strong>{strings.update.ready}</strong> {strings.update.kept}
          </p>
          <button
            type="button"
            className="bs-button flex-none"
            data-tone="accent"
            onClick={() => version.takeOver()}
          >
            {strings.update.load}
          </button>
          <button
            type="button"
            aria-label={strings.app.close}
            className="grid size-11 flex-none cursor-pointer place-items-center rounded-xl hover:bg-sunken"
            onClick={() => setIsPutOff(true)}
          >
            <X aria-hidden className="size-5.5" />
          </button>
        </div>
      )}
    </div>
  )
}
