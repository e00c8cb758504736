/**
 * How much one address and one person may ask for. High enough for a whole clinic behind one address, low enough that a
 * loop gone wild, or somebody who tries passwords, is stopped here and not by the database.
 */
import type { ServerResponse } from 'node:http'
import type { LimitKind } from '../observe/metrics.ts'
import { refusal } from '../recovery.ts'
import { JSON_TYPE, send } from '../reply.ts'
import { createLimiter, type Limiter } from './limiter.ts'

interface Limit {
  readonly max: number
  readonly perMs: number
}

export interface RequestLimits {
  /** Requests and opened sockets, signed in or not. */
  readonly perAddress: Limit
  /** Of one signed-in person, on all their devices. */
  readonly perUser: Limit
  /** Failed ones. */
  readonly signInsPerAddress: Limit
  /** Failed ones, from anywhere. */
  readonly signInsPerAccount: Limit
}

const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS

const DEFAULT_LIMITS: RequestLimits = {
  perAddress: { max: 30_000, perMs: 10 * SECOND_MS },
  perUser: { max: 5_000, perMs: 10 * SECOND_MS },
  signInsPerAddress: { max: 100, perMs: 5 * MINUTE_MS },
  signInsPerAccount: { max: 10, perMs: 5 * MINUTE_MS },
}

export interface Admission {
  /** Milliseconds to wait; 0: go on. */
  address(network: string): number
  /** `subject`: the person's id, from a token that was verified. */
  user(subject: string): number
  /** Answers itself where there were too many failures; else `ask` does. `account`: any text that names it. */
  signIn(network: string, account: string | null, ask: () => Promise<Response>): Promise<Response>
}

export function createAdmission(options: {
  limits?: Partial<RequestLimits>
  onRefused(kind: LimitKind): void
}): Admission {
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  const counted = (kind: LimitKind, limiter: Limiter) => ({
    ...limiter,
    take: (key: string) => {
      const waitMs = limiter.take(key)
      if (waitMs > 0) options.onRefused(kind)
      return waitMs
    },
  })
  const addresses = counted('address', createLimiter(limits.perAddress))
  const users = counted('user', createLimiter(limits.perUser))
  const signInAddresses = counted('sign_in_address', createLimiter(limits.signInsPerAddress))
  const signInAccounts = counted('sign_in_account', createLimiter(limits.signInsPerAccount))

  return {
    address: addresses.take,
    user: users.take,
    async signIn(network, account, ask) {
      // Before the answer is known: many at once are as many.
      const waitMs = signInAddresses.take(network) || (account === null ? 0 : signInAccounts.take(account))
      if (waitMs > 0) return refusal(429, CODE, MESSAGE, retryAfter(waitMs))
      const failed = (status: number) => status >= 400 && status < 500
      let status = 500
      try {
        const answer = await ask()
        status = answer.status
        return answer
      } finally {
        if (!failed(status)) {
          signInAddresses.giveBack(network)
          if (account !== null) signInAccounts.giveBack(account)
        }
      }
    },
  }
}

const CODE = 'over_request_rate_limit'
const MESSAGE = 'Request rate limit reached'
const retryAfter = (waitMs: number) => ({ 'Retry-After': String(Math.ceil(waitMs / SECOND_MS)) })

/** Both as PostgREST and as GoTrue name things: it is asked before it is known whose the request is. */
export function sendTooMany(res: ServerResponse, waitMs: number, headOnly: boolean): void {
  const body = { code: CODE, error_code: CODE, message: MESSAGE, msg: MESSAGE, details: null, hint: null }
  send(res, 429, { 'Content-Type': JSON_TYPE, ...retryAfter(waitMs) }, JSON.stringify(body), headOnly)
}
