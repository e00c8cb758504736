/**
 * The one error of Bedside's client. The transport maps whatever went wrong (SQLSTATE, HTTP status, socket) to a
 * `kind`; nothing above it looks at anything else.
 */

export type ChatErrorKind =
  /** Not there, or not this person's: the server does not say which. */
  | 'not-found'
  | 'not-signed-in'
  | 'credentials-refused'
  | 'forbidden'
  /** The room takes no message from this person now; `detail` is the `ReplyBlock`. */
  | 'reply-blocked'
  | 'message-empty'
  | 'message-too-long'
  /** The message replied to is not in this room. */
  | 'reply-not-found'
  /** This id already belongs to another message. */
  | 'id-conflict'
  /** Not as things stand now: somebody changed it, or its time is over. Load it again. */
  | 'conflict'
  | 'invalid'
  | 'rate-limited'
  | 'offline'
  /** The server cannot answer now; trying again later can succeed. */
  | 'unavailable'
  /** An answer that this client does not understand. */
  | 'protocol'
  /** Given up by who asked. */
  | 'cancelled'

export class ChatError extends Error {
  override readonly name = 'ChatError'
  readonly kind: ChatErrorKind
  /** A word for machines, such as a `ReplyBlock`. Never a message's text, a person's name or a file's name. */
  readonly detail: string | null
  /** The server's own code word, such as `edit_window_over`: a `kind` may have several. */
  readonly word: string | null
  /** How long the server asked to be left alone, in milliseconds. */
  readonly retryAfterMs: number | null

  constructor(
    kind: ChatErrorKind,
    options: {
      detail?: string | null
      word?: string | null
      retryAfterMs?: number | null
      cause?: unknown
    } = {},
  ) {
    super(options.detail ? `${kind}: ${options.detail}` : kind, { cause: options.cause })
    this.kind = kind
    this.detail = options.detail ?? null
    this.word = options.word ?? null
    this.retryAfterMs = options.retryAfterMs ?? null
  }
}

/** What the client does about an error. The only place that decides it. */
export function reactionTo(kind: ChatErrorKind): 'retry' | 'sign-in' | 'give-up' {
  switch (kind) {
    case 'offline':
    case 'unavailable':
    case 'rate-limited':
      return 'retry'
    case 'not-signed-in':
      return 'sign-in'
    case 'not-found':
    case 'credentials-refused':
    case 'forbidden':
    case 'reply-blocked':
    case 'message-empty':
    case 'message-too-long':
    case 'reply-not-found':
    case 'id-conflict':
    case 'conflict':
    case 'invalid':
    case 'protocol':
    case 'cancelled':
      return 'give-up'
  }
}
