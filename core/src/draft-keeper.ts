/**
 * The shell around `draft.ts`: the device's storage, one write after the other, and the server. Drafts are held by the
 * service, not by the room: a room that is left and opened again at once must find what is just being saved.
 */
import type { Draft, Store } from './api.ts'
import type { ChatError } from './chat-error.ts'
import {
  type DraftEffect,
  type DraftEvent,
  type DraftState,
  emptyDraft,
  noDraft,
  reduceDraft,
} from './draft.ts'
import type { Env, TabMessage } from './env.ts'
import { createMachine } from './machine.ts'
import { createStore } from './store.ts'
import type { Transport } from './transport.ts'

export interface Drafts {
  hold(appointmentId: string): HeldDraft
  /** From another tab. */
  hear(told: TabMessage): void
}

export interface HeldDraft extends Store<Draft | null> {
  /** Once it is known which room it is: looks for what this device kept. */
  open(owner: { userId: string; roomId: string }): void
  /** Once the room is open: what the server has. */
  tell(held: Draft | null): void
  type(draft: Draft): void
  /** The person is leaving: tells the server what it does not have, where `isWelcome`, without waiting. */
  release(isWelcome: boolean): void
}

interface Keeper extends Omit<HeldDraft, 'release'> {
  readonly isBusy: boolean
  leave(): void
  comeBack(): void
  hear(told: TabMessage): void
  end(): void
}

export function createDrafts(
  context: { env: Env; transport: Transport },
  tell: (message: TabMessage) => void,
): Drafts {
  const keepers = new Map<string, Keeper>()
  return {
    hold(appointmentId) {
      const forget = () => {
        if (keepers.get(appointmentId) === keeper) keepers.delete(appointmentId)
      }
      const known = keepers.get(appointmentId)
      const keeper = known ?? createKeeper(context, tell, forget)
      keepers.set(appointmentId, keeper)
      known?.comeBack()
      let isHeld = true
      return {
        get current() {
          return keeper.current
        },
        subscribe: keeper.subscribe,
        open: keeper.open,
        tell: keeper.tell,
        type(draft) {
          if (isHeld) keeper.type(draft)
        },
        release(isWelcome) {
          if (!isHeld) return
          isHeld = false
          if (isWelcome) keeper.leave()
          if (isWelcome && keeper.isBusy) return
          keeper.end()
          forget()
        },
      }
    },
    hear(told) {
      for (const keeper of keepers.values()) keeper.hear(told)
    },
  }
}

function createKeeper(
  { env, transport }: { env: Env; transport: Transport },
  tell: (message: TabMessage) => void,
  /** Left, and nothing is on its way any more. */
  onDone: () => void,
): Keeper {
  let owner: { userId: string; roomId: string } | null = null
  let isEnded = false
  let clearTimer = () => {}
  let storageTurn: Promise<unknown> = Promise.resolve()
  /** Of the newest that was kept: nothing but it is ever forgotten. */
  let mark: string | null = null
  let held: Draft | null = null
  /** An answer to what was asked before a saving says nothing of after it. */
  let hasSaved = false
  const store = createStore<Draft | null>(null)

  const machine = createMachine<DraftState, DraftEvent, DraftEffect>({
    initial: noDraft,
    reduce: reduceDraft,
    perform,
    onChange() {
      store.set(machine.state.shown)
      if (machine.state.isLeaving && machine.state.call.is === 'idle') onDone()
    },
  })
  const dispatch = (event: DraftEvent) => {
    if (!isEnded) machine.dispatch(event)
  }

  function perform(effect: DraftEffect): void {
    switch (effect.do) {
      case 'keep':
        keep(effect.draft)
        return
      case 'forget':
        forget()
        return
      case 'save':
        save(effect.draft)
        return
      case 'set-timer':
        clearTimer = env.setTimer(() => dispatch({ is: 'due' }), effect.ms)
        return
      case 'clear-timer':
        clearTimer()
        return
    }
  }

  /** A device that keeps nothing is no reason not to write. */
  function inTurn(operation: () => Promise<unknown>): void {
    storageTurn = storageTurn.then(operation).catch(() => {})
  }

  function keep(draft: Draft): void {
    if (!owner) return
    const before = mark
    const kept = { ...owner, ...draft, mark: env.randomId() }
    mark = kept.mark
    inTurn(async () => {
      const there = draft.body === '' ? await env.drafts.get(kept.userId, kept.roomId) : null
      // No words take nothing away from another tab's.
      if (there !== null && there.mark !== before && there.body !== '') return
      await env.drafts.put(kept)
    })
  }

  function forget(): void {
    const from = owner
    const forgotten = mark
    if (!from || forgotten === null) return
    mark = null
    inTurn(() => env.drafts.remove(from.userId, from.roomId, forgotten))
  }

  function save(draft: Draft): void {
    if (!owner) return
    const { roomId } = owner
    hasSaved = true
    transport.saveDraft({ roomId, ...draft }).then(
      () => {
        tell({ is: 'draft-saved', roomId, draft })
        dispatch({ is: 'saved' })
      },
      (error: ChatError) => dispatch({ is: 'failed', error, random: env.random() }),
    )
  }

  return {
    get current() {
      return store.current
    },
    get isBusy() {
      return machine.state.call.is === 'saving'
    },
    subscribe: store.subscribe,
    open(by) {
      if (owner) return
      owner = by
      env.drafts
        .get(by.userId, by.roomId)
        .catch(() => null)
        .then(kept => {
          // Nothing was kept since: it was not known where.
          mark ??= kept?.mark ?? null
          const left = kept && { body: kept.body, replyTo: kept.replyTo }
          dispatch({ is: 'found', held, kept: left })
        })
    },
    tell(draft) {
      if (held !== null || hasSaved) return
      held = draft ?? emptyDraft
      dispatch({ is: 'held-told', held })
    },
    type: draft => dispatch({ is: 'typed', draft }),
    leave: () => dispatch({ is: 'left' }),
    comeBack: () => dispatch({ is: 'come-back' }),
    hear(told) {
      if (told.is !== 'draft-saved' || told.roomId !== owner?.roomId) return
      dispatch({ is: 'saved-elsewhere', draft: told.draft })
    },
    end() {
      isEnded = true
      clearTimer()
      store.set(null)
    },
  }
}
