import type { Strings } from '@bedside/react'
import type { RecoveryProblem } from './recovery.ts'

export function recoveryText(problem: RecoveryProblem, strings: Strings): string {
  const { reset, signIn } = strings
  switch (problem) {
    case 'offline':
    case 'unavailable':
    case 'rate-limited':
      return signIn.errors[problem]
    case 'link-gone':
      return reset.linkGoneHelp
    case 'weak':
      return reset.weak
    case 'same':
      return reset.same
    case 'too-long':
      return reset.tooLong
    case 'other':
      return signIn.errors.other
  }
}
