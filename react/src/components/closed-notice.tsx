/**
 * Stands where the composer would be when nobody can write: says why, and what to do instead. There is never a dead
 * composer: a `ReplyBlock` without both sentences does not compile (see `strings/en.ts`).
 */
import type { ParticipantRole, ReplyBlock, Role } from '@bedside/core'
import { Lock } from 'lucide-react'
import type { ReactNode } from 'react'
import { useText } from '../strings/strings-provider.tsx'
import { blockWords } from './chat-place.ts'

export interface ClosedNoticeProps {
  block: ReplyBlock
  /** The one who reads it: patient's side, doctor and colleagues have different next steps. */
  role: Role | ParticipantRole
  /** Links or buttons for the next step. */
  children?: ReactNode
}

export function ClosedNotice({ block, role, children }: ClosedNoticeProps) {
  const { strings } = useText()
  return (
    <PlaceNotice state={block} {...blockWords(strings.blocks[block], role)}>
      {children}
    </PlaceNotice>
  )
}

export interface PlaceNoticeProps {
  state?: string | undefined
  reason: string
  next: string
  children?: ReactNode
}

export function PlaceNotice({ state, reason, next, children }: PlaceNoticeProps) {
  return (
    <div className="bs-closed" data-state={state} role="note" tabIndex={-1}>
      <Lock aria-hidden className="bs-icon" />
      <div>
        <p className="bs-closed-reason">{reason}</p>
        <p>{next}</p>
        {children}
      </div>
    </div>
  )
}
