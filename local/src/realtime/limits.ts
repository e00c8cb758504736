/** Every bound of the Realtime server, with the defaults of a self-hosted one where it has them. */
export interface RealtimeLimits {
  /** A longer frame closes its socket (1009). */
  readonly maxFrameBytes: number
  readonly maxSockets: number
  readonly maxChannelsPerSocket: number
  /** Of one broadcast or one presence payload, wherever it comes from. */
  readonly maxPayloadBytes: number
  /** Without a frame from the client for so long, its socket is closed. */
  readonly idleTimeoutMs: number
  /** Without a channel for so long, likewise. */
  readonly noChannelTimeoutMs: number
  /** How long the answer to a refused join is held back, so that a client in a loop loops slowly. */
  readonly joinErrorDelayMs: number
  /** How long a policy may take. */
  readonly authorizationTimeoutMs: number
  /** A socket that leaves more bytes than this unread for `backlogGraceMs` is cut. */
  readonly maxBacklogBytes: number
  readonly backlogGraceMs: number
  /** Presence changes of a room within this window are told as one. */
  readonly presenceWindowMs: number
  /** How long a join that asked for `replication_ready` waits for it. */
  readonly replicationReadyTimeoutMs: number
}

export const DEFAULT_LIMITS: RealtimeLimits = {
  maxFrameBytes: 5_000_000,
  maxSockets: 10_000,
  maxChannelsPerSocket: 100,
  maxPayloadBytes: 3_000_000,
  idleTimeoutMs: 60_000,
  noChannelTimeoutMs: 600_000,
  joinErrorDelayMs: 1_000,
  authorizationTimeoutMs: 3_000,
  maxBacklogBytes: 1_048_576,
  backlogGraceMs: 1_000,
  presenceWindowMs: 30,
  replicationReadyTimeoutMs: 60_000,
}
