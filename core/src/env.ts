/**
 * The outside world as one argument: clock, chance, storage, network, and whether the machine is online and the
 * screen visible. Nothing in core reads any of it from anywhere else, so a test owns all of it.
 */
import type { Store } from './api.ts'
import type { ChatErrorKind } from './chat-error.ts'

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
  /** In order of `position`. */
  list(userId: string, roomId: string): Promise<StoredMessage[]>
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
  /** A hint, no proof: `false` is shown to the person at once, `true` only means that trying is worth it. */
  online: Store<boolean>
  visible: Store<boolean>
  network: NetworkEnv
}
