import type { ChatError } from '@bedside/core'
import { useText } from '@bedside/react'
import { CircleAlert } from 'lucide-react'

export function AppointmentsFailed({ error, onRetry }: { error: ChatError; onRetry(): void }) {
  const { strings } = useText()
  return (
    <div
      role="alert"
      className="mt-8 flex flex-wrap items-start gap-x-4 gap-y-3 rounded-card border border-danger-line bg-danger-soft p-5"
    >
      <CircleAlert aria-hidden className="size-6 flex-none text-danger" />
      <div className="min-w-56 flex-1">
        <p className="font-semibold text-danger">{strings.appointments.loadFailed}</p>
        <p>{strings.errors[error.kind]}</p>
      </div>
      <button type="button" className="bs-button" onClick={onRetry}>
        {strings.app.tryAgain}
      </button>
    </div>
  )
}
