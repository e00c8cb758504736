import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ChatError } from './chat-error.ts'
import type { StoredMessage } from './env.ts'
import {
  byPosition,
  emptyQueue,
  type QueueEffect,
  type QueueEvent,
  type QueueState,
  reduceQueue,
  type Stage,
} from './send-queue.ts'

const refusal = new ChatError('reply-not-found')
const outage = new ChatError('unavailable')
const entryAt = (stage: Stage, id = 'a') => ({
  id,
  body: id,
  replyTo: null,
  queuedAt: '',
  position: 1,
  stage,
})
const queueAt = (stage: Stage, rest: Partial<QueueState> = {}): QueueState => ({
  isLoaded: true,
  isLeading: true,
  entries: [entryAt(stage)],
  attempt: 0,
  hold: null,
  ...rest,
})
const stored: StoredMessage = {
  id: 'z',
  userId: 'u',
  roomId: 'r',
  body: 'z',
  replyTo: null,
  queuedAt: '',
  position: 1,
  refusal: null,
}

const states = {
  unsaved: queueAt({ is: 'unsaved' }, { isLoaded: false }),
  saving: queueAt({ is: 'saving' }),
  'saved, held': queueAt({ is: 'saved' }, { hold: { is: 'backing-off', isOrdered: false }, attempt: 1 }),
  'saved, ordered': queueAt({ is: 'saved' }, { hold: { is: 'backing-off', isOrdered: true }, attempt: 1 }),
  'saved, signed out': queueAt({ is: 'saved' }, { hold: { is: 'signed-out' } }),
  sending: queueAt({ is: 'sending' }),
  sent: queueAt({ is: 'sent', seq: 4 }),
  failed: queueAt({ is: 'failed', error: refusal, isKept: true }),
  'failed, not kept': queueAt({ is: 'failed', error: outage, isKept: false }),
  'following, saving': queueAt({ is: 'saving' }, { isLeading: false }),
  'following, saved': queueAt({ is: 'saved' }, { isLeading: false }),
  'following, sending': queueAt({ is: 'sending' }, { isLeading: false }),
} as const

const events = {
  'outbox-read': { is: 'outbox-read', messages: [stored] },
  'read, the same': { is: 'outbox-read', messages: [{ ...stored, id: 'a' }] },
  'read, refused': {
    is: 'outbox-read',
    messages: [{ ...stored, id: 'a', refusal: { kind: 'forbidden', detail: null } }],
  },
  'read, empty': { is: 'outbox-read', messages: [] },
  'lead-won': { is: 'lead-won' },
  'lead-lost': { is: 'lead-lost' },
  'accepted-elsewhere': { is: 'accepted-elsewhere', id: 'a', seq: 4 },
  withdrawn: { is: 'withdrawn', id: 'a' },
  typed: { is: 'typed', id: 'b', body: 'b', replyTo: null, queuedAt: '' },
  saved: { is: 'saved', id: 'a' },
  'save-failed': { is: 'save-failed', id: 'a', error: outage },
  accepted: { is: 'accepted', id: 'a', seq: 4 },
  'send-failed': { is: 'send-failed', id: 'a', error: outage, random: 1 },
  refused: { is: 'send-failed', id: 'a', error: refusal, random: 1 },
  'signed out': { is: 'send-failed', id: 'a', error: new ChatError('not-signed-in'), random: 1 },
  shown: { is: 'shown', id: 'a' },
  'retry-asked': { is: 'retry-asked', id: 'a' },
  'discard-asked': { is: 'discard-asked', id: 'a' },
  'retry-due': { is: 'retry-due' },
  resumed: { is: 'resumed' },
} as const satisfies Record<QueueEvent['is'] | (string & {}), QueueEvent>

// "=": the same object. Otherwise every entry with its stage (`!`: it does not lie in the outbox), and what is to be done.
type Row = Record<keyof typeof events, string>
const table: Record<keyof typeof states, Row> = {
  unsaved: {
    'outbox-read': 'z:sending a:saving | save a, send z',
    'read, the same': 'a:saving | save a',
    'read, refused': 'a:saving | save a',
    'read, empty': 'a:saving | save a',
    'lead-won': '=',
    'lead-lost': 'a:unsaved',
    'accepted-elsewhere': 'a:sent',
    withdrawn: '=',
    typed: 'a:unsaved b:unsaved',
    saved: '=',
    'save-failed': '=',
    accepted: '=',
    'send-failed': '=',
    refused: '=',
    'signed out': '=',
    shown: '- | forget a',
    'retry-asked': '=',
    'discard-asked': '- | forget a',
    'retry-due': '=',
    resumed: '=',
  },
  saving: {
    'outbox-read': 'a:saving z:saved',
    'read, the same': '=',
    'read, refused': '=',
    'read, empty': '=',
    'lead-won': '=',
    'lead-lost': 'a:saving',
    'accepted-elsewhere': 'a:sent',
    withdrawn: '=',
    typed: 'a:saving b:saving | save b',
    saved: 'a:sending | send a',
    'save-failed': 'a:failed!',
    accepted: '=',
    'send-failed': '=',
    refused: '=',
    'signed out': '=',
    shown: '- | forget a',
    'retry-asked': '=',
    'discard-asked': '- | forget a',
    'retry-due': '=',
    resumed: '=',
  },
  'saved, held': {
    'outbox-read': 'z:saved',
    'read, the same': '=',
    'read, refused': 'a:failed',
    'read, empty': '-',
    'lead-won': '=',
    'lead-lost': 'a:saved | clear-timer',
    'accepted-elsewhere': 'a:sent',
    withdrawn: '=',
    typed: 'a:saved b:saving | save b',
    saved: '=',
    'save-failed': '=',
    accepted: '=',
    'send-failed': '=',
    refused: '=',
    'signed out': '=',
    shown: '- | forget a',
    'retry-asked': '=',
    'discard-asked': '- | forget a',
    'retry-due': 'a:sending | send a',
    resumed: 'a:sending | clear-timer, send a',
  },
  'saved, ordered': {
    'outbox-read': 'z:saved',
    'read, the same': '=',
    'read, refused': 'a:failed',
    'read, empty': '-',
    'lead-won': '=',
    'lead-lost': 'a:saved | clear-timer',
    'accepted-elsewhere': 'a:sent',
    withdrawn: '=',
    typed: 'a:saved b:saving | save b',
    saved: '=',
    'save-failed': '=',
    accepted: '=',
    'send-failed': '=',
    refused: '=',
    'signed out': '=',
    shown: '- | forget a',
    'retry-asked': '=',
    'discard-asked': '- | forget a',
    'retry-due': 'a:sending | send a',
    resumed: '=',
  },
  'saved, signed out': {
    'outbox-read': 'z:saved',
    'read, the same': '=',
    'read, refused': 'a:failed',
    'read, empty': '-',
    'lead-won': '=',
    'lead-lost': 'a:saved',
    'accepted-elsewhere': 'a:sent',
    withdrawn: '=',
    typed: 'a:saved b:saving | save b',
    saved: '=',
    'save-failed': '=',
    accepted: '=',
    'send-failed': '=',
    refused: '=',
    'signed out': '=',
    shown: '- | forget a',
    'retry-asked': '=',
    'discard-asked': '- | forget a',
    'retry-due': '=',
    resumed: 'a:sending | send a',
  },
  sending: {
    'outbox-read': 'a:sending z:saved',
    'read, the same': '=',
    'read, refused': '=',
    'read, empty': '=',
    'lead-won': '=',
    'lead-lost': 'a:sending',
    'accepted-elsewhere': 'a:sent',
    withdrawn: 'a:saved',
    typed: 'a:sending b:saving | save b',
    saved: '=',
    'save-failed': '=',
    accepted: 'a:sent | forget a',
    'send-failed': 'a:saved | set-timer 1000',
    refused: 'a:failed | save a',
    'signed out': 'a:saved',
    shown: '- | forget a',
    'retry-asked': '=',
    'discard-asked': '=',
    'retry-due': '=',
    resumed: '=',
  },
  sent: {
    'outbox-read': 'a:sent z:sending | send z',
    'read, the same': '=',
    'read, refused': '=',
    'read, empty': '=',
    'lead-won': '=',
    'lead-lost': 'a:sent',
    'accepted-elsewhere': '=',
    withdrawn: '=',
    typed: 'a:sent b:saving | save b',
    saved: '=',
    'save-failed': '=',
    accepted: '=',
    'send-failed': '=',
    refused: '=',
    'signed out': '=',
    shown: '-',
    'retry-asked': '=',
    'discard-asked': '=',
    'retry-due': '=',
    resumed: '=',
  },
  failed: {
    'outbox-read': 'z:sending | send z',
    'read, the same': 'a:sending | send a',
    'read, refused': '=',
    'read, empty': '-',
    'lead-won': '=',
    'lead-lost': 'a:failed',
    'accepted-elsewhere': 'a:sent',
    withdrawn: '=',
    typed: 'a:failed b:saving | save b',
    saved: '=',
    'save-failed': '=',
    accepted: '=',
    'send-failed': '=',
    refused: '=',
    'signed out': '=',
    shown: '- | forget a',
    'retry-asked': 'a:saving | save a',
    'discard-asked': '- | forget a',
    'retry-due': '=',
    resumed: '=',
  },
  'failed, not kept': {
    'outbox-read': 'a:failed! z:sending | send z',
    'read, the same': 'a:sending | send a',
    'read, refused': '=',
    'read, empty': '=',
    'lead-won': '=',
    'lead-lost': 'a:failed!',
    'accepted-elsewhere': 'a:sent',
    withdrawn: '=',
    typed: 'a:failed! b:saving | save b',
    saved: '=',
    'save-failed': '=',
    accepted: '=',
    'send-failed': '=',
    refused: '=',
    'signed out': '=',
    shown: '- | forget a',
    'retry-asked': 'a:saving | save a',
    'discard-asked': '- | forget a',
    'retry-due': '=',
    resumed: '=',
  },
  'following, saving': {
    'outbox-read': 'a:saving z:saved',
    'read, the same': '=',
    'read, refused': '=',
    'read, empty': '=',
    'lead-won': 'a:saving',
    'lead-lost': '=',
    'accepted-elsewhere': 'a:sent',
    withdrawn: '=',
    typed: 'a:saving b:saving | save b',
    saved: 'a:saved',
    'save-failed': 'a:failed!',
    accepted: '=',
    'send-failed': '=',
    refused: '=',
    'signed out': '=',
    shown: '- | forget a',
    'retry-asked': '=',
    'discard-asked': '- | forget a',
    'retry-due': '=',
    resumed: '=',
  },
  'following, saved': {
    'outbox-read': 'z:saved',
    'read, the same': '=',
    'read, refused': 'a:failed',
    'read, empty': '-',
    'lead-won': 'a:sending | send a',
    'lead-lost': '=',
    'accepted-elsewhere': 'a:sent',
    withdrawn: '=',
    typed: 'a:saved b:saving | save b',
    saved: '=',
    'save-failed': '=',
    accepted: '=',
    'send-failed': '=',
    refused: '=',
    'signed out': '=',
    shown: '- | forget a',
    'retry-asked': '=',
    'discard-asked': '- | forget a',
    'retry-due': '=',
    resumed: '=',
  },
  // It had the lead when it began.
  'following, sending': {
    'outbox-read': 'a:sending z:saved',
    'read, the same': '=',
    'read, refused': '=',
    'read, empty': '=',
    'lead-won': 'a:sending',
    'lead-lost': '=',
    'accepted-elsewhere': 'a:sent',
    withdrawn: 'a:saved',
    typed: 'a:sending b:saving | save b',
    saved: '=',
    'save-failed': '=',
    accepted: 'a:sent | forget a',
    'send-failed': 'a:saved',
    refused: 'a:failed | save a',
    'signed out': 'a:saved',
    shown: '- | forget a',
    'retry-asked': '=',
    'discard-asked': '=',
    'retry-due': '=',
    resumed: '=',
  },
}

function told(before: QueueState, after: QueueState, effects: readonly QueueEffect[]): string {
  if (before === after) return effects.length === 0 ? '=' : 'the same state with effects'
  const kept = (stage: Stage) => (stage.is === 'failed' && !stage.isKept ? '!' : '')
  const entries = after.entries.map(({ id, stage }) => `${id}:${stage.is}${kept(stage)}`).join(' ') || '-'
  const list = effects.map(each =>
    [each.do, 'id' in each ? each.id : 'ms' in each ? each.ms : ''].join(' ').trim(),
  )
  return list.length > 0 ? `${entries} | ${list.join(', ')}` : entries
}

describe('CM12: every event in every stage of an outgoing message', () => {
  for (const [name, row] of Object.entries(table) as [keyof typeof states, Row][]) {
    for (const [event, expected] of Object.entries(row) as [keyof typeof events, string][]) {
      it(`${name} × ${event}: ${expected}`, () => {
        const { state, effects } = reduceQueue(states[name], events[event])
        expect(told(states[name], state, effects)).toBe(expected)
      })
    }
  }

  it('a wait that the server asked for is kept, and not cut short', () => {
    const ordered = new ChatError('rate-limited', { retryAfterMs: 7_000 })
    const after = (error: ChatError) =>
      reduceQueue(states.sending, { is: 'send-failed', id: 'a', error, random: 0 })
    expect(after(ordered).effects).toEqual([{ do: 'set-timer', ms: 7_000 }])
    expect(after(ordered).state.hold).toEqual({ is: 'backing-off', isOrdered: true })
    expect(after(outage).state.hold).toEqual({ is: 'backing-off', isOrdered: false })
  })

  it('a message refused at an earlier visit is shown with its reason and not sent again', () => {
    const refused = { ...stored, refusal: { kind: 'reply-blocked' as const, detail: 'room_closed' } }
    const { state, effects } = reduceQueue(
      { ...emptyQueue, isLeading: true },
      { is: 'outbox-read', messages: [refused] },
    )
    expect(effects).toEqual([])
    expect(state.entries[0]?.stage).toEqual({
      is: 'failed',
      error: new ChatError('reply-blocked', { detail: 'room_closed' }),
      isKept: true,
    })
  })
})

describe('CM12: in every stage', () => {
  const told = ['saved', 'accepted', 'accepted-elsewhere', 'withdrawn', 'save-failed', 'send-failed'] as const
  const asked = ['shown', 'retry-asked', 'discard-asked'] as const

  it.each(Object.keys(states) as (keyof typeof states)[])(
    '%s: what is said of another message changes nothing',
    name => {
      for (const event of [...told, ...asked]) {
        const { state, effects } = reduceQueue(states[name], { ...events[event], id: 'x' })
        expect(state).toBe(states[name])
        expect(effects).toEqual([])
      }
      // Nor does the same message once more.
      expect(reduceQueue(states[name], { ...events.typed, id: 'a' }).state).toBe(states[name])
    },
  )
})

describe('CM12: of two messages', () => {
  const two = (first: Stage, second: Stage, rest: Partial<QueueState> = {}) =>
    queueAt(first, { entries: [entryAt(first), { ...entryAt(second, 'b'), position: 2 }], ...rest })
  const stages = ({ state }: { state: QueueState }) =>
    state.entries.map(({ id, stage }) => `${id} ${stage.is}`)

  it('what happens to one does nothing to the other', () => {
    const sending = two({ is: 'sending' }, { is: 'saving' })
    expect(stages(reduceQueue(sending, events.accepted))).toEqual(['a sent', 'b saving'])
    const failed = two(
      { is: 'failed', error: refusal, isKept: true },
      { is: 'failed', error: refusal, isKept: true },
    )
    expect(stages(reduceQueue(failed, events['retry-asked']))).toEqual(['a saving', 'b failed'])
    expect(stages(reduceQueue(failed, events['discard-asked']))).toEqual(['b failed'])
  })

  it('one is refused and one is as it was, when the outbox is read again', () => {
    const messages: StoredMessage[] = [
      { ...stored, id: 'a' },
      { ...stored, id: 'b', position: 2, refusal: { kind: 'forbidden', detail: null } },
    ]
    const following = two({ is: 'saved' }, { is: 'saved' }, { isLeading: false })
    expect(stages(reduceQueue(following, { is: 'outbox-read', messages }))).toEqual(['a saved', 'b failed'])
  })

  it('one at a time is sent, also when an earlier one of another tab turns up meanwhile', () => {
    const messages: StoredMessage[] = [
      { ...stored, position: 0 },
      { ...stored, id: 'a' },
    ]
    const { state, effects } = reduceQueue(states.sending, { is: 'outbox-read', messages })
    expect(stages({ state })).toEqual(['z saved', 'a sending'])
    expect(effects).toEqual([])
  })

  it('the one typed first comes first, whatever the outbox holds', () => {
    const typed = (state: QueueState, id: string) => reduceQueue(state, { ...events.typed, id }).state
    const unread = ['a', 'b'].reduce(typed, emptyQueue)
    const positions = (state: QueueState) => state.entries.map(({ id, position }) => `${id} ${position}`)
    expect(positions(unread)).toEqual(['a 1', 'b 2'])
    const { state } = reduceQueue(unread, { is: 'outbox-read', messages: [{ ...stored, position: 5 }] })
    expect(positions(state)).toEqual(['z 5', 'a 6', 'b 7'])
    expect(positions(typed(state, 'c'))).toEqual(['z 5', 'a 6', 'b 7', 'c 8'])
  })

  it('at the same place that of the lower id comes first', () => {
    const [a, b] = [entryAt({ is: 'saved' }), entryAt({ is: 'saved' }, 'b')]
    expect([b, a].sort(byPosition)).toEqual([a, b])
    expect([a, b].sort(byPosition)).toEqual([a, b])
  })
})

describe('CM12: whose turn it is not', () => {
  it('a queue saves nothing before the outbox was read, and sends nothing without the lead', () => {
    expect(reduceQueue(emptyQueue, events.typed).effects).toEqual([])
    expect(reduceQueue(emptyQueue, events['outbox-read']).effects).toEqual([])
  })

  it('who has lost the lead sends nothing more', () => {
    const lost = reduceQueue(states.saving, { is: 'lead-lost' }).state
    expect(reduceQueue(lost, events.saved).effects).toEqual([])
  })
})

/** What a person and a server may do to a queue; the numbers choose among what is possible. */
type Move = {
  what:
    | 'type'
    | 'discard'
    | 'retry'
    | 'answer'
    | 'lose'
    | 'refuse'
    | 'save'
    | 'fail-save'
    | 'show'
    | 'wait'
    | 'resume'
  pick: number
}
const anyMove: fc.Arbitrary<Move> = fc.record({
  what: fc.constantFrom<Move['what']>(
    'type',
    'type',
    'discard',
    'retry',
    'answer',
    'answer',
    'lose',
    'refuse',
    'save',
    'save',
    'fail-save',
    'show',
    'wait',
    'resume',
  ),
  pick: fc.nat(),
})

describe('CM13: whatever happens to a queue', () => {
  it('one in flight, saved before sent, in the order typed, nothing lost, nothing forgotten too early', () => {
    fc.assert(
      fc.property(fc.array(anyMove, { maxLength: 80, size: 'max' }), fc.boolean(), (moves, isLoadedFirst) => {
        let state: QueueState = { ...emptyQueue, isLeading: true }
        let typed = 0
        let hasTimer = false
        const saving: string[] = []
        const onDisk = new Set<string>()
        const inFlight: string[] = []
        const onServer = new Set<string>()
        const discarded = new Set<string>()
        const everFailed = new Set<string>()

        const dispatch = (event: QueueEvent) => {
          const step = reduceQueue(state, event)
          if (step.state === state) expect(step.effects).toEqual([])
          state = step.state
          for (const effect of step.effects) {
            if (effect.do === 'save') saving.push(effect.id)
            if (effect.do === 'set-timer') hasTimer = true
            if (effect.do === 'clear-timer') hasTimer = false
            if (effect.do === 'forget') {
              expect(onServer.has(effect.id) || discarded.has(effect.id)).toBe(true)
              onDisk.delete(effect.id)
            }
            if (effect.do === 'send') {
              expect(onDisk.has(effect.id)).toBe(true)
              inFlight.push(effect.id)
              // In order: everything typed before has failed once, was given up, or has arrived.
              for (let before = 0; before < Number(effect.id); before++) {
                const id = String(before)
                expect(onServer.has(id) || discarded.has(id) || everFailed.has(id)).toBe(true)
              }
            }
          }
          expect(state.entries.filter(each => each.stage.is === 'sending').length).toBeLessThanOrEqual(1)
        }
        const one = (list: readonly string[], pick: number) => list[pick % Math.max(1, list.length)]
        const ids = (is?: Stage['is']) =>
          state.entries.filter(each => !is || each.stage.is === is).map(each => each.id)

        if (isLoadedFirst) dispatch({ is: 'outbox-read', messages: [] })
        for (const { what, pick } of moves) {
          const sending = one(ids('sending'), pick)
          switch (what) {
            case 'type':
              dispatch({ is: 'typed', id: String(typed++), body: 'x', replyTo: null, queuedAt: '' })
              break
            case 'discard': {
              const id = one(ids(), pick)
              const stage = state.entries.find(each => each.id === id)?.stage.is
              if (id === undefined) break
              if (stage !== 'sending' && stage !== 'sent') discarded.add(id)
              dispatch({ is: 'discard-asked', id })
              break
            }
            case 'retry': {
              const id = one(ids('failed'), pick)
              if (id !== undefined) dispatch({ is: 'retry-asked', id })
              break
            }
            case 'save':
            case 'fail-save': {
              const id = saving.shift()
              if (id === undefined) break
              if (what === 'save') {
                if (!discarded.has(id)) onDisk.add(id)
                dispatch({ is: 'saved', id })
              } else {
                if (state.entries.some(each => each.id === id && each.stage.is === 'saving'))
                  everFailed.add(id)
                dispatch({ is: 'save-failed', id, error: outage })
              }
              break
            }
            case 'answer':
              if (sending === undefined) break
              onServer.add(sending)
              dispatch({ is: 'accepted', id: sending, seq: onServer.size })
              break
            case 'lose':
              if (sending === undefined) break
              // The server may have it or not.
              if (pick % 2 === 0) onServer.add(sending)
              dispatch({ is: 'send-failed', id: sending, error: outage, random: 0 })
              break
            case 'refuse':
              if (sending === undefined || onServer.has(sending)) break
              everFailed.add(sending)
              dispatch({ is: 'send-failed', id: sending, error: refusal, random: 0 })
              break
            case 'show': {
              const id = one([...onServer], pick)
              if (id !== undefined) dispatch({ is: 'shown', id })
              break
            }
            case 'wait':
              if (!hasTimer) break
              hasTimer = false
              dispatch({ is: 'retry-due' })
              break
            case 'resume':
              dispatch({ is: 'resumed' })
              break
          }
        }
        for (let each = 0; each < typed; each++) {
          const id = String(each)
          expect(ids().includes(id) || onServer.has(id) || discarded.has(id), `${id} is nowhere`).toBe(true)
        }

        // The network and the disk get well, the person tries what failed: everything arrives.
        if (!state.isLoaded) dispatch({ is: 'outbox-read', messages: [] })
        for (const id of ids('failed')) dispatch({ is: 'retry-asked', id })
        for (let round = 0; round < 1_000 && ids().some(id => !onServer.has(id)); round++) {
          const id = saving.shift()
          if (id !== undefined) {
            if (!discarded.has(id)) onDisk.add(id)
            dispatch({ is: 'saved', id })
          }
          if (hasTimer) dispatch({ is: 'retry-due' })
          const sending = ids('sending')[0]
          if (sending === undefined) continue
          onServer.add(sending)
          dispatch({ is: 'accepted', id: sending, seq: onServer.size })
        }
        expect(ids().filter(id => !onServer.has(id))).toEqual([])
      }),
      { numRuns: 300 },
    )
  })
})
