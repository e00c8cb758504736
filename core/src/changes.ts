/**
 * How far this device has followed a room's edits and retractions. They are numbered 1, 2, 3 … without gaps, and a
 * message carries the number of its last one.
 *
 * `last` is a promise: whatever is loaded is as new as that number, or a later change of it is still to come. The next
 * change raises it, whether or not its message is loaded; a higher one only tells that there are some to be fetched. A
 * page that the server read before a change which has passed here meanwhile lowers it again.
 *
 * Must never happen: a change passed over for good; two fetches at once; a fetch for ever for what does not exist.
 */
import type { ChangePage } from './transport.ts'

export interface Changes {
  readonly last: number
  /** The highest number heard of since the last fetch began. */
  readonly told: number
  readonly fetch:
    | { is: 'idle' }
    /** `after`: the last one when it began. `asked`: what had been told of until then. */
    | { is: 'loading'; after: number; asked: number }
    | { is: 'failed' }
}

export const noChanges: Changes = { last: 0, told: 0, fetch: { is: 'idle' } }

/** Whether there are changes to be fetched, and nothing fetches them. */
export function isMissingChanges({ last, told, fetch }: Changes): boolean {
  return told > last && fetch.is !== 'loading'
}

/** The room's last change is said to be this one, or a later one. */
export function changeTold(changes: Changes, change: number): Changes {
  return change > changes.last && change > changes.told ? { ...changes, told: change } : changes
}

/** This one has been applied to what is loaded. */
export function changePassed(changes: Changes, change: number): Changes {
  return change === changes.last + 1 ? settled({ ...changes, last: change }) : changeTold(changes, change)
}

/** The first page, which everything begins with. */
export function firstPageTaken(changes: Changes, lastChange: number): Changes {
  return settled({ ...changes, last: lastChange })
}

/** Messages were loaded that are as new as `lastChange` and perhaps no newer. */
export function pageTaken(changes: Changes, lastChange: number): Changes {
  if (lastChange >= changes.last) return changeTold(changes, lastChange)
  return { ...changes, last: lastChange, told: Math.max(changes.told, changes.last) }
}

export function fetchBegun(changes: Changes): Changes {
  return { ...changes, told: 0, fetch: { is: 'loading', after: changes.last, asked: changes.told } }
}

export function changesLoaded(changes: Changes, page: ChangePage): Changes {
  if (changes.fetch.is !== 'loading') return changes
  const { after } = changes.fetch
  const end = page.messages.at(-1)?.change ?? 0
  const reached = page.hasMore ? end : Math.max(end, page.lastChange)
  const rest = page.hasMore && end > after ? page.lastChange : 0
  const idle: Changes = { ...changes, told: Math.max(changes.told, rest), fetch: { is: 'idle' } }
  // Lowered meanwhile: what lies between was not asked for.
  return changes.last < after ? changeTold(idle, reached) : { ...idle, last: Math.max(changes.last, reached) }
}

export function changesFailed(changes: Changes): Changes {
  if (changes.fetch.is !== 'loading') return changes
  return settled({
    ...changes,
    told: Math.max(changes.told, changes.fetch.asked),
    fetch: { is: 'failed' },
  })
}

/** What came by another way needs no second attempt. */
function settled(changes: Changes): Changes {
  const isDone = changes.fetch.is === 'failed' && changes.told <= changes.last
  return isDone ? { ...changes, fetch: { is: 'idle' } } : changes
}
