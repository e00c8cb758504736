/**
 * What the person should know about the connection: nothing while it is live, and whether what they see is of an earlier
 * visit. The sentence is announced when it changes; the countdown is for the eye only, or a screen reader would speak
 * every second.
 */
import type { ConnectionState, Freshness } from '@bedside/core'
import { CloudOff, RefreshCw, Wifi } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { Strings } from '../strings/en.ts'
import { useText } from '../strings/strings-provider.tsx'

const BACK_SHOWN_MS = 4_000
/** What is fetched sooner is no news. */
const CATCHING_UP_AFTER_MS = 1_500

export interface ConnectionStatusProps {
  connection: ConnectionState
  freshness?: Freshness
  /** Messages that wait to be sent. */
  queued?: number
  onReconnect(): void
}

export function ConnectionStatus({
  connection,
  freshness = 'live',
  queued = 0,
  onReconnect,
}: ConnectionStatusProps) {
  const { strings } = useText()
  const isBack = useIsBack(connection.is)
  const isSlow = useHasLasted(connection.is === 'catching-up', CATCHING_UP_AFTER_MS)
  const is = connection.is === 'catching-up' && !isSlow ? 'live' : connection.is
  const shown = is === 'live' && isBack ? 'back' : is
  const sentence = sentenceFor(shown, queued, strings)
  return (
    <div className="bs-connection" data-state={shown}>
      {shown === 'offline' ? (
        <CloudOff aria-hidden className="bs-icon-sm" />
      ) : shown === 'back' ? (
        <Wifi aria-hidden className="bs-icon-sm" />
      ) : (
        shown !== 'live' && <RefreshCw aria-hidden className="bs-icon-sm bs-turning" />
      )}
      <div className="bs-connection-text">
        <p role="status">
          {sentence}
          {freshness === 'cached' && ` ${strings.connection.cached}`}
        </p>
        {isTrying(connection) && <Countdown until={connection.nextTryAt} />}
      </div>
      {isTrying(connection) && (
        <button type="button" className="bs-link-button" onClick={onReconnect}>
          {strings.connection.tryNow}
        </button>
      )}
    </div>
  )
}

type Trying = ConnectionState & { is: 'reconnecting' | 'blocked' }
const isTrying = (connection: ConnectionState): connection is Trying =>
  connection.is === 'reconnecting' || connection.is === 'blocked'

function sentenceFor(shown: ConnectionState['is'] | 'back', queued: number, strings: Strings): string {
  const text = strings.connection
  switch (shown) {
    case 'live':
      return ''
    case 'back':
      return text.back
    case 'connecting':
      return text.connecting
    case 'catching-up':
      return text.catchingUp
    case 'reconnecting':
      return queued > 0 ? text.reconnectingQueued(queued) : text.reconnecting
    case 'blocked':
      return text.blocked
    case 'offline':
      return queued > 0 ? text.offlineQueued(queued) : text.offline
  }
}

function Countdown({ until }: { until: string | null }) {
  const { strings } = useText()
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (until === null) return
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [until])
  const seconds = until === null ? 0 : Math.ceil((Date.parse(until) - now) / 1_000)
  return (
    <span aria-hidden className="bs-countdown">
      {seconds > 0 ? strings.connection.nextTry(seconds) : strings.connection.tryingNow}
    </span>
  )
}

/** True for a moment after a lost connection came back; a first connection is no news. */
function useIsBack(is: ConnectionState['is']): boolean {
  const [wasLost, setWasLost] = useState(false)
  const isLost = is === 'reconnecting' || is === 'blocked' || is === 'offline'
  if (isLost && !wasLost) setWasLost(true)
  useEffect(() => {
    if (is !== 'live' || !wasLost) return
    const timer = setTimeout(() => setWasLost(false), BACK_SHOWN_MS)
    return () => clearTimeout(timer)
  }, [is, wasLost])
  return is === 'live' && wasLost
}

function useHasLasted(isNow: boolean, ms: number): boolean {
  const [hasLasted, setHasLasted] = useState(false)
  useEffect(() => {
    if (!isNow) return
    const timer = setTimeout(() => setHasLasted(true), ms)
    return () => {
      clearTimeout(timer)
      setHasLasted(false)
    }
  }, [isNow, ms])
  return isNow && hasLasted
}
