import { describe, expect, it } from 'vitest'
import { ChatError } from './chat-error.ts'
import type { Message, SystemEventType } from './records.ts'
import {
  isBehind,
  isCatchingUp,
  type OpenRoom,
  type RoomEffect,
  type RoomEvent,
  type RoomState,
  reduceRoom,
  startRoom,
} from './room-state.ts'
import { messageAt, openedAt, pageOf, participantOf } from './testing/room-samples.ts'
import { AHEAD_MAX } from './timeline.ts'
import type { MessagePage } from './transport.ts'

const outage = new ChatError('unavailable')
const gone = new ChatError('not-found')
const opened = openedAt({ lastSeq: 12 })

function stateAfter(...events: RoomEvent[]): RoomState {
  return events.reduce((state, event) => reduceRoom(state, event).state, startRoom.state)
}
/** The room's last change when it was opened here. */
const CHANGE = 4
const newerOf = (first: number, last: number, more: { hasMore?: boolean; epoch?: number } = {}) =>
  pageOf(first, last, { lastChange: CHANGE, ...more })
const loaded: RoomEvent = { is: 'newer-loaded', page: newerOf(11, 12, { hasMore: true }) }

function edited(seq: number, change = CHANGE + 1, body = `edit ${change}`): Message {
  return { ...messageAt(seq), body, editedAt: '2026-01-15T10:00:00.000Z', change }
}
function eventAt(seq: number, type: SystemEventType, subjectId: string | null = null): Message {
  return { ...messageAt(seq, null), event: { type, actorId: 'doctor', subjectId, minutes: null } }
}

// Each is made anew for the test that asks for it.
const states = {
  get opening(): RoomState {
    return startRoom.state
  },
  get failed(): RoomState {
    return stateAfter({ is: 'open-failed', error: outage })
  },
  get retrying(): RoomState {
    return stateAfter({ is: 'open-failed', error: outage }, { is: 'catch-up-asked' })
  },
  get 'no page yet'(): RoomState {
    return stateAfter({ is: 'opened', opened })
  },
  get ready(): RoomState {
    return stateAfter({ is: 'opened', opened }, loaded)
  },
  get fetching(): RoomState {
    return stateAfter({ is: 'opened', opened }, loaded, { is: 'catch-up-asked' })
  },
  get 'fetching all, again'(): RoomState {
    return stateAfter({ is: 'opened', opened }, loaded, { is: 'refresh-asked' }, { is: 'refresh-asked' })
  },
  get behind(): RoomState {
    return stateAfter(
      { is: 'opened', opened },
      loaded,
      { is: 'catch-up-asked' },
      { is: 'newer-failed', error: outage },
    )
  },
  get 'loading older'(): RoomState {
    return stateAfter({ is: 'opened', opened }, loaded, { is: 'older-asked' })
  },
  get 'fetching changes'(): RoomState {
    return stateAfter({ is: 'opened', opened }, loaded, { is: 'message-changed', message: edited(3, 7) })
  },
  get 'behind with changes'(): RoomState {
    return stateAfter(
      { is: 'opened', opened },
      loaded,
      { is: 'message-changed', message: edited(3, 7) },
      { is: 'changes-failed', error: outage },
    )
  },
  get revoked(): RoomState {
    return { is: 'revoked' }
  },
}

const change = {
  roomId: 'room',
  appointmentId: 'appointment',
  epoch: 1,
  status: 'open',
  lastSeq: 12,
  lastChange: CHANGE,
  waitingSince: null,
} as const
const UNTIL = '2026-02-01T00:00:00.000Z'
const events = {
  opened: { is: 'opened', opened },
  'opened with a new epoch': { is: 'opened', opened: openedAt({ lastSeq: 12, epoch: 2 }) },
  'open-failed': { is: 'open-failed', error: outage },
  'open refused': { is: 'open-failed', error: gone },
  'newer-loaded': { is: 'newer-loaded', page: newerOf(13, 14) },
  'newer-loaded, more': { is: 'newer-loaded', page: newerOf(13, 14, { hasMore: true }) },
  'newer-loaded, new epoch': { is: 'newer-loaded', page: newerOf(13, 13, { epoch: 2 }) },
  'newer-loaded, read before a change': { is: 'newer-loaded', page: pageOf(13, 14, { lastChange: 2 }) },
  'newer-loaded, read after changes': { is: 'newer-loaded', page: pageOf(13, 14, { lastChange: 6 }) },
  'nothing newer, but changes': { is: 'newer-loaded', page: pageOf(13, 12, { lastChange: 6 }) },
  'nothing newer, told late': { is: 'newer-loaded', page: pageOf(13, 12, { lastChange: 2 }) },
  'newer-failed': { is: 'newer-failed', error: outage },
  'newer refused': { is: 'newer-failed', error: gone },
  'older-asked': { is: 'older-asked' },
  'older-loaded': { is: 'older-loaded', page: newerOf(9, 10) },
  'older-loaded, read before a change': { is: 'older-loaded', page: pageOf(9, 10, { lastChange: 2 }) },
  'older-loaded, read after changes': { is: 'older-loaded', page: pageOf(9, 10, { lastChange: 6 }) },
  'older-failed': { is: 'older-failed', error: outage },
  'changes-loaded': {
    is: 'changes-loaded',
    page: { messages: [edited(3, 5), edited(12, 7)], lastChange: 7, hasMore: false },
  },
  'changes-loaded, more': {
    is: 'changes-loaded',
    page: { messages: [edited(11, 5), edited(14, 6)], lastChange: 9, hasMore: true },
  },
  'changes-failed': { is: 'changes-failed', error: outage },
  'changes refused': { is: 'changes-failed', error: gone },
  'message-received': { is: 'message-received', message: messageAt(13) },
  'message ahead': { is: 'message-received', message: messageAt(14) },
  'message known': { is: 'message-received', message: messageAt(12) },
  'message-changed': { is: 'message-changed', message: edited(12) },
  'change passed before': { is: 'message-changed', message: edited(12, CHANGE) },
  'change after a gap': { is: 'message-changed', message: edited(12, 7) },
  'own message, changed since': { is: 'message-received', message: edited(13) },
  'change of a message not loaded': { is: 'message-changed', message: edited(3) },
  'change of the next message': { is: 'message-changed', message: edited(13) },
  'change of a message ahead': { is: 'message-changed', message: edited(14) },
  'change in another room': { is: 'message-changed', message: { ...edited(12), roomId: 'other' } },
  'somebody added': { is: 'message-received', message: eventAt(13, 'participant_added', 'nurse') },
  'message of another room': { is: 'message-received', message: { ...messageAt(13), roomId: 'other' } },
  'receipt-received': {
    is: 'receipt-received',
    receipt: { userId: 'doctor', deliveredSeq: 12, readSeq: 11 },
  },
  'receipt moving back': {
    is: 'receipt-received',
    receipt: { userId: 'doctor', deliveredSeq: 1, readSeq: 0 },
  },
  'room-changed': { is: 'room-changed', change, isCertain: true },
  'heard of a message': { is: 'room-changed', change: { ...change, lastSeq: 13 }, isCertain: false },
  'heard of a change': { is: 'room-changed', change: { ...change, lastChange: 5 }, isCertain: false },
  'heard of nothing new': { is: 'room-changed', change, isCertain: false },
  'heard that it closed': {
    is: 'room-changed',
    change: { ...change, lastSeq: 13, status: 'closed' },
    isCertain: false,
  },
  'heard of an older status': {
    is: 'room-changed',
    change: { ...change, lastSeq: 11, status: 'read_only' },
    isCertain: false,
  },
  'heard of a new epoch': { is: 'room-changed', change: { ...change, epoch: 2 }, isCertain: false },
  'heard of another room': {
    is: 'room-changed',
    change: { ...change, roomId: 'other', epoch: 9 },
    isCertain: false,
  },
  'appointment-changed': { is: 'appointment-changed' },
  'appointment-answered': {
    is: 'appointment-answered',
    appointment: { ...opened.appointment, status: 'completed' },
  },
  'another appointment answered': {
    is: 'appointment-answered',
    appointment: { ...opened.appointment, id: 'other' },
  },
  'participants-answered': {
    is: 'participants-answered',
    participants: [...opened.room.participants, participantOf('nurse', 'care_team', 0)],
  },
  muted: { is: 'muted', until: UNTIL },
  joined: { is: 'joined' },
  'catch-up-asked': { is: 'catch-up-asked' },
  'refresh-asked': { is: 'refresh-asked' },
} as const satisfies Record<RoomEvent['is'] | (string & {}), RoomEvent>
// A new kind of event does not compile until it has its row of cells here.
type Covered = Record<RoomEvent['is'], RoomEvent>
const covered: Covered = events

type Row = Record<keyof typeof events, string>
const nothing = Object.fromEntries(Object.keys(events).map(each => [each, '='])) as Row

// "=": the same object. Otherwise the first and last seq, `+` what is ahead, `~` the last change (and `>` what was told
// of beyond it) where it is not the one at the opening, in brackets what is being fetched (newer messages, older ones,
// changes, the room itself; `+` once more afterwards, `!` failed), and what is to be done.
const table: Record<keyof typeof states, Row> = {
  opening: {
    ...nothing,
    opened: 'no page [n] | join 1, load-newer null',
    'opened with a new epoch': 'no page [n] | join 2, load-newer null',
    'open-failed': 'failed unavailable',
    'open refused': 'failed not-found',
  },
  failed: {
    ...nothing,
    opened: 'no page [n] | join 1, load-newer null',
    'opened with a new epoch': 'no page [n] | join 2, load-newer null',
    'open-failed': 'failed unavailable',
    'open refused': 'failed not-found',
    'catch-up-asked': 'failed unavailable, retrying | open',
    'refresh-asked': 'failed unavailable, retrying | open',
  },
  retrying: {
    ...nothing,
    opened: 'no page [n] | join 1, load-newer null',
    'opened with a new epoch': 'no page [n] | join 2, load-newer null',
    'open-failed': 'failed unavailable',
    'open refused': 'failed not-found',
  },
  'no page yet': {
    ...nothing,
    opened: 'no page [n]',
    'opened with a new epoch': 'no page [n] | join 2',
    'open-failed': 'no page [n i!]',
    'open refused': 'revoked | leave',
    'newer-loaded': '13-14',
    'newer-loaded, more': '13-14',
    'newer-loaded, new epoch': '13-13 [i] | join 2, open',
    'newer-loaded, read before a change': '13-14 ~2',
    'newer-loaded, read after changes': '13-14 ~6',
    'nothing newer, but changes': '- ~6',
    'nothing newer, told late': '- ~2',
    'newer-failed': 'no page [n!]',
    'newer refused': 'revoked | leave',
    'older-loaded': 'no page [n]',
    'older-loaded, read before a change': 'no page [n]',
    'older-loaded, read after changes': 'no page [n]',
    'older-failed': 'no page [n o!]',
    'changes-loaded': 'no page + 3 12 [n]',
    'changes-loaded, more': 'no page + 11 14 [n]',
    'changes refused': 'revoked | leave',
    'message-received': 'no page + 13 [n]',
    'message ahead': 'no page + 14 [n]',
    'message known': 'no page + 12 [n]',
    'message-changed': 'no page + 12 ~0>5 [n]',
    'change passed before': 'no page + 12 ~0>4 [n]',
    'change after a gap': 'no page + 12 ~0>7 [n]',
    'own message, changed since': 'no page + 13 ~0>5 [n]',
    'change of a message not loaded': 'no page + 3 ~0>5 [n]',
    'change of the next message': 'no page + 13 ~0>5 [n]',
    'change of a message ahead': 'no page + 14 ~0>5 [n]',
    'somebody added': 'no page + 13 [n]',
    'receipt-received': 'no page [n]',
    'room-changed': 'no page ~0>4 [n i] | open',
    'heard of a message': 'no page ~0>4 [n]',
    'heard of a change': 'no page ~0>5 [n]',
    'heard of nothing new': 'no page ~0>4 [n]',
    'heard that it closed': 'no page ~0>4 closed [n i] | open',
    'heard of an older status': 'no page ~0>4 [n i] | open',
    'heard of a new epoch': 'no page ~0>4 [n+ i] | join 2, open',
    'appointment-changed': 'no page [n i] | open',
    'appointment-answered': 'no page completed [n i] | open',
    'participants-answered': 'no page 3 people [n i] | open',
    muted: 'no page muted [n]',
    joined: 'no page [n+ i] | open',
    'catch-up-asked': 'no page [n+]',
    'refresh-asked': 'no page [n+ i] | open',
  },
  ready: {
    ...nothing,
    opened: '11-12',
    'opened with a new epoch': '11-12 | join 2',
    'open-failed': '11-12 [i!]',
    'open refused': 'revoked | leave',
    'newer-loaded': '11-14',
    'newer-loaded, more': '11-14 [n] | load-newer 14',
    'newer-loaded, new epoch': '11-13 [i] | join 2, open',
    'newer-loaded, read before a change': '11-14 ~2 [c] | load-changes 2',
    'newer-loaded, read after changes': '11-14 [c] | load-changes 4',
    'nothing newer, but changes': '11-12 [c] | load-changes 4',
    'nothing newer, told late': '11-12',
    'newer-failed': '11-12 [n!]',
    'newer refused': 'revoked | leave',
    'older-asked': '11-12 [o] | load-older 11',
    'older-loaded': '9-12',
    'older-loaded, read before a change': '9-12 ~2 [c] | load-changes 2',
    'older-loaded, read after changes': '9-12 [c] | load-changes 4',
    'older-failed': '11-12 [o!]',
    'changes-loaded': '11-12',
    'changes-loaded, more': '11-12 + 14 [n] | load-newer 12',
    'changes refused': 'revoked | leave',
    'message-received': '11-13',
    'message ahead': '11-12 + 14 [n] | load-newer 12',
    'message-changed': '11-12 ~5',
    'change passed before': '11-12',
    'change after a gap': '11-12 [c] | load-changes 4',
    'own message, changed since': '11-13 ~5',
    'change of a message not loaded': '11-12 ~5',
    'change of the next message': '11-13 ~5',
    'change of a message ahead': '11-12 + 14 ~5 [n] | load-newer 12',
    'somebody added': '11-13 [i] | open',
    'receipt-received': '11-12',
    'room-changed': '11-12 [i] | open',
    'heard of a message': '11-12 [n] | load-newer 12',
    'heard of a change': '11-12 [c] | load-changes 4',
    'heard that it closed': '11-12 closed [n i] | open, load-newer 12',
    'heard of an older status': '11-12 [i] | open',
    'heard of a new epoch': '11-12 [n i] | join 2, open, load-newer 12',
    'appointment-changed': '11-12 [i] | open',
    'appointment-answered': '11-12 completed [i] | open',
    'participants-answered': '11-12 3 people [i] | open',
    muted: '11-12 muted',
    joined: '11-12 [n i] | load-newer 12, open',
    'catch-up-asked': '11-12 [n] | load-newer 12',
    'refresh-asked': '11-12 [n i] | load-newer 12, open',
  },
  fetching: {
    ...nothing,
    opened: '11-12 [n]',
    'opened with a new epoch': '11-12 [n] | join 2',
    'open-failed': '11-12 [n i!]',
    'open refused': 'revoked | leave',
    'newer-loaded': '11-14',
    'newer-loaded, more': '11-14 [n] | load-newer 14',
    'newer-loaded, new epoch': '11-13 [i] | join 2, open',
    'newer-loaded, read before a change': '11-14 ~2 [c] | load-changes 2',
    'newer-loaded, read after changes': '11-14 [c] | load-changes 4',
    'nothing newer, but changes': '11-12 [c] | load-changes 4',
    'nothing newer, told late': '11-12',
    'newer-failed': '11-12 [n!]',
    'newer refused': 'revoked | leave',
    'older-asked': '11-12 [n o] | load-older 11',
    'older-loaded': '9-12 [n]',
    'older-loaded, read before a change': '9-12 ~2 [n c] | load-changes 2',
    'older-loaded, read after changes': '9-12 [n c] | load-changes 4',
    'older-failed': '11-12 [n o!]',
    'changes-loaded': '11-12 [n]',
    'changes-loaded, more': '11-12 + 14 [n+]',
    'changes refused': 'revoked | leave',
    'message-received': '11-13 [n]',
    'message ahead': '11-12 + 14 [n+]',
    'message-changed': '11-12 ~5 [n]',
    'change passed before': '11-12 [n]',
    'change after a gap': '11-12 [n c] | load-changes 4',
    'own message, changed since': '11-13 ~5 [n]',
    'change of a message not loaded': '11-12 ~5 [n]',
    'change of the next message': '11-13 ~5 [n]',
    'change of a message ahead': '11-12 + 14 ~5 [n+]',
    'somebody added': '11-13 [n i] | open',
    'receipt-received': '11-12 [n]',
    'room-changed': '11-12 [n i] | open',
    'heard of a message': '11-12 [n+]',
    'heard of a change': '11-12 [n c] | load-changes 4',
    'heard that it closed': '11-12 closed [n+ i] | open',
    'heard of an older status': '11-12 [n i] | open',
    'heard of a new epoch': '11-12 [n+ i] | join 2, open',
    'appointment-changed': '11-12 [n i] | open',
    'appointment-answered': '11-12 completed [n i] | open',
    'participants-answered': '11-12 3 people [n i] | open',
    muted: '11-12 muted [n]',
    joined: '11-12 [n+ i] | open',
    'catch-up-asked': '11-12 [n+]',
    'refresh-asked': '11-12 [n+ i] | open',
  },
  'fetching all, again': {
    ...nothing,
    opened: '11-12 [n+ i] | open',
    'opened with a new epoch': '11-12 [n+ i] | join 2, open',
    'open-failed': '11-12 [n+ i!]',
    'open refused': 'revoked | leave',
    'newer-loaded': '11-14 [n i+] | load-newer 14',
    'newer-loaded, more': '11-14 [n i+] | load-newer 14',
    'newer-loaded, new epoch': '11-13 [n i+] | join 2, load-newer 13',
    'newer-loaded, read before a change': '11-14 ~2 [n c i+] | load-changes 2, load-newer 14',
    'newer-loaded, read after changes': '11-14 [n c i+] | load-changes 4, load-newer 14',
    'nothing newer, but changes': '11-12 [n c i+] | load-changes 4, load-newer 12',
    'nothing newer, told late': '11-12 [n i+] | load-newer 12',
    'newer-failed': '11-12 [n! i+]',
    'newer refused': 'revoked | leave',
    'older-asked': '11-12 [n+ o i+] | load-older 11',
    'older-loaded': '9-12 [n+ i+]',
    'older-loaded, read before a change': '9-12 ~2 [n+ c i+] | load-changes 2',
    'older-loaded, read after changes': '9-12 [n+ c i+] | load-changes 4',
    'older-failed': '11-12 [n+ o! i+]',
    'changes-loaded': '11-12 [n+ i+]',
    'changes-loaded, more': '11-12 + 14 [n+ i+]',
    'changes refused': 'revoked | leave',
    'message-received': '11-13 [n+ i+]',
    'message ahead': '11-12 + 14 [n+ i+]',
    'message-changed': '11-12 ~5 [n+ i+]',
    'change passed before': '11-12 [n+ i+]',
    'change after a gap': '11-12 [n+ c i+] | load-changes 4',
    'own message, changed since': '11-13 ~5 [n+ i+]',
    'change of a message not loaded': '11-12 ~5 [n+ i+]',
    'change of the next message': '11-13 ~5 [n+ i+]',
    'change of a message ahead': '11-12 + 14 ~5 [n+ i+]',
    'somebody added': '11-13 [n+ i+]',
    'receipt-received': '11-12 [n+ i+]',
    'heard of a change': '11-12 [n+ c i+] | load-changes 4',
    'heard that it closed': '11-12 closed [n+ i+]',
    'heard of a new epoch': '11-12 [n+ i+] | join 2',
    'appointment-answered': '11-12 completed [n+ i+]',
    'participants-answered': '11-12 3 people [n+ i+]',
    muted: '11-12 muted [n+ i+]',
  },
  behind: {
    ...nothing,
    opened: '11-12 [n!]',
    'opened with a new epoch': '11-12 [n!] | join 2',
    'open-failed': '11-12 [n! i!]',
    'open refused': 'revoked | leave',
    'newer-loaded': '11-14',
    'newer-loaded, more': '11-14 [n] | load-newer 14',
    'newer-loaded, new epoch': '11-13 [i] | join 2, open',
    'newer-loaded, read before a change': '11-14 ~2 [c] | load-changes 2',
    'newer-loaded, read after changes': '11-14 [c] | load-changes 4',
    'nothing newer, but changes': '11-12 [c] | load-changes 4',
    'nothing newer, told late': '11-12',
    'newer-failed': '11-12 [n!]',
    'newer refused': 'revoked | leave',
    'older-asked': '11-12 [n! o] | load-older 11',
    'older-loaded': '9-12 [n!]',
    'older-loaded, read before a change': '9-12 ~2 [n! c] | load-changes 2',
    'older-loaded, read after changes': '9-12 [n! c] | load-changes 4',
    'older-failed': '11-12 [n! o!]',
    'changes-loaded': '11-12 [n!]',
    'changes-loaded, more': '11-12 + 14 [n] | load-newer 12',
    'changes refused': 'revoked | leave',
    'message-received': '11-13 [n!]',
    'message ahead': '11-12 + 14 [n] | load-newer 12',
    'message-changed': '11-12 ~5 [n!]',
    'change passed before': '11-12 [n!]',
    'change after a gap': '11-12 [n! c] | load-changes 4',
    'own message, changed since': '11-13 ~5 [n!]',
    'change of a message not loaded': '11-12 ~5 [n!]',
    'change of the next message': '11-13 ~5 [n!]',
    'change of a message ahead': '11-12 + 14 ~5 [n] | load-newer 12',
    'somebody added': '11-13 [n! i] | open',
    'receipt-received': '11-12 [n!]',
    'room-changed': '11-12 [n! i] | open',
    'heard of a message': '11-12 [n] | load-newer 12',
    'heard of a change': '11-12 [n! c] | load-changes 4',
    'heard that it closed': '11-12 closed [n i] | open, load-newer 12',
    'heard of an older status': '11-12 [n! i] | open',
    'heard of a new epoch': '11-12 [n i] | join 2, open, load-newer 12',
    'appointment-changed': '11-12 [n! i] | open',
    'appointment-answered': '11-12 completed [n! i] | open',
    'participants-answered': '11-12 3 people [n! i] | open',
    muted: '11-12 muted [n!]',
    joined: '11-12 [n i] | load-newer 12, open',
    'catch-up-asked': '11-12 [n] | load-newer 12',
    'refresh-asked': '11-12 [n i] | load-newer 12, open',
  },
  'loading older': {
    ...nothing,
    opened: '11-12 [o]',
    'opened with a new epoch': '11-12 [o] | join 2',
    'open-failed': '11-12 [o i!]',
    'open refused': 'revoked | leave',
    'newer-loaded': '11-14 [o]',
    'newer-loaded, more': '11-14 [n o] | load-newer 14',
    'newer-loaded, new epoch': '11-13 [o i] | join 2, open',
    'newer-loaded, read before a change': '11-14 ~2 [o c] | load-changes 2',
    'newer-loaded, read after changes': '11-14 [o c] | load-changes 4',
    'nothing newer, but changes': '11-12 [o c] | load-changes 4',
    'nothing newer, told late': '11-12 [o]',
    'newer-failed': '11-12 [n! o]',
    'newer refused': 'revoked | leave',
    'older-loaded': '9-12',
    'older-loaded, read before a change': '9-12 ~2 [c] | load-changes 2',
    'older-loaded, read after changes': '9-12 [c] | load-changes 4',
    'older-failed': '11-12 [o!]',
    'changes-loaded': '11-12 [o]',
    'changes-loaded, more': '11-12 + 14 [n o] | load-newer 12',
    'changes refused': 'revoked | leave',
    'message-received': '11-13 [o]',
    'message ahead': '11-12 + 14 [n o] | load-newer 12',
    'message-changed': '11-12 ~5 [o]',
    'change passed before': '11-12 [o]',
    'change after a gap': '11-12 [o c] | load-changes 4',
    'own message, changed since': '11-13 ~5 [o]',
    'change of a message not loaded': '11-12 ~5 [o]',
    'change of the next message': '11-13 ~5 [o]',
    'change of a message ahead': '11-12 + 14 ~5 [n o] | load-newer 12',
    'somebody added': '11-13 [o i] | open',
    'receipt-received': '11-12 [o]',
    'room-changed': '11-12 [o i] | open',
    'heard of a message': '11-12 [n o] | load-newer 12',
    'heard of a change': '11-12 [o c] | load-changes 4',
    'heard that it closed': '11-12 closed [n o i] | open, load-newer 12',
    'heard of an older status': '11-12 [o i] | open',
    'heard of a new epoch': '11-12 [n o i] | join 2, open, load-newer 12',
    'appointment-changed': '11-12 [o i] | open',
    'appointment-answered': '11-12 completed [o i] | open',
    'participants-answered': '11-12 3 people [o i] | open',
    muted: '11-12 muted [o]',
    joined: '11-12 [n o i] | load-newer 12, open',
    'catch-up-asked': '11-12 [n o] | load-newer 12',
    'refresh-asked': '11-12 [n o i] | load-newer 12, open',
  },
  'fetching changes': {
    ...nothing,
    opened: '11-12 [c]',
    'opened with a new epoch': '11-12 [c] | join 2',
    'open-failed': '11-12 [c i!]',
    'open refused': 'revoked | leave',
    'newer-loaded': '11-14 [c]',
    'newer-loaded, more': '11-14 [n c] | load-newer 14',
    'newer-loaded, new epoch': '11-13 [c i] | join 2, open',
    'newer-loaded, read before a change': '11-14 ~2>4 [c]',
    'newer-loaded, read after changes': '11-14 ~4>6 [c]',
    'nothing newer, but changes': '11-12 ~4>6 [c]',
    'nothing newer, told late': '11-12 [c]',
    'newer-failed': '11-12 [n! c]',
    'newer refused': 'revoked | leave',
    'older-asked': '11-12 [o c] | load-older 11',
    'older-loaded': '9-12 [c]',
    'older-loaded, read before a change': '9-12 ~2>4 [c]',
    'older-loaded, read after changes': '9-12 ~4>6 [c]',
    'older-failed': '11-12 [o! c]',
    'changes-loaded': '11-12 ~7',
    'changes-loaded, more': '11-12 + 14 ~6 [n c] | load-newer 12, load-changes 6',
    'changes-failed': '11-12 ~4>7 [c!]',
    'changes refused': 'revoked | leave',
    'message-received': '11-13 [c]',
    'message ahead': '11-12 + 14 [n c] | load-newer 12',
    'message-changed': '11-12 ~5 [c]',
    'change passed before': '11-12 [c]',
    'change after a gap': '11-12 ~4>7 [c]',
    'own message, changed since': '11-13 ~5 [c]',
    'change of a message not loaded': '11-12 ~5 [c]',
    'change of the next message': '11-13 ~5 [c]',
    'change of a message ahead': '11-12 + 14 ~5 [n c] | load-newer 12',
    'somebody added': '11-13 [c i] | open',
    'receipt-received': '11-12 [c]',
    'room-changed': '11-12 [c i] | open',
    'heard of a message': '11-12 [n c] | load-newer 12',
    'heard of a change': '11-12 ~4>5 [c]',
    'heard that it closed': '11-12 closed [n c i] | open, load-newer 12',
    'heard of an older status': '11-12 [c i] | open',
    'heard of a new epoch': '11-12 [n c i] | join 2, open, load-newer 12',
    'appointment-changed': '11-12 [c i] | open',
    'appointment-answered': '11-12 completed [c i] | open',
    'participants-answered': '11-12 3 people [c i] | open',
    muted: '11-12 muted [c]',
    joined: '11-12 [n c i] | load-newer 12, open',
    'catch-up-asked': '11-12 [n c] | load-newer 12',
    'refresh-asked': '11-12 [n c i] | load-newer 12, open',
  },
  'behind with changes': {
    ...nothing,
    opened: '11-12 ~4>7 [c!]',
    'opened with a new epoch': '11-12 ~4>7 [c!] | join 2',
    'open-failed': '11-12 ~4>7 [c! i!]',
    'open refused': 'revoked | leave',
    'newer-loaded': '11-14 [c] | load-changes 4',
    'newer-loaded, more': '11-14 [n c] | load-changes 4, load-newer 14',
    'newer-loaded, new epoch': '11-13 [c i] | join 2, open, load-changes 4',
    'newer-loaded, read before a change': '11-14 ~2 [c] | load-changes 2',
    'newer-loaded, read after changes': '11-14 [c] | load-changes 4',
    'nothing newer, but changes': '11-12 [c] | load-changes 4',
    'nothing newer, told late': '11-12 [c] | load-changes 4',
    'newer-failed': '11-12 ~4>7 [n! c!]',
    'newer refused': 'revoked | leave',
    'older-asked': '11-12 ~4>7 [o c!] | load-older 11',
    'older-loaded': '9-12 [c] | load-changes 4',
    'older-loaded, read before a change': '9-12 ~2 [c] | load-changes 2',
    'older-loaded, read after changes': '9-12 [c] | load-changes 4',
    'older-failed': '11-12 ~4>7 [o! c!]',
    'changes-loaded': '11-12 [c] | load-changes 4',
    'changes-loaded, more': '11-12 + 14 [n c] | load-newer 12, load-changes 4',
    'changes refused': 'revoked | leave',
    'message-received': '11-13 ~4>7 [c!]',
    'message ahead': '11-12 + 14 ~4>7 [n c!] | load-newer 12',
    'message-changed': '11-12 ~5 [c] | load-changes 5',
    'change passed before': '11-12 [c] | load-changes 4',
    'change after a gap': '11-12 [c] | load-changes 4',
    'own message, changed since': '11-13 ~5 [c] | load-changes 5',
    'change of a message not loaded': '11-12 ~5 [c] | load-changes 5',
    'change of the next message': '11-13 ~5 [c] | load-changes 5',
    'change of a message ahead': '11-12 + 14 ~5 [n c] | load-newer 12, load-changes 5',
    'somebody added': '11-13 ~4>7 [c! i] | open',
    'receipt-received': '11-12 ~4>7 [c!]',
    'room-changed': '11-12 [c i] | open, load-changes 4',
    'heard of a message': '11-12 [n c] | load-newer 12, load-changes 4',
    'heard of a change': '11-12 [c] | load-changes 4',
    'heard of nothing new': '11-12 [c] | load-changes 4',
    'heard that it closed': '11-12 closed [n c i] | open, load-newer 12, load-changes 4',
    'heard of an older status': '11-12 [c i] | open, load-changes 4',
    'heard of a new epoch': '11-12 [n c i] | join 2, open, load-newer 12, load-changes 4',
    'appointment-changed': '11-12 ~4>7 [c! i] | open',
    'appointment-answered': '11-12 ~4>7 completed [c! i] | open',
    'participants-answered': '11-12 ~4>7 3 people [c! i] | open',
    muted: '11-12 ~4>7 muted [c!]',
    joined: '11-12 ~4>7 [n c! i] | load-newer 12, open',
    'catch-up-asked': '11-12 ~4>7 [n c!] | load-newer 12',
    'refresh-asked': '11-12 ~4>7 [n c! i] | load-newer 12, open',
  },
  revoked: nothing,
}

function told(before: RoomState, after: RoomState, effects: readonly RoomEffect[]): string {
  if (before === after) return effects.length === 0 ? '=' : 'the same state with effects'
  const list = effects.map(nameOf)
  return list.length > 0 ? `${shape(after)} | ${list.join(', ')}` : shape(after)
}

function nameOf(effect: RoomEffect): string {
  switch (effect.do) {
    case 'join':
      return `join ${effect.epoch}`
    case 'load-newer':
      return `load-newer ${effect.afterSeq}`
    case 'load-older':
      return `load-older ${effect.beforeSeq}`
    case 'load-changes':
      return `load-changes ${effect.afterChange}`
    case 'open':
    case 'leave':
      return effect.do
  }
}

function shape(state: RoomState): string {
  if (state.is === 'failed') return `failed ${state.error.kind}${state.isRetrying ? ', retrying' : ''}`
  if (state.is !== 'open') return state.is
  const { messages, ahead, isLoaded } = state.timeline
  const run = isLoaded ? `${messages[0]?.seq ?? ''}-${messages.at(-1)?.seq ?? ''}` : 'no page'
  const more = ahead.length > 0 ? ` + ${ahead.map(each => each.seq).join(' ')}` : ''
  const { room, appointment, mutedUntil } = state
  const words = [
    room.status === 'open' ? '' : ` ${room.status}`,
    appointment.status === 'confirmed' ? '' : ` ${appointment.status}`,
    room.participants.length === 2 ? '' : ` ${room.participants.length} people`,
    mutedUntil === null ? '' : ' muted',
    fetchesShape(state),
  ]
  return `${run}${more}${changesShape(state)}${words.join('')}`
}

function fetchesShape({ newer, older, changes, info }: OpenRoom): string {
  const all = Object.entries({ n: newer, o: older, c: changes.fetch, i: info })
  const marks = all.flatMap(([letter, fetch]) => {
    if (fetch.is === 'idle') return []
    return [letter + (fetch.is === 'failed' ? '!' : 'isAgain' in fetch && fetch.isAgain ? '+' : '')]
  })
  return marks.length > 0 ? ` [${marks.join(' ')}]` : ''
}

/** `~ last>told`, only where it is not as it was loaded. */
function changesShape({ timeline, changes: { last, told } }: OpenRoom): string {
  if (last === (timeline.isLoaded ? CHANGE : 0) && told === 0) return ''
  return told > last ? ` ~${last}>${told}` : ` ~${last}`
}

describe('CR5: every event in every state of a room', () => {
  it('knows every kind of event', () => {
    expect(Object.keys(covered).length).toBeGreaterThan(0)
  })
  for (const [name, row] of Object.entries(table) as [keyof typeof states, Row][]) {
    for (const [event, expected] of Object.entries(row) as [keyof typeof events, string][]) {
      it(`${name} × ${event}: ${expected}`, () => {
        const before = states[name]
        const { state, effects } = reduceRoom(before, events[event])
        expect(told(before, state, effects)).toBe(expected)
      })
    }
  }
})

function open(state: RoomState): OpenRoom {
  if (state.is !== 'open') throw new Error(state.is)
  return state
}

describe('what moves with a message', () => {
  it('CM14: writing moves no cursor here: whether the writer had read what came before, only the server knows', () => {
    const { state } = reduceRoom(states.ready, { is: 'message-received', message: messageAt(13, 'doctor') })
    expect(open(state).room.participants).toEqual(opened.room.participants)
  })

  it('CM4: a receipt moves the cursors that it is further in, of the one that it is of', () => {
    const doctorAfter = (state: RoomState, deliveredSeq: number, readSeq: number) =>
      reduceRoom(state, { is: 'receipt-received', receipt: { userId: 'doctor', deliveredSeq, readSeq } })
        .state
    const delivered = doctorAfter(states.ready, 12, 8)
    const [patient, doctor] = opened.room.participants
    expect(open(delivered).room.participants).toEqual([patient, { ...doctor, deliveredSeq: 12, readSeq: 8 }])
    const read = doctorAfter(delivered, 12, 10)
    expect(open(read).room.participants).toEqual([patient, { ...doctor, deliveredSeq: 12, readSeq: 10 }])
    expect(doctorAfter(read, 12, 10)).toBe(read)
    const receipt = { userId: 'patient', deliveredSeq: 13, readSeq: 13 }
    const both = reduceRoom(read, { is: 'receipt-received', receipt }).state
    expect(open(both).room.participants[1]).toEqual(open(read).room.participants[1])
    expect(doctorAfter(read, 11, 11)).toEqual(doctorAfter(read, 12, 11))
  })

  it('CM4: the room is as long as its last message, and no shorter than was said', () => {
    const lengthAfter = (state: RoomState, message: Message) => {
      const after = reduceRoom(state, { is: 'message-received', message })
      return open(after.state).room.lastSeq
    }
    expect(lengthAfter(states.ready, messageAt(13))).toBe(13)
    expect(
      lengthAfter(stateAfter({ is: 'opened', opened: openedAt({ lastSeq: 20 }) }, loaded), messageAt(13)),
    ).toBe(20)
    const before = states.ready
    const after = reduceRoom(before, { is: 'message-changed', message: edited(12) })
    expect(open(after.state).room).toBe(open(before).room)
  })

  it('CM16: an answer that is older than an event brings no status back, and one that is not, does', () => {
    const answered = (lastSeq: number): RoomEvent => {
      const answer = openedAt({ lastSeq })
      return { is: 'opened', opened: { ...answer, room: { ...answer.room, status: 'read_only' } } }
    }
    const closed: RoomEvent = events['heard that it closed']
    const after = (...all: RoomEvent[]) => {
      const { status, lastSeq } = open(stateAfter({ is: 'opened', opened }, loaded, ...all)).room
      return [status, lastSeq]
    }
    // The message of the closing first.
    const told: RoomEvent = { is: 'message-received', message: eventAt(13, 'room_closed') }
    expect(after(told, closed)).toEqual(['closed', 13])
    expect(after(told, closed, answered(12))).toEqual(['closed', 13])
    expect(after(told, closed, answered(13))).toEqual(['read_only', 13])
    expect(after(told, closed, answered(14))).toEqual(['read_only', 14])
  })

  it('CM16: an answer moves nobody as far as somebody else is', () => {
    const { state } = reduceRoom(states.ready, { is: 'opened', opened })
    expect(open(state).room.participants).toEqual(opened.room.participants)
  })

  it('CM16: an answer that is older than an event moves no cursor and no epoch back', () => {
    const before = stateAfter({ is: 'opened', opened: openedAt({ lastSeq: 12, epoch: 3 }) }, loaded, {
      is: 'receipt-received',
      receipt: { userId: 'doctor', deliveredSeq: 12, readSeq: 12 },
    })
    const { state, effects } = reduceRoom(before, { is: 'opened', opened })
    expect(open(state).room.participants[1]).toMatchObject({ deliveredSeq: 12, readSeq: 12 })
    expect(open(state).room.epoch).toBe(3)
    expect(effects).toEqual([])
  })

  it('CM17: the place of the unread line is that of the opening, whatever is read since', () => {
    const before = stateAfter({ is: 'opened', opened }, loaded, {
      is: 'receipt-received',
      receipt: { userId: 'patient', deliveredSeq: 14, readSeq: 14 },
    })
    const refreshed = reduceRoom(before, { is: 'opened', opened: openedAt({ lastSeq: 14, readSeq: 14 }) })
    expect(open(refreshed.state).openedAtReadSeq).toBe(12)
  })

  it('CM17: it is where this person had read, and at the beginning for who takes no part', () => {
    const [patient, doctor] = opened.room.participants
    const placeFor = (me: string) => {
      const room = { ...opened.room, participants: [doctor, patient].flatMap(each => each ?? []) }
      return open(stateAfter({ is: 'opened', opened: { ...opened, me, room } })).openedAtReadSeq
    }
    expect([placeFor('patient'), placeFor('doctor'), placeFor('admin')]).toEqual([12, 8, 0])
  })
})

describe('what is asked for', () => {
  it('CM6: before the first message of a room nothing is asked for', () => {
    const whole: RoomEvent = { is: 'newer-loaded', page: newerOf(1, 12) }
    const { effects } = reduceRoom(stateAfter({ is: 'opened', opened }, whole), { is: 'older-asked' })
    expect(effects).toEqual([])
  })

  it('CR19: a silence that is set while the room is being loaded makes it be loaded once more', () => {
    const loading = stateAfter({ is: 'opened', opened }, loaded, { is: 'appointment-changed' })
    const muted = reduceRoom(loading, { is: 'muted', until: UNTIL }).state
    expect(reduceRoom(muted, { is: 'opened', opened }).effects).toEqual([{ do: 'open' }])
    expect(reduceRoom(loading, { is: 'opened', opened }).effects).toEqual([])
  })

  it('CR2: a new attempt knows which failure it follows, and only then', () => {
    const attemptIn = (state: RoomState) => open(reduceRoom(state, { is: 'catch-up-asked' }).state).newer
    expect(attemptIn(states.behind)).toMatchObject({ is: 'loading', retries: outage })
    expect(attemptIn(states.ready)).toMatchObject({ is: 'loading', retries: null })
  })

  it.each([
    ['opening', false],
    ['failed', true],
    ['no page yet', false],
    ['ready', false],
    ['fetching all, again', false],
    ['behind', true],
    ['behind with changes', true],
    ['revoked', false],
  ] as const)('CR2: whether another try is worth it: %s, %s', (name, expected) => {
    expect(isBehind(states[name])).toBe(expected)
  })

  it.each([
    ['opening', false],
    ['failed', false],
    ['no page yet', true],
    ['ready', false],
    ['fetching', true],
    ['fetching all, again', true],
    ['behind', true],
    ['loading older', false],
    ['fetching changes', false],
    ['revoked', false],
  ] as const)('C34 whether there may be messages that are not shown yet: %s, %s', (name, expected) => {
    expect(isCatchingUp(states[name])).toBe(expected)
  })

  it('CR2: another try is worth it also for the room itself, and not where there is nothing to be found', () => {
    expect(isBehind(reduceRoom(states.ready, { is: 'open-failed', error: outage }).state)).toBe(true)
    expect(isBehind(stateAfter({ is: 'open-failed', error: gone }))).toBe(false)
  })

  it.each(['not-found', 'forbidden'] as const)('CA2: what is %s is gone', kind => {
    const error = new ChatError(kind)
    const after = (is: 'open-failed' | 'newer-failed' | 'older-failed' | 'changes-failed') =>
      reduceRoom(states.ready, { is, error })
    for (const is of ['open-failed', 'newer-failed', 'older-failed', 'changes-failed'] as const) {
      expect(after(is)).toEqual({ state: { is: 'revoked' }, effects: [{ do: 'leave' }] })
    }
  })

  it('CR6: a seq that the server does not know of is fetched once and then forgotten', () => {
    const ahead = reduceRoom(states.ready, { is: 'message-received', message: messageAt(1_000_000) })
    expect(ahead.effects).toEqual([{ do: 'load-newer', roomId: 'room', afterSeq: 12 }])
    const empty = { messages: [], hasMore: false, lastSeq: 12, lastChange: CHANGE, epoch: 1 }
    const after = reduceRoom(ahead.state, { is: 'newer-loaded', page: empty })
    expect(after.effects).toEqual([])
    expect(open(after.state).timeline.ahead).toEqual([])
  })

  it('CR12: a message that came ahead twice is kept once, and not without bound', () => {
    const ahead = reduceRoom(states.ready, { is: 'message-received', message: messageAt(14) }).state
    expect(reduceRoom(ahead, { is: 'message-received', message: messageAt(14) }).state).toBe(ahead)
    let flooded: RoomState = states.ready
    for (let seq = 20; seq < 20 + AHEAD_MAX + 10; seq++) {
      flooded = reduceRoom(flooded, { is: 'message-received', message: messageAt(seq) }).state
    }
    expect(open(flooded).timeline.ahead).toHaveLength(AHEAD_MAX)
  })

  it('CR7: what comes ahead during a fetch makes it run once more', () => {
    const during = reduceRoom(states.fetching, { is: 'message-received', message: messageAt(15) })
    const empty = { messages: [], hasMore: false, lastSeq: 12, lastChange: CHANGE, epoch: 1 }
    const after = reduceRoom(during.state, { is: 'newer-loaded', page: empty })
    expect(after.effects).toEqual([{ do: 'load-newer', roomId: 'room', afterSeq: 12 }])
  })

  it('CR8: a page that claims more and brings nothing ends the fetching', () => {
    const empty = { messages: [], hasMore: true, lastSeq: 12, lastChange: CHANGE, epoch: 1 }
    const after = (page: MessagePage) => reduceRoom(states.fetching, { is: 'newer-loaded', page }).effects
    expect(after(empty)).toEqual([])
    expect(after(newerOf(12, 12, { hasMore: true }))).toEqual([])
    expect(after(newerOf(13, 13, { hasMore: true }))).toMatchObject([{ do: 'load-newer', afterSeq: 13 }])
  })
})

describe('CM27: a message that was edited or retracted', () => {
  const change = (message: Message): RoomEvent => ({ is: 'message-changed', message })
  const bodiesOf = (state: RoomState) => open(state).timeline.messages.map(each => each.body)

  it('takes the place of its older version, and no older one takes its place', () => {
    const once = reduceRoom(states.ready, change(edited(12, 2))).state
    expect(bodiesOf(once)).toEqual(['message 11', 'edit 2'])
    expect(reduceRoom(once, change(edited(12, 1))).state).toBe(once)
    expect(reduceRoom(once, change(edited(12, 2))).state).toBe(once)
    const retracted = { ...edited(12, 3), body: null, retractedAt: '2026-01-15T10:05:00.000Z' }
    expect(bodiesOf(reduceRoom(once, change(retracted)).state)).toEqual(['message 11', null])
  })

  it('is as it is now, whether it or its change or the page came first', () => {
    const page: RoomEvent = { is: 'newer-loaded', page: newerOf(11, 13) }
    const early = stateAfter({ is: 'opened', opened }, change(edited(12)), change(edited(3)), page)
    expect(bodiesOf(early)).toEqual(['message 11', 'edit 5', 'message 13'])
    expect(open(early).timeline.ahead).toEqual([])
    const ahead = [{ is: 'message-received', message: messageAt(14) }, change(edited(14))] as const
    const fetched: RoomEvent = { is: 'newer-loaded', page: newerOf(13, 14) }
    const late = [...ahead, fetched].reduce(
      (state: RoomState, each) => reduceRoom(state, each).state,
      states.ready,
    )
    expect(bodiesOf(late)).toEqual(['message 11', 'message 12', 'message 13', 'edit 5'])
  })
})

describe('CR17: a change that passes while a page is on its way', () => {
  const change: RoomEvent = { is: 'message-changed', message: edited(10, 5) }
  const readBefore: RoomEvent = { is: 'older-loaded', page: newerOf(9, 10) }

  it('is asked for again where the page may be older, and only then', () => {
    const passed = reduceRoom(states['loading older'], change)
    expect(passed.effects).toEqual([])
    const early = reduceRoom(passed.state, readBefore)
    expect(early.effects).toEqual([{ do: 'load-changes', roomId: 'room', afterChange: CHANGE }])
    const caughtUp = reduceRoom(early.state, {
      is: 'changes-loaded',
      page: { messages: [edited(10, 5)], lastChange: 5, hasMore: false },
    })
    expect(open(caughtUp.state).timeline.messages.map(each => each.body)).toEqual([
      'message 9',
      'edit 5',
      'message 11',
      'message 12',
    ])
    expect(caughtUp.effects).toEqual([])
    const readAfter = { ...pageOf(9, 10, { lastChange: 5 }), messages: [messageAt(9), edited(10, 5)] }
    expect(reduceRoom(passed.state, { is: 'older-loaded', page: readAfter }).effects).toEqual([])
  })

  it('is asked for again also when it lay behind the end of what was being asked for', () => {
    // Changes 5 and 6 have passed, 8 is asked for after 6, and a page comes that was read when 4 was the last.
    const asking = [
      change,
      { is: 'message-changed', message: edited(9, 6) },
      {
        is: 'message-changed',
        message: edited(12, 8),
      },
    ] satisfies RoomEvent[]
    const state = asking.reduce(
      (before: RoomState, each) => reduceRoom(before, each).state,
      states['loading older'],
    )
    const lowered = reduceRoom(state, readBefore)
    expect(lowered.effects).toEqual([])
    const page = { messages: [edited(11, 7), edited(12, 8)], lastChange: 8, hasMore: false }
    const after = reduceRoom(lowered.state, { is: 'changes-loaded', page })
    expect(after.effects).toEqual([{ do: 'load-changes', roomId: 'room', afterChange: CHANGE }])
  })
})

describe('CM28: a room that was erased', () => {
  const erasure = eventAt(13, 'room_erased')
  const wordsOf = (state: RoomState) =>
    open(state).timeline.messages.map(({ body, erasedAt }) => [body, erasedAt === null ? 'kept' : 'erased'])

  it.each([
    ['told', { is: 'message-received', message: erasure }],
    ['fetched', { is: 'newer-loaded', page: { ...newerOf(13, 13), messages: [erasure] } }],
  ] as [string, RoomEvent][])('leaves no text on a screen that is open: %s', (_, event) => {
    const { state } = reduceRoom(states.ready, event)
    expect(wordsOf(state)).toEqual([
      [null, 'erased'],
      [null, 'erased'],
      [null, 'kept'],
    ])
    // What was on its way meanwhile.
    const older = reduceRoom(state, { is: 'older-loaded', page: newerOf(10, 10) }).state
    expect(wordsOf(older)[0]).toEqual([null, 'erased'])
    const late = reduceRoom(older, { is: 'message-changed', message: edited(12, 9) }).state
    expect(open(late).timeline).toBe(open(older).timeline)
  })

  it('says of files that they are gone, and leaves what was retracted as it is', () => {
    const file: Message = { ...messageAt(11), kind: 'file', body: null }
    const retracted: Message = {
      ...messageAt(12),
      kind: 'image',
      body: null,
      retractedAt: '2026-01-15T10:05:00.000Z',
    }
    const page = { ...newerOf(11, 13), messages: [file, retracted, erasure] }
    const state = stateAfter({ is: 'opened', opened }, { is: 'newer-loaded', page })
    expect(wordsOf(state).map(([, is]) => is)).toEqual(['erased', 'kept', 'kept'])
  })
})

describe('CR15: somebody who was added', () => {
  const join = (event: RoomEvent, participants = opened.room.participants) =>
    reduceRoom(
      stateAfter({ is: 'opened', opened: { ...opened, room: { ...opened.room, participants } } }, loaded),
      event,
    ).effects
  const added = eventAt(13, 'participant_added', 'nurse')
  const told: RoomEvent = { is: 'message-received', message: added }
  const nurse = participantOf('nurse', 'care_team', 0)

  it('makes the room be loaded again, however it is heard of', () => {
    expect(join(told)).toEqual([{ do: 'open' }])
    expect(join({ is: 'newer-loaded', page: { ...newerOf(13, 13), messages: [added] } })).toEqual([
      { do: 'open' },
    ])
  })

  it('and who is known already does not; who had left and is back, does', () => {
    const leftAt = (time: string) => [...opened.room.participants, { ...nurse, leftAt: time }]
    expect(join(told, [...opened.room.participants, nurse])).toEqual([])
    expect(join(told, leftAt('2026-01-15T09:30:00.000Z'))).toEqual([])
    expect(join(told, leftAt('2026-01-15T08:00:00.000Z'))).toEqual([{ do: 'open' }])
    expect(join(told, leftAt(added.createdAt))).toEqual([])
  })

  it('is asked for once, however many messages follow', () => {
    const added = eventAt(12, 'participant_added', 'nurse')
    const page = { ...newerOf(11, 12), messages: [messageAt(11), added] }
    const asked = stateAfter({ is: 'opened', opened }, { is: 'newer-loaded', page }, { is: 'opened', opened })
    expect(reduceRoom(asked, { is: 'message-received', message: messageAt(13) }).effects).toEqual([])
  })
})
