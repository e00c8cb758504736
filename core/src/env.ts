/**
 * The outside world as one argument: clock, chance, storage, network, and whether the machine is online and the
 * screen visible. Nothing in core reads any of it from anywhere else, so a test owns all of it.
 */
import type { Draft, Store } from './api.ts'
import type { ChatErrorKind } from './chat-error.ts'
import type { Message } from './records.ts'

/** A message that waits to be sent, as it lies on the device. */
export interface StoredMessage {
  id: string
  userId: string
  roomId: string
  body: string
  replyTo: string | null
  /** ISO 8601, by this device's clock. */
  queuedAt: string
  /** Place in its room's queue: ascending, not necessarily without gaps. */
  position: number
  /** Set once the server refused it for good; it is then kept only until the person retries or discards it. */
  refusal: { kind: ChatErrorKind; detail: string | null } | null
}

/**
 * The queue of unsent messages, by user and room. A rejected promise means that nothing was written; an error
 * named `QuotaExceededError` means that the device is full.
 */
export interface OutboxStorage {
  /** Writes or overwrites, by user, room and id. */
  put(message: StoredMessage): Promise<void>
  remove(userId: string, roomId: string, id: string): Promise<void>
  /** In order of `position`, then of `id`. */
  list(userId: string, roomId: string): Promise<StoredMessage[]>
  /** The rooms in which this person has any. */
  rooms(userId: string): Promise<string[]>
}

/** What somebody was writing, as it lies on the device until the server has it. */
export interface StoredDraft {
  userId: string
  roomId: string
  body: string
  replyTo: string | null
  /** Another one with each change. */
  mark: string
}

/** One draft by user and room. A rejected promise means that nothing was written or can be read. */
export interface DraftStorage {
  put(draft: StoredDraft): Promise<void>
  get(userId: string, roomId: string): Promise<StoredDraft | null>
  /** Only the one with this mark. */
  remove(userId: string, roomId: string, mark: string): Promise<void>
}

/** What was shown last, as `cache.ts` makes it of rooms, lists and a profile. */
export interface CachedRecord {
  id: string
  /** When it was written, by this device's clock. */
  at: number
  /** Of plain objects, arrays, text, numbers and null. */
  value: unknown
}

/**
 * A cache of one owner at a time, for all tabs of the browser. It may lose anything at any time. What is written and read
 * needs the key that `begin` answered; with one that is over, nothing is written and nothing is found.
 */
export interface CacheStorage {
  /** The key of this owner. Where another one's is still there, all of it is deleted and that key is over. */
  begin(owner: string): Promise<string>
  /** Deletes everything of this key, which is over then, also for what other tabs are about to write. null: whoever's. */
  end(key: string | null): Promise<void>
  /** Deletes what is cached to make room; the key stays. */
  empty(): Promise<void>
  get(key: string, id: string): Promise<CachedRecord | null>
  /** Without their values. */
  list(key: string): Promise<{ id: string; at: number }[]>
  /**
   * Puts what `change` makes of it in its place, null: nothing. In one transaction, between which and the look at the
   * key no other tab does anything. @throws where the device is full.
   */
  update(key: string, id: string, change: (before: CachedRecord | null) => CachedRecord | null): Promise<void>
}

/** What the tabs of one browser share besides storage. Where there is no such thing, each tab is alone and leads. */
export interface Tabs {
  /**
   * Waits for the lead of this name, which one tab has at a time. `onLost`: another one has taken it; this one waits for
   * it again.
   */
  lead(name: string, on: { onWon(): void; onLost(): void }): TabLead
  /** Hears what the other tabs tell under this name, in the order in which each of them tells it. */
  join(name: string, hear: (told: TabMessage) => void): TabChannel
}

export interface TabLead {
  /** Takes it from whoever has it: they do not answer. */
  take(): void
  leave(): void
}

export interface TabChannel {
  tell(message: TabMessage): void
  leave(): void
}

/** The shape of these is part of the channel's name (`tab-names.ts`): tabs of another version do not hear them. */
export type TabMessage =
  /** What lies in the outbox for this room is another than before. */
  | { is: 'outbox-changed'; roomId: string }
  /** The server has it. */
  | { is: 'message-accepted'; message: Message }
  /** A draft of this room as the server has it now. */
  | { is: 'draft-saved'; roomId: string; draft: Draft }
  /** The server was reached just now, or the person asks for a try: whoever leads need not wait any longer. */
  | { is: 'try-asked' }
  /** Is anybody leading? */
  | { is: 'lead-asked' }
  | { is: 'lead-answered' }
  | { is: 'signed-out' }

/** Where the tokens of a signed-in person are kept between visits. */
export interface TokenStorage {
  getItem(key: string): string | null | Promise<string | null>
  setItem(key: string, value: string): void | Promise<void>
  removeItem(key: string): void | Promise<void>
}

export interface HttpRequest {
  method?: string
  headers?: unknown
  body?: unknown
  signal?: unknown
}

/** As much of the web's `Response` as core reads. */
export interface HttpResponse {
  readonly ok: boolean
  readonly status: number
  readonly headers: { get(name: string): string | null }
  text(): Promise<string>
  json(): Promise<unknown>
}

export interface SocketLike {
  addEventListener(type: 'open' | 'close' | 'error', listener: () => void): void
}

export interface NetworkEnv {
  fetch(url: string, request: HttpRequest): Promise<HttpResponse>
  /** The web's `WebSocket`, or `ws` in Node. */
  WebSocket: new (
    url: string,
    protocols?: string | string[],
  ) => SocketLike
  /**
   * Where a web worker for heartbeats is served, whose timers a hidden tab does not slow down. null: no workers here.
   * It answers `{ event: 'start', interval }` with `{ event: 'keepAlive' }` every `interval` milliseconds.
   */
  heartbeatWorkerUrl: string | null
  tokens: TokenStorage
}

export interface Env {
  /** Milliseconds since 1970. */
  now(): number
  /** Runs once after `ms` milliseconds. Returns its undo. */
  setTimer(run: () => void, ms: number): () => void
  /** A new UUIDv7. */
  randomId(): string
  /** 0 <= x < 1 */
  random(): number
  storage: OutboxStorage
  drafts: DraftStorage
  cache: CacheStorage
  tabs: Tabs
  /** A hint, no proof: `false` is shown to the person at once, `true` only means that trying is worth it. */
  online: Store<boolean>
  visible: Store<boolean>
  network: NetworkEnv
}
