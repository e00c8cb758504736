import { ChatError } from '@bedside/core'
import type { Strings } from '../strings/en.ts'

/** Why a message could not be edited or removed, in words. */
export function changeErrorText(error: unknown, strings: Strings): string {
  if (!(error instanceof ChatError)) return strings.errors.protocol
  switch (error.word) {
    case 'edit_window_over':
      return strings.actions.editWindowOver
    case 'message_retracted':
    case 'message_erased':
      return strings.actions.alreadyRemoved
    default:
      return strings.errors[error.kind]
  }
}
