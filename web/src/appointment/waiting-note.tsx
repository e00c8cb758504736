import { useText } from '@bedside/react'
import { Hourglass } from 'lucide-react'
import { useSyncExternalStore } from 'react'

const MINUTE_MS = 60_000

/** How long a patient has been waiting; the text moves on with the time. */
export function WaitingNote({ since }: { since: string }) {
  const { strings, dates } = useText()
  const minutes = useMinute() - Math.floor(Date.parse(since) / MINUTE_MS)
  return (
    <span className="inline-flex items-start gap-1.5 text-[0.9375rem] font-semibold text-warning">
      <Hourglass aria-hidden className="mt-1 size-4 flex-none" />
      <time dateTime={since}>
        {minutes < 1
          ? strings.appointments.waitingBriefly
          : strings.appointments.waiting(dates.duration(minutes))}
      </time>
    </span>
  )
}

/** The present minute, counted from 1970. */
function useMinute(): number {
  return useSyncExternalStore(everyMinute, () => Math.floor(Date.now() / MINUTE_MS))
}

function everyMinute(onChange: () => void): () => void {
  const timer = setInterval(onChange, MINUTE_MS / 4)
  return () => clearInterval(timer)
}
