import { ChatError } from '@bedside/core'

/** Whatever was thrown, as what can be said to a person. */
export function chatErrorOf(cause: unknown): ChatError {
  return cause instanceof ChatError ? cause : new ChatError('unavailable', { cause })
}
