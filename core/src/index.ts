/** Bedside's client without a framework. Start reading at `api.ts` and `records.ts`, then `chat-room.ts`. */
import type { Session } from './api.ts'
import { openSession } from './session.ts'
import { createSupabaseTransport, type SupabaseConfig } from './supabase-transport.ts'

export type * from './api.ts'
export { ChatError, type ChatErrorKind, reactionTo } from './chat-error.ts'
export type {
  CachedRecord,
  CacheStorage,
  DraftStorage,
  Env,
  HttpRequest,
  HttpResponse,
  NetworkEnv,
  OutboxStorage,
  SocketLike,
  StoredDraft,
  StoredMessage,
  TabChannel,
  TabLead,
  TabMessage,
  Tabs,
  TokenStorage,
} from './env.ts'
export { verbsThrough } from './handles.ts'
export { isOnPatientSide } from './presentation/is-on-patient-side.ts'
export { isWritten } from './presentation/is-written.ts'
export { type ReceiptState, receiptOf } from './presentation/receipt-of.ts'
export {
  type DraftCheck,
  MESSAGE_MAX_CHARACTERS,
  messageLength,
  validateDraft,
} from './presentation/validate-draft.ts'
export type * from './records.ts'
export { createStore, type WritableStore } from './store.ts'

/**
 * The session of this device. Make one a page and keep it: it restores who was signed in, and its `current` says so.
 * @param config url and publishable key of the Supabase project or of the embedded stack.
 */
export function createSession(config: SupabaseConfig): Session {
  return openSession({ env: config.env, transport: createSupabaseTransport(config) })
}
