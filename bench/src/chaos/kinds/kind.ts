import type { World } from '../world.ts'

/** One kind of fault. A batch is some points one after the other while people type; then everything has to heal. */
export interface Kind {
  readonly name: string
  /** How many points a batch has. */
  readonly batch: number
  /** A point takes many seconds: `npm test` has one of it. */
  readonly isLong?: true
  /** On a stack of its own, whose disk has so much room. Needs root, on Linux. */
  readonly diskMegabytes?: number
  /** Resolves at the end of the last fault of the batch. */
  inflict(world: World, points: number): Promise<Inflicted>
}

export interface Inflicted {
  /** How many points it came to. */
  points: number
  /** How long nobody could know of the fault: from its beginning until the last client had noticed. */
  noticedMs?: readonly number[]
  /** How long a killed process was gone. */
  goneMs?: readonly number[]
}
