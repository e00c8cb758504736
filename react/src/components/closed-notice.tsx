/**
 * Stands where the composer would be when nobody can write: says why, and what to do instead. There is never a dead
 * composer: a `ReplyBlock` without both sentences does not compile (see `strings/en.ts`).
 */
import type { ParticipantRole, ReplyBlock, Role } from '@bedside/core'
import { Lock } from 'lucide-react'
import type { ReactNode } from 'react'
import { useText } from '../strings/strings-provider.tsx'

export interface ClosedNoticeProps {
  block: ReplyBlock
  /** The one who reads it: the patient's side and the clinic's have different next steps. */
  role: Role | ParticipantRole
  /** Links or buttons for the next step. */
  children?: ReactNode
}

export function ClosedNotice({ block, role, children }: ClosedNoticeProps) {
  const { strings } = useText()
  const text = strings.blocks[block]
  const isPatientSide = role === 'patient' || role === 'proxy'
  return (
    <div className="bs-closed" data-state={block} role="note">
      <Lock aria-hidden className="bs-icon" />
      <div>
        <p className="bs-closed-reason">{text.reason}</p>
        <p>{isPatientSide ? text.forPatient : text.forStaff}</p>
        {children}
      </div>
    </div>
  )
}
