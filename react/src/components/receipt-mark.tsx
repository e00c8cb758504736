import type { ReceiptState } from '@bedside/core'
import { Check, CheckCheck, CircleAlert, Clock3 } from 'lucide-react'
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

/** How far a message of one's own has come. The word is always there for screen readers; `isWordy` shows it to all. */
export function ReceiptMark({ state, isWordy = false }: { state: ReceiptMarkState; isWordy?: boolean }) {
  const { strings } = useText()
  const Icon = icons[state]
  return (
    <span className="bs-receipt" data-state={state}>
      <Icon aria-hidden className="bs-icon-sm" />
      <span className={isWordy ? undefined : 'bs-sr-only'}>{strings.receipts[state]}</span>
    </span>
  )
}
