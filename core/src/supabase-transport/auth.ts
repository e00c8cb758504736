/** Signing in and out, and the token that everything else needs. */
import { AuthClient } from '@supabase/supabase-js'
import { ChatError } from '../chat-error.ts'
import type { Env } from '../env.ts'
import type { AuthChange, AuthTransport } from '../transport.ts'
import { createAuthFetch, typedFor } from './bounded-fetch.ts'
import { fromAuth } from './failures.ts'
import { createRefreshFetch } from './refresh-fetch.ts'
import { read, shape, string } from './schema.ts'

export interface Auth extends AuthTransport {
  /** A token that is not about to expire. @throws ChatError `not-signed-in`, `offline`, `unavailable`. */
  token(): Promise<string>
  /** A new token, because the server refused the one we have. The same errors. */
  renewToken(): Promise<string>
  /** Forgets the tokens of this device, because the server does not take them any more. */
  forget(): Promise<void>
  /** The network may be back: a failure to refresh before says nothing about now. */
  tryAgain(): void
  close(): void
}

/** auth-js repeats the failure of a refresh for a minute without asking the server. That would outlast an outage. */
class RetryingAuthClient extends AuthClient {
  forgetFailure(): void {
    this.lastRefreshFailure = null
  }
}

export function createAuth(config: { url: string; key: string; storageKey: string; env: Env }): Auth {
  const { env, storageKey } = config
  const listeners = new Set<(change: AuthChange) => void>()
  const refresh = createRefreshFetch(env, createAuthFetch(env))
  const client = new RetryingAuthClient({
    url: `${config.url}/auth/v1`,
    headers: { Authorization: `Bearer ${config.key}`, apikey: config.key },
    storageKey,
    storage: env.network.tokens,
    fetch: typedFor(refresh.fetch),
    autoRefreshToken: true,
    persistSession: true,
    detectSessionInUrl: false,
    skipAutoInitialize: true,
  })
  let lastToken: string | null = null
  let unwatch: (() => void) | null = null
  let isClosed = false

  function tell(change: AuthChange): void {
    // Not from inside auth-js: a listener may call it again.
    Promise.resolve().then(() => {
      if (!isClosed) for (const listener of [...listeners]) listener(change)
    })
  }

  /** Only once a session was read: asked before, auth-js reads it again and writes a failure to the console. */
  function watch(): void {
    if (unwatch || isClosed) return
    const { data } = client.onAuthStateChange((event, session) => {
      lastToken = session?.access_token ?? lastToken
      if (event === 'SIGNED_IN' && session) tell({ is: 'signed-in', userId: session.user.id })
      if (event === 'SIGNED_OUT') tell({ is: 'signed-out' })
      if (event === 'TOKEN_REFRESHED') tell({ is: 'token-refreshed' })
    })
    unwatch = () => data.subscription.unsubscribe()
  }

  const failure = (error: Parameters<typeof fromAuth>[0], isSigningIn = false) =>
    fromAuth(error, { isOnline: env.online.current, isSigningIn })

  async function forget(): Promise<void> {
    await env.network.tokens.removeItem(storageKey)
    lastToken = null
    await client.signOut({ scope: 'local' })
    if (!unwatch) tell({ is: 'signed-out' })
  }

  return {
    async holder() {
      const stored = await env.network.tokens.getItem(storageKey)
      return stored === null ? null : holderOf(stored)
    },
    async restore() {
      await client.initialize()
      const { data, error } = await client.getSession()
      if (error) {
        const mapped = failure(error)
        if (mapped.kind !== 'not-signed-in') throw mapped
      }
      watch()
      lastToken = data.session?.access_token ?? null
      return data.session ? { userId: data.session.user.id } : null
    },
    async signIn(email, password) {
      const { data, error } = await client.signInWithPassword({ email, password })
      if (error) throw failure(error, true)
      lastToken = data.session.access_token
      watch()
      return { userId: data.user.id }
    },
    async signOut() {
      const token = lastToken
      await forget()
      if (token === null) return
      // `local`: this session only, on the server as well. What it says does not matter here any more.
      await client.admin.signOut(token, 'local')
    },
    async endSessions() {
      const { error } = await client.admin.signOut(await this.token(), 'global')
      if (error) throw failure(error)
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async token() {
      const { data, error } = await client.getSession()
      if (error) throw failure(error)
      if (!data.session) throw new ChatError('not-signed-in')
      lastToken = data.session.access_token
      return lastToken
    },
    async renewToken() {
      const { data, error } = await client.refreshSession()
      if (error) throw failure(error)
      if (!data.session) throw new ChatError('not-signed-in')
      lastToken = data.session.access_token
      return lastToken
    },
    forget,
    tryAgain: () => client.forgetFailure(),
    close() {
      isClosed = true
      listeners.clear()
      unwatch?.()
      refresh.close()
      void client.dispose()
    },
  }
}

/** As auth-js keeps a session. Of what it does not keep so, nobody is the holder. */
function holderOf(stored: string): { userId: string } | null {
  try {
    const session: unknown = JSON.parse(stored)
    const holder = read(sessionSchema, session)
    return holder && { userId: holder.value.user.id }
  } catch {
    return null
  }
}

const sessionSchema = shape({ user: shape({ id: string }) })
