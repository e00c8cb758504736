/** What a room's other side was told, beside what was acknowledged: what was lost, doubled, or told out of order. */
export interface Ledger {
  acknowledged(id: string): void
  /** `lane`: whose ears; `seq`: the place that the database gave it. */
  delivered(lane: string, id: string, seq: number): void
  /** Acknowledged and not delivered yet. */
  readonly missing: number
  readonly doubled: number
  readonly outOfOrder: number
  readonly count: number
}

export function createLedger(): Ledger {
  const acknowledged = new Set<string>()
  const delivered = new Set<string>()
  const lastSeq = new Map<string, number>()
  let doubled = 0
  let outOfOrder = 0
  return {
    acknowledged: id => void acknowledged.add(id),
    delivered(lane, id, seq) {
      if (delivered.has(id)) doubled++
      delivered.add(id)
      const last = lastSeq.get(lane) ?? 0
      if (seq < last) outOfOrder++
      lastSeq.set(lane, Math.max(seq, last))
    },
    get missing() {
      let missing = 0
      for (const id of acknowledged) if (!delivered.has(id)) missing++
      return missing
    },
    get doubled() {
      return doubled
    },
    get outOfOrder() {
      return outOfOrder
    },
    get count() {
      return acknowledged.size
    },
  }
}
