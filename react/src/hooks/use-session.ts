import type { Session, SessionState } from '@bedside/core'
import { useStore } from './use-store.ts'

/** Who is signed in. The session itself outlives every component: make it once, beside the root. */
export function useSession(session: Session): SessionState {
  return useStore(session)
}
