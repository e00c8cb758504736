/**
 * Who is signed in on this device. The only place that makes and closes a `ChatService`.
 *
 *   loading --tokens and profile--> signed-in --sign-out | tokens refused--> signed-out
 *      \-----------no tokens--------------------------------------------------^
 *
 * Whose tokens the device holds is signed in at once with the profile of the last visit, where that is still there; the
 * server's word comes after.
 *
 * Must never happen: the chat of one person in reach after another one signed in; a screen that goes on with a
 * session which the server has ended.
 */
import type { Session, SessionState } from './api.ts'
import { type Backoff, backoffMs } from './backoff.ts'
import { type Cache, openCache } from './cache.ts'
import { ChatError, reactionTo } from './chat-error.ts'
import { openChatService } from './chat-service.ts'
import type { Env, TabChannel } from './env.ts'
import type { Profile } from './records.ts'
import { createStore } from './store.ts'
import { channelOf } from './tab-names.ts'
import type { Transport } from './transport.ts'

const RESTORE_RETRY: Backoff = { baseMs: 1_000, maxMs: 3_000 }

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
  let cache: Cache | null = null
  /** Of what was kept of the last session. */
  let ended: Promise<void> = Promise.resolve()
  /** Whether the server knows of the one who is signed in. */
  let isConfirmed = false

  const isSignedInAs = (userId: string) =>
    store.current.is === 'signed-in' && store.current.profile.id === userId

  function begin(): number {
    clearTimer()
    return ++turn
  }

  /** `from`: where the profile was found. */
  function enter(profile: Profile, from: Cache | null): void {
    isConfirmed = from === null
    if (isSignedInAs(profile.id)) {
      confirm(profile)
      return
    }
    cache = from ?? openCache(env, profile.id)
    if (isConfirmed) cache.keepProfile(profile)
    const chat = openChatService(context, profile.id, cache)
    tabs = env.tabs.join(channelOf(profile.id), told => {
      if (told.is === 'signed-out') leave('signed-out')
    })
    store.set({ is: 'signed-in', profile, chat })
  }

  function confirm(profile: Profile): void {
    const { current } = store
    if (current.is !== 'signed-in') return
    cache?.keepProfile(profile)
    if (JSON.stringify(profile) !== JSON.stringify(current.profile)) store.set({ ...current, profile })
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
    ended = cache?.end() ?? env.cache.end(null).catch(() => {})
    cache = null
  }

  async function restore(mine: number, attempt: number): Promise<void> {
    try {
      await enterFromCache(mine)
      if (mine !== turn) return
      const restored = await transport.auth.restore()
      if (mine !== turn) return
      if (!restored) {
        leave('none')
        return
      }
      const profile = await transport.getProfile()
      if (mine !== turn) return
      if (store.current.is === 'signed-in' && !isSignedInAs(profile.id)) becomes(profile.id)
      else enter(profile, null)
    } catch (cause) {
      if (mine !== turn) return
      const error = cause instanceof ChatError ? cause : new ChatError('protocol', { cause })
      if (reactionTo(error.kind) !== 'retry') return expire(mine)
      const ms = Math.max(backoffMs(attempt, env.random(), RESTORE_RETRY), error.retryAfterMs ?? 0)
      clearTimer = env.setTimer(() => void restore(mine, attempt + 1), ms)
    }
  }

  async function enterFromCache(mine: number): Promise<void> {
    if (store.current.is !== 'loading') return
    const holder = await transport.auth.holder()
    if (holder === null || mine !== turn) return
    const found = openCache(env, holder.userId)
    const profile = await found.readProfile()
    if (profile !== null && mine === turn) enter(profile, found)
    else found.close()
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
      const isOpen = store.current.is === 'loading' || (store.current.is === 'signed-in' && !isConfirmed)
      if (env.online.current && isOpen && !isSigningIn) void restore(begin(), 1)
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
        if (mine === turn) enter(profile, null)
      } catch (cause) {
        // Half signed in is signed out.
        await transport.auth.signOut()
        throw cause
      } finally {
        isSigningIn = false
      }
    },
    async signOutEverywhere() {
      await transport.auth.endSessions()
      await this.signOut()
    },
    async setLocale(locale) {
      const before = store.current
      if (before.is !== 'signed-in') throw new ChatError('not-signed-in')
      const { id } = before.profile
      await transport.setLocale(locale, id)
      const { current } = store
      if (current.is === 'signed-in' && isSignedInAs(id)) confirm({ ...current.profile, locale })
    },
    async signOut() {
      if (isClosed) return
      tabs?.tell({ is: 'signed-out' })
      leave('signed-out')
      await Promise.all([transport.auth.signOut(), ended])
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
