/**
 * Who is signed in on this device. The only place that makes and closes a `ChatService`.
 *
 *   loading --tokens and profile--> signed-in --sign-out | tokens refused--> signed-out
 *      \-----------no tokens--------------------------------------------------^
 *
 * Must never happen: the chat of one person in reach after another one signed in; a screen that goes on with a
 * session which the server has ended.
 */
import type { Session, SessionState } from './api.ts'
import { type Backoff, backoffMs } from './backoff.ts'
import { ChatError, reactionTo } from './chat-error.ts'
import { openChatService } from './chat-service.ts'
import type { Env, TabChannel } from './env.ts'
import type { Profile } from './records.ts'
import { createStore } from './store.ts'
import { channelOf } from './tab-names.ts'
import type { Transport } from './transport.ts'

const RESTORE_RETRY: Backoff = { baseMs: 1_000, maxMs: 4_000 }

export function openSession(context: { env: Env; transport: Transport }): Session {
  const { env, transport } = context
  const store = createStore<SessionState>({ is: 'loading' })
  let isClosed = false
  let clearTimer = () => {}
  /** Counts changes of mind: what was begun before the last one is not to be finished. */
  let turn = 0
  /** While a password is being checked, its own caller hears how it ends, and auth's events mean nothing. */
  let isSigningIn = false
  let tabs: TabChannel | null = null

  const isSignedInAs = (userId: string) =>
    store.current.is === 'signed-in' && store.current.profile.id === userId

  function begin(): number {
    clearTimer()
    return ++turn
  }

  function enter(profile: Profile): void {
    const chat = openChatService(context, profile.id)
    tabs = env.tabs.join(channelOf(profile.id), told => {
      if (told.is === 'signed-out') leave('signed-out')
    })
    store.set({ is: 'signed-in', profile, chat })
  }

  function leave(reason: 'none' | 'signed-out' | 'expired'): void {
    begin()
    const before = store.current
    if (before.is === 'signed-out') return
    // The screens go first: they must not ask a closed chat for anything.
    store.set({ is: 'signed-out', reason })
    if (before.is === 'signed-in') before.chat.close()
    tabs?.leave()
    tabs = null
  }

  async function restore(mine: number, attempt: number): Promise<void> {
    try {
      const restored = await transport.auth.restore()
      if (mine !== turn) return
      if (!restored) {
        leave('none')
        return
      }
      const profile = await transport.getProfile()
      if (mine === turn) enter(profile)
    } catch (cause) {
      if (mine !== turn) return
      const error = cause instanceof ChatError ? cause : new ChatError('protocol', { cause })
      if (reactionTo(error.kind) !== 'retry') return expire(mine)
      const ms = Math.max(backoffMs(attempt, env.random(), RESTORE_RETRY), error.retryAfterMs ?? 0)
      clearTimer = env.setTimer(() => void restore(mine, attempt + 1), ms)
    }
  }

  /** What other tabs did while this one slept, nobody may have told it. */
  async function lookAgain(): Promise<void> {
    const mine = turn
    const restored = await transport.auth.restore()
    if (mine !== turn || store.current.is !== 'signed-in') return
    if (restored === null) leave('signed-out')
    else becomes(restored.userId)
  }

  function becomes(userId: string): void {
    if (isSignedInAs(userId) || store.current.is === 'loading') return
    leave('none')
    store.set({ is: 'loading' })
    void restore(begin(), 1)
  }

  async function expire(mine: number): Promise<void> {
    leave('expired')
    if (mine === turn - 1) await transport.auth.signOut()
  }

  const undo = [
    transport.auth.onChange(change => {
      if (isClosed || isSigningIn) return
      if (change.is === 'signed-out' && store.current.is !== 'loading') leave('expired')
      // Another tab signed in, perhaps as somebody else.
      if (change.is === 'signed-in') becomes(change.userId)
    }),
    env.visible.subscribe(() => {
      // What cannot be looked up is left as it is.
      if (env.visible.current && store.current.is === 'signed-in') lookAgain().catch(() => {})
    }),
    env.online.subscribe(() => {
      if (env.online.current && store.current.is === 'loading' && !isSigningIn) void restore(begin(), 1)
    }),
  ]
  void restore(begin(), 1)

  return {
    get current() {
      return store.current
    },
    subscribe: store.subscribe,
    async signIn(email, password) {
      if (isClosed) return
      leave('none')
      const mine = begin()
      isSigningIn = true
      try {
        await transport.auth.signIn(email, password)
        const profile = await transport.getProfile()
        if (mine === turn) enter(profile)
      } catch (cause) {
        // Half signed in is signed out.
        await transport.auth.signOut()
        throw cause
      } finally {
        isSigningIn = false
      }
    },
    async signOut() {
      if (isClosed) return
      tabs?.tell({ is: 'signed-out' })
      leave('signed-out')
      await transport.auth.signOut()
    },
    close() {
      if (isClosed) return
      isClosed = true
      begin()
      for (const each of undo) each()
      if (store.current.is === 'signed-in') store.current.chat.close()
      tabs?.leave()
      transport.close()
    },
  }
}
