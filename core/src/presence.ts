/**
 * Who of a room's people has it open now. Anybody of the room may claim to be anybody on the topic that this comes from:
 * it is decoration, and only people of the room are shown.
 */
export interface Presence {
  /** Everybody else who takes part in the room. */
  readonly others: readonly string[]
  /** Whoever is said to be there, each once, however many devices they have. */
  readonly told: readonly string[]
}

export type PresenceEvent =
  | { is: 'others-changed'; others: readonly string[] }
  | { is: 'told'; userIds: readonly string[] }
  /** Of whom is there nothing is known any more. */
  | { is: 'lost' }

export const nobodyPresent: Presence = { others: [], told: [] }

export function reducePresence(state: Presence, event: PresenceEvent): Presence {
  switch (event.is) {
    case 'others-changed':
      return { ...state, others: event.others }
    case 'told':
      return { ...state, told: event.userIds }
    case 'lost':
      return { ...state, told: [] }
  }
}

/** In the order in which they take part. */
export function presentOf({ others, told }: Presence): string[] {
  return others.filter(userId => told.includes(userId))
}
