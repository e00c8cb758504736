/**
 * One open room as a pure state machine: what is shown of it, and what has to be fetched.
 *
 *   opening --opened--> open (no page yet --newer-loaded--> ready) --access lost--> revoked
 *      \--open-failed--> failed --asked--> (opening again, failed stays on the screen)
 *
 * The database is the truth, the socket is a hint: a broadcast is applied only where it is the next one. A gap, a
 * (re)joined topic and everything that says "something may have been missed" fetches after the last seq. At most
 * one such fetch is in flight; what comes up meanwhile makes it run once more. Each page says which was the room's last
 * change, so that a look for new messages finds out what was edited or retracted as well (`changes.ts`).
 *
 * Must never happen: a hole or a doubled message in what is shown; a message that stays as it was before a change; a
 * cursor that moves back; content in `revoked`.
 */

import {
  type Changes,
  changePassed,
  changesFailed,
  changesLoaded,
  changeTold,
  fetchBegun,
  firstPageTaken,
  isMissingChanges,
  noChanges,
  pageTaken,
} from './changes.ts'
import { type ChatError, reactionTo } from './chat-error.ts'
import { type Step, unchanged } from './machine.ts'
import type { Appointment, Message, Participant, Room } from './records.ts'
import {
  changed,
  emptyTimeline,
  extended,
  hasGap,
  lastSeqOf,
  prepended,
  received,
  type Timeline,
  withoutAhead,
} from './timeline.ts'
import type { ChangePage, MessagePage, OpenedRoom, Receipt, RoomChange } from './transport.ts'

export type NewerFetch =
  | { is: 'idle' }
  /**
   * `afterSeq`: null for the newest page. `aheadAtStart`: what was ahead when it began. `isAgain`: run once more
   * afterwards. `retries`: the failure that this is a new attempt after.
   */
  | {
      is: 'loading'
      afterSeq: number | null
      aheadAtStart: readonly Message[]
      isAgain: boolean
      retries: ChatError | null
    }
  | { is: 'failed'; error: ChatError }

export type OlderFetch = { is: 'idle' } | { is: 'loading' } | { is: 'failed'; error: ChatError }

export type InfoFetch = { is: 'idle' } | { is: 'loading'; isAgain: boolean } | { is: 'failed' }

export interface OpenRoom {
  readonly is: 'open'
  readonly me: string
  readonly appointment: Appointment
  readonly room: Room
  readonly timeline: Timeline
  readonly changes: Changes
  readonly newer: NewerFetch
  readonly older: OlderFetch
  readonly info: InfoFetch
  readonly openedAtReadSeq: number
  readonly mutedUntil: string | null
}

export type RoomState =
  | { readonly is: 'opening' }
  | { readonly is: 'failed'; readonly error: ChatError; readonly isRetrying: boolean }
  | OpenRoom
  | { readonly is: 'revoked' }

export type RoomEvent =
  | { is: 'opened'; opened: OpenedRoom }
  | { is: 'open-failed'; error: ChatError }
  | { is: 'newer-loaded'; page: MessagePage }
  | { is: 'newer-failed'; error: ChatError }
  | { is: 'older-asked' }
  | { is: 'older-loaded'; page: MessagePage }
  | { is: 'older-failed'; error: ChatError }
  | { is: 'changes-loaded'; page: ChangePage }
  | { is: 'changes-failed'; error: ChatError }
  | { is: 'message-received'; message: Message }
  | { is: 'message-changed'; message: Message }
  | { is: 'receipt-received'; receipt: Receipt }
  /**
   * `isCertain`: told on the room's own topic, where every change of the room is told, or answered. `patientMayReply`:
   * as it was just set.
   */
  | { is: 'room-changed'; change: RoomChange; isCertain: boolean; patientMayReply?: boolean }
  | { is: 'appointment-changed' }
  | { is: 'appointment-answered'; appointment: Appointment }
  | { is: 'participants-answered'; participants: readonly Participant[] }
  | { is: 'muted'; until: string | null }
  | { is: 'joined' }
  /** Messages may have been missed. */
  | { is: 'catch-up-asked' }
  /** The room itself may have changed as well. */
  | { is: 'refresh-asked' }

export type RoomEffect =
  | { do: 'open' }
  | { do: 'join'; roomId: string; epoch: number }
  | { do: 'leave' }
  /** `afterSeq` null: the newest page. */
  | { do: 'load-newer'; roomId: string; afterSeq: number | null }
  | { do: 'load-older'; roomId: string; beforeSeq: number }
  | { do: 'load-changes'; roomId: string; afterChange: number }

type RoomStep = Step<RoomState, RoomEffect>
/** Of what leaves the room open. */
type OpenStep = Step<OpenRoom, RoomEffect>

export const startRoom: RoomStep = { state: { is: 'opening' }, effects: [{ do: 'open' }] }

export function reduceRoom(state: RoomState, event: RoomEvent): RoomStep {
  switch (state.is) {
    case 'opening':
    case 'failed':
      return reduceUnopened(state, event)
    case 'open':
      return reduceOpen(state, event)
    case 'revoked':
      return unchanged(state)
  }
}

/** Whether something that could not be fetched is worth another try later. */
export function isBehind(state: RoomState): boolean {
  switch (state.is) {
    case 'opening':
    case 'revoked':
      return false
    case 'failed':
      return reactionTo(state.error.kind) === 'retry'
    case 'open':
      return [state.newer, state.changes.fetch, state.info].some(({ is }) => is === 'failed')
  }
}

/** Whether there may be messages that are not shown yet. */
export function isCatchingUp(state: RoomState): boolean {
  return state.is === 'open' && state.newer.is !== 'idle'
}

function reduceUnopened(state: RoomState & { is: 'opening' | 'failed' }, event: RoomEvent): RoomStep {
  switch (event.is) {
    case 'opened': {
      const { me, appointment, room, mutedUntil } = event.opened
      const openedAtReadSeq = room.participants.find(each => each.id === me)?.readSeq ?? 0
      return {
        state: {
          is: 'open',
          me,
          appointment,
          room,
          timeline: emptyTimeline,
          changes: noChanges,
          newer: { is: 'loading', afterSeq: null, aheadAtStart: [], isAgain: false, retries: null },
          older: { is: 'idle' },
          info: { is: 'idle' },
          openedAtReadSeq,
          mutedUntil,
        },
        effects: [
          { do: 'join', roomId: room.id, epoch: room.epoch },
          { do: 'load-newer', roomId: room.id, afterSeq: null },
        ],
      }
    }
    case 'open-failed':
      return { state: { is: 'failed', error: event.error, isRetrying: false }, effects: [] }
    case 'catch-up-asked':
    case 'refresh-asked':
      if (state.is === 'opening' || state.isRetrying) return unchanged(state)
      return { state: { ...state, isRetrying: true }, effects: [{ do: 'open' }] }
    default:
      return unchanged(state)
  }
}

function reduceOpen(state: OpenRoom, event: RoomEvent): RoomStep {
  switch (event.is) {
    case 'opened':
      return refreshed(state, event.opened)
    case 'open-failed':
      return isAccessLost(event.error)
        ? revoke()
        : { state: { ...state, info: { is: 'failed' } }, effects: [] }
    case 'newer-loaded':
      return newerLoaded(state, event.page)
    case 'newer-failed':
      return isAccessLost(event.error)
        ? revoke()
        : { state: { ...state, newer: { is: 'failed', error: event.error } }, effects: [] }
    case 'older-asked': {
      const first = state.timeline.messages[0]
      if (!first || !state.timeline.hasOlder || state.older.is === 'loading') return unchanged(state)
      return {
        state: { ...state, older: { is: 'loading' } },
        effects: [{ do: 'load-older', roomId: state.room.id, beforeSeq: first.seq }],
      }
    }
    case 'older-loaded':
      return loadChanges({
        ...state,
        older: { is: 'idle' },
        timeline: prepended(state.timeline, event.page),
        changes: state.timeline.isLoaded ? pageTaken(state.changes, event.page.lastChange) : state.changes,
      })
    case 'older-failed':
      return isAccessLost(event.error)
        ? revoke()
        : { state: { ...state, older: { is: 'failed', error: event.error } }, effects: [] }
    case 'changes-loaded':
      return changesApplied(state, event.page)
    case 'changes-failed':
      return isAccessLost(event.error)
        ? revoke()
        : { state: changesIn(state, changesFailed(state.changes)), effects: [] }
    case 'message-received':
    case 'message-changed':
      if (event.message.roomId !== state.room.id) return unchanged(state)
      return messageReceived(state, event.message)
    case 'receipt-received':
      return { state: cursorsMoved(state, event.receipt), effects: [] }
    case 'room-changed':
      return roomChanged(state, event)
    case 'appointment-changed':
      return loadInfo(state)
    // What follows from these for writing is the server's to say.
    case 'appointment-answered':
      if (event.appointment.id !== state.appointment.id) return unchanged(state)
      return loadInfo({ ...state, appointment: event.appointment })
    case 'participants-answered':
      return loadInfo({
        ...state,
        room: { ...state.room, participants: asFarAs(event.participants, state.room.participants) },
      })
    case 'muted':
      // An answer on its way may not know of it.
      return both({ state: { ...state, mutedUntil: event.until }, effects: [] }, loadInfoAgain)
    case 'catch-up-asked':
      return loadNewer(state)
    case 'joined':
    case 'refresh-asked':
      return both(loadNewer(state), loadInfo)
  }
}

function refreshed(state: OpenRoom, { appointment, room, mutedUntil }: OpenedRoom): OpenStep {
  const isAgain = state.info.is === 'loading' && state.info.isAgain
  const participants = asFarAs(room.participants, state.room.participants)
  // An answer overtaken by an event must not bring an older epoch or status back.
  const epoch = Math.max(room.epoch, state.room.epoch)
  const lastSeq = Math.max(room.lastSeq, state.room.lastSeq)
  const { status } = room.lastSeq < lastSeq ? state.room : room
  const settled: OpenRoom = {
    ...state,
    appointment,
    mutedUntil,
    room: { ...room, status, epoch, lastSeq, participants },
    info: { is: 'idle' },
  }
  const step = epochSet(state, settled)
  return isAgain ? both(step, loadInfo) : step
}

function newerLoaded(state: OpenRoom, page: MessagePage): OpenStep {
  const { afterSeq, aheadAtStart, isAgain } =
    state.newer.is === 'loading'
      ? state.newer
      : { afterSeq: lastSeqOf(state.timeline), aheadAtStart: [], isAgain: false }
  const longer = extended(state.timeline, page)
  // By what was asked: what came by another way meanwhile says nothing of what there is beyond this page.
  const hasMoreNewer = afterSeq !== null && page.hasMore && (page.messages.at(-1)?.seq ?? 0) > afterSeq
  const timeline = hasMoreNewer ? longer : withoutAhead(longer, aheadAtStart)
  const moved = timelineIn(
    { ...state, newer: { is: 'idle' }, changes: changesAfter(state, page, longer) },
    timeline,
  )
  const epoch = Math.max(page.epoch, moved.room.epoch)
  const step = epochSet(state, { ...moved, room: { ...moved.room, epoch } })
  const isOtherRoom = page.epoch > state.room.epoch || isSomebodyNew(state, timeline)
  const informed = isOtherRoom ? both(step, loadInfo) : step
  const stepped = both(informed, loadChanges)
  return isAgain || hasMoreNewer || hasGap(timeline) ? both(stepped, loadNewer) : stepped
}

function changesAfter({ timeline, changes }: OpenRoom, page: MessagePage, longer: Timeline): Changes {
  if (!timeline.isLoaded) return firstPageTaken(changes, page.lastChange)
  // Of a page that brought nothing only its word is new.
  return longer === timeline ? changeTold(changes, page.lastChange) : pageTaken(changes, page.lastChange)
}

function messageReceived(state: OpenRoom, message: Message): OpenStep {
  const { timeline, changes } = state
  if (message.change === null) return timelineSet(state, received(timeline, message))
  const passed = timeline.isLoaded
    ? changePassed(changes, message.change)
    : changeTold(changes, message.change)
  const step = timelineSet(changesIn(state, passed), changed(timeline, message))
  return both(step, loadChanges)
}

function changesApplied(state: OpenRoom, page: ChangePage): OpenStep {
  const timeline = page.messages.reduce(changed, state.timeline)
  const step = timelineSet(changesIn(state, changesLoaded(state.changes, page)), timeline)
  return both(step, loadChanges)
}

function changesIn(state: OpenRoom, changes: Changes): OpenRoom {
  return changes === state.changes ? state : { ...state, changes }
}

function timelineSet(state: OpenRoom, timeline: Timeline): OpenStep {
  if (timeline === state.timeline) return unchanged(state)
  const moved = timelineIn(state, timeline)
  const step = hasGap(timeline) && timeline.isLoaded ? loadNewer(moved) : { state: moved, effects: [] }
  return isSomebodyNew(state, timeline) ? both(step, loadInfo) : step
}

/** Whether what came says that somebody was added of whom the room as it was loaded does not know. */
function isSomebodyNew({ room, timeline: before }: OpenRoom, timeline: Timeline): boolean {
  const last = lastSeqOf(before)
  return timeline.messages.some(({ seq, event, createdAt }) => {
    if (seq <= last || event?.type !== 'participant_added') return false
    const known = room.participants.find(each => each.id === event.subjectId)
    if (known === undefined) return true
    // Who has not left is there.
    return Date.parse(known.leftAt ?? createdAt) < Date.parse(createdAt)
  })
}

function roomChanged(state: OpenRoom, event: RoomEvent & { is: 'room-changed' }): OpenStep {
  const { change, isCertain } = event
  if (change.roomId !== state.room.id) return unchanged(state)
  const isNewEpoch = change.epoch > state.room.epoch
  const room = roomAfter(state.room, event)
  let step: OpenStep = room === state.room ? unchanged(state) : epochSet(state, { ...state, room })
  if (isCertain || isNewEpoch || change.status !== state.room.status) step = both(step, loadInfo)
  const isMissing = state.timeline.isLoaded && change.lastSeq > lastSeqOf(state.timeline)
  if (isMissing || isNewEpoch) step = both(step, loadNewer)
  return both(step, open => loadChanges(changesIn(open, changeTold(open.changes, change.lastChange))))
}

/** What is told of a room is as new as its last message: each change of status is one. */
function roomAfter(room: Room, { change, patientMayReply }: RoomEvent & { is: 'room-changed' }): Room {
  const isNews = change.lastSeq >= room.lastSeq
  const after: Room = {
    ...room,
    epoch: Math.max(room.epoch, change.epoch),
    status: isNews ? change.status : room.status,
    waitingSince: isNews ? change.waitingSince : room.waitingSince,
    patientMayReply: patientMayReply ?? room.patientMayReply,
  }
  const keys = ['epoch', 'status', 'waitingSince', 'patientMayReply'] as const
  return keys.some(key => after[key] !== room[key]) ? after : room
}

function loadNewer(state: OpenRoom): OpenStep {
  if (state.newer.is === 'loading') {
    if (state.newer.isAgain) return unchanged(state)
    return { state: { ...state, newer: { ...state.newer, isAgain: true } }, effects: [] }
  }
  const { timeline } = state
  const afterSeq = timeline.isLoaded ? lastSeqOf(timeline) : null
  const retries = state.newer.is === 'failed' ? state.newer.error : null
  return {
    state: {
      ...state,
      newer: { is: 'loading', afterSeq, aheadAtStart: timeline.ahead, isAgain: false, retries },
    },
    effects: [{ do: 'load-newer', roomId: state.room.id, afterSeq }],
  }
}

/** Where there are any to be fetched. */
function loadChanges(state: OpenRoom): OpenStep {
  if (!state.timeline.isLoaded || !isMissingChanges(state.changes)) return unchanged(state)
  const { last } = state.changes
  return {
    state: { ...state, changes: fetchBegun(state.changes) },
    effects: [{ do: 'load-changes', roomId: state.room.id, afterChange: last }],
  }
}

function loadInfo(state: OpenRoom): OpenStep {
  if (state.info.is === 'loading') {
    if (state.info.isAgain) return unchanged(state)
    return { state: { ...state, info: { is: 'loading', isAgain: true } }, effects: [] }
  }
  return { state: { ...state, info: { is: 'loading', isAgain: false } }, effects: [{ do: 'open' }] }
}

function loadInfoAgain(state: OpenRoom): OpenStep {
  return state.info.is === 'loading' ? loadInfo(state) : unchanged(state)
}

/** Joins the topic of the new epoch, where it is another one. */
function epochSet(before: OpenRoom, state: OpenRoom): OpenStep {
  const { id: roomId, epoch } = state.room
  return { state, effects: epoch === before.room.epoch ? [] : [{ do: 'join', roomId, epoch }] }
}

function both(step: OpenStep, then: (state: OpenRoom) => OpenStep): OpenStep {
  const after = then(step.state)
  return { state: after.state, effects: [...step.effects, ...after.effects] }
}

function revoke(): RoomStep {
  return { state: { is: 'revoked' }, effects: [{ do: 'leave' }] }
}

export function isAccessLost(error: ChatError): boolean {
  return error.kind === 'not-found' || error.kind === 'forbidden'
}

function asFarAs(now: readonly Participant[], before: readonly Participant[]): Participant[] {
  return now.map(each => furthest(each, before))
}

function furthest(now: Participant, before: readonly Participant[]): Participant {
  const known = before.find(each => each.id === now.id)
  if (!known) return now
  return {
    ...now,
    deliveredSeq: Math.max(now.deliveredSeq, known.deliveredSeq),
    readSeq: Math.max(now.readSeq, known.readSeq),
  }
}

function cursorsMoved(state: OpenRoom, receipt: Receipt): OpenRoom {
  let isMoved = false
  const participants = state.room.participants.map(each => {
    if (each.id !== receipt.userId) return each
    if (receipt.readSeq <= each.readSeq && receipt.deliveredSeq <= each.deliveredSeq) return each
    isMoved = true
    return furthest({ ...each, deliveredSeq: receipt.deliveredSeq, readSeq: receipt.readSeq }, [each])
  })
  return isMoved ? { ...state, room: { ...state.room, participants } } : state
}

function timelineIn(state: OpenRoom, timeline: Timeline): OpenRoom {
  const lastSeq = Math.max(state.room.lastSeq, lastSeqOf(timeline))
  const room = lastSeq === state.room.lastSeq ? state.room : { ...state.room, lastSeq }
  return { ...state, room, timeline }
}
