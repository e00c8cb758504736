import type { ReceiptState, WaitsFor } from '@bedside/core'
import { Check, CheckCheck, CircleAlert, Clock3 } from 'lucide-react'
import type { Strings } from '../strings/en.ts'
import { isolate } from '../strings/isolate.ts'
import { useText } from '../strings/strings-provider.tsx'

export type ReceiptMarkState = ReceiptState | 'queued' | 'sending' | 'failed'

const icons = {
  queued: Clock3,
  sending: Clock3,
  sent: Check,
  delivered: CheckCheck,
  read: CheckCheck,
  failed: CircleAlert,
} satisfies Record<ReceiptMarkState, unknown>

export interface ReceiptMarkProps {
  state: ReceiptMarkState
  /** Of a queued one. */
  waitsFor?: WaitsFor | undefined
  /** When it was delivered or read, where that is known. ISO 8601. */
  at?: string | null | undefined
  isWordy?: boolean
}

/** How far a message of one's own has come. The word is always there for screen readers; `isWordy` shows it to all. */
export function ReceiptMark({ state, waitsFor, at = null, isWordy = false }: ReceiptMarkProps) {
  const { strings, dates } = useText()
  const Icon = icons[state]
  const words = wordsOf(state, waitsFor, at === null ? null : isolate(dates.brief(at)), strings)
  return (
    <span className="bs-receipt" data-state={state}>
      <Icon aria-hidden className="bs-icon-sm" />
      <span className={isWordy ? undefined : 'bs-sr-only'}>{words}</span>
    </span>
  )
}

function wordsOf(
  state: ReceiptMarkState,
  waitsFor: WaitsFor | undefined,
  when: string | null,
  { receipts }: Strings,
): string {
  if (waitsFor !== undefined && waitsFor !== 'turn') return receipts.waitsFor[waitsFor]
  if (when !== null && state === 'delivered') return receipts.deliveredAt(when)
  if (when !== null && state === 'read') return receipts.readAt(when)
  return receipts[state]
}
