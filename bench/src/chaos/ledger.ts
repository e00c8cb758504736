/**
 * What people did, as they know it: what they typed, what they were shown as sent, what they changed. And every untruth
 * that a screen was caught telling.
 */
export interface Typed {
  readonly id: string
  readonly roomId: string
  /** Which device's, in the order in which they were typed there. */
  readonly device: string
  readonly body: string
  /** Some tab showed it as sent, or its sending was answered. */
  isAcknowledged: boolean
  /** Typed on a tab that was killed before it could be saved: it may be gone. */
  mayBeGone: boolean
  acknowledgedBody: string
  /** Texts of edits whose end is not known: one of them may be what it says now. */
  openEdits: Set<string>
  retraction: 'none' | 'open' | 'acknowledged'
}

export interface Ledger {
  readonly typed: ReadonlyMap<string, Typed>
  /** Those since the last time. */
  takeViolations(): string[]
  type(message: { id: string; roomId: string; device: string; body: string }): void
  acknowledge(id: string): void
  find(id: string): Typed | undefined
  /** Shown to anybody as a message of the room. */
  readonly shown: Map<string, string>
  violated(what: string): void
}

export function openLedger(): Ledger {
  const typed = new Map<string, Typed>()
  let violations: string[] = []
  return {
    typed,
    takeViolations() {
      const taken = violations
      violations = []
      return taken
    },
    shown: new Map(),
    type(message) {
      typed.set(message.id, {
        ...message,
        isAcknowledged: false,
        mayBeGone: false,
        acknowledgedBody: message.body,
        openEdits: new Set(),
        retraction: 'none',
      })
    },
    acknowledge(id) {
      const message = typed.get(id)
      if (message) message.isAcknowledged = true
    },
    find: id => typed.get(id),
    violated(what) {
      // The first ones say enough.
      if (violations.length < 200) violations.push(what)
    },
  }
}
