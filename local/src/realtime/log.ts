/** What the server tells its operator. Never content: no payload, topic, token, name or text of an error. */
export interface RealtimeLogEvent {
  readonly level: 'info' | 'warn' | 'error'
  readonly event:
    | 'frame-malformed'
    | 'handshake-refused'
    | 'request-failed'
    | 'socket-backlog'
    | 'socket-failed'
    | 'message-failed'
    | 'policy-failed'
    | 'authorization-unavailable'
    | 'replay-failed'
    | 'database-broadcast-oversize'
    | 'database-broadcast-failed'
    | 'replication-connected'
    | 'replication-lost'
    | 'replication-retry'
    | 'slot-recreated'
    | 'slot-behind'
    | 'slot-stuck'
    | 'slot-abandoned'
    | 'slot-watch-failed'
    | 'change-failed'
    | 'subscription-failed'
    | 'slots-stale-dropped'
    | 'slot-drop-failed'
    | 'partitions-failed'
    | 'database-failed'
  /** A SQLSTATE, an error's code or a count. */
  readonly detail?: string | number
}

export type RealtimeLog = (event: RealtimeLogEvent) => void
