/** Every bound of the Realtime server, with the defaults of a self-hosted one where it has them. */
export interface RealtimeLimits {
  /** A longer frame closes its socket (1009). */
  readonly maxFrameBytes: number
  readonly maxSockets: number
  readonly maxChannelsPerSocket: number
  /** Of one broadcast or one presence payload, wherever it comes from. */
  readonly maxPayloadBytes: number
  /** Of the whole server, as means over the last minute: messages sent and each delivery of one; joins. */
  readonly maxEventsPerSecond: number
  readonly maxJoinsPerSecond: number
  /** Calls of `track` and `untrack`, of the whole server, likewise. */
  readonly maxPresenceCallsPerSecond: number
  /** The same of one channel within `presenceCallWindowMs`. */
  readonly maxPresenceCallsPerChannel: number
  readonly presenceCallWindowMs: number
  /** Of broadcasts that come by HTTP, as a mean over the last minute; more are refused (429). */
  readonly maxHttpBroadcastsPerSecond: number
  /** Without a frame from the client for so long, its socket is closed. */
  readonly idleTimeoutMs: number
  /** Without a channel for so long, likewise. */
  readonly noChannelTimeoutMs: number
  /** How long the answer to a refused join is held back, so that a client in a loop loops slowly. */
  readonly joinErrorDelayMs: number
  /** How long a policy may take. */
  readonly authorizationTimeoutMs: number
  /** A socket with more bytes than this unread is told who is present, and replayed to, once it has read them. */
  readonly comfortableBacklogBytes: number
  /**
   * A socket that leaves more bytes than this unread for `backlogGraceMs` is cut. With what a busy room says meanwhile it
   * holds no more than a megabyte; the system holds some three more before the first byte counts.
   */
  readonly maxBacklogBytes: number
  readonly backlogGraceMs: number
  /** Presence changes of a room within this window are told as one. */
  readonly presenceWindowMs: number
  /** Of a changed row; of a larger one only the small values are told. */
  readonly maxChangeBytes: number
  /** How long the slot of table changes is kept when nobody subscribes to any. */
  readonly changesLingerMs: number
  /** A subscription to table changes that cannot be had is asked for again after one to two of these. */
  readonly changesRetryMs: number
  /** How often each replication slot is looked at, whether it is streamed from and how much log it keeps. */
  readonly slotWatchMs: number
  /** How long a join that asked for `replication_ready` waits for it. */
  readonly replicationReadyTimeoutMs: number
}

export const DEFAULT_LIMITS: RealtimeLimits = {
  maxFrameBytes: 5_000_000,
  maxSockets: 10_000,
  maxChannelsPerSocket: 100,
  maxPayloadBytes: 3_000_000,
  maxEventsPerSecond: 50_000,
  maxJoinsPerSecond: 2_500,
  maxPresenceCallsPerSecond: 1_000,
  maxPresenceCallsPerChannel: 5,
  presenceCallWindowMs: 30_000,
  maxHttpBroadcastsPerSecond: 10_000,
  idleTimeoutMs: 60_000,
  noChannelTimeoutMs: 600_000,
  joinErrorDelayMs: 1_000,
  authorizationTimeoutMs: 3_000,
  comfortableBacklogBytes: 262_144,
  maxBacklogBytes: 786_432,
  backlogGraceMs: 250,
  presenceWindowMs: 30,
  maxChangeBytes: 1_048_576,
  changesLingerMs: 600_000,
  changesRetryMs: 5_000,
  slotWatchMs: 30_000,
  replicationReadyTimeoutMs: 60_000,
}
