/**
 * What a token may do on a private topic, decided by the policies on realtime.messages and by nothing else. A right to
 * read is the right to see a probe row; a right to write is the right to insert one. Each check is one transaction, sent
 * in one round trip, that is always rolled back: nothing is stored and nothing is streamed.
 *
 * Never: a policy's error taken for a yes; a role from a token that is not one of the three; a check that hangs.
 */

import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { isUnavailable, QUERY_CANCELED, sqlState } from './database-config.ts'
import { inRolledBackTransaction, NoConnection, type Statement } from './rolled-back-transaction.ts'
import type { Identity } from './tokens.ts'

export type Extension = 'broadcast' | 'presence'

export interface ReadRights {
  readonly broadcast: boolean
  readonly presence: boolean
}

export interface Subject {
  readonly identity: Identity
  /** JSON text of the handshake's `x-` headers: what policies see as `request.headers`. */
  readonly headersJson: string
}

/** The database could not answer: neither a yes nor a no. */
export class AuthorizationUnavailable extends Error {
  constructor(cause: unknown) {
    super('The database could not be asked', { cause })
    this.name = 'AuthorizationUnavailable'
  }
}

/** A policy took longer than `authorizationTimeoutMs`. */
export class AuthorizationTimeout extends Error {
  constructor(cause: unknown) {
    super('The policies took too long', { cause })
    this.name = 'AuthorizationTimeout'
  }
}

/** Neither a yes nor a no: the database did not answer, or not in time. */
export function isUnanswered(error: unknown): error is AuthorizationUnavailable | AuthorizationTimeout {
  return error instanceof AuthorizationUnavailable || error instanceof AuthorizationTimeout
}

const ROLES: ReadonlySet<string> = new Set(['anon', 'authenticated', 'service_role'])

/** A token's role is whatever its issuer wrote: only of these does anything follow. */
export function isApiRole(role: string): boolean {
  return ROLES.has(role)
}

const INSUFFICIENT_PRIVILEGE = '42501'
const NO_PARTITION = '23514'

export class Authorizer {
  readonly #pool: pg.Pool
  readonly #onPolicyError: (code: string) => void
  readonly #makePartitions: () => Promise<void>
  readonly #inFlight = new Map<string, Promise<unknown>>()

  /** The pool's clients must be in pipeline mode and have a `statement_timeout`. */
  constructor(pool: pg.Pool, makePartitions: () => Promise<void>, onPolicyError: (code: string) => void) {
    this.#pool = pool
    this.#makePartitions = makePartitions
    this.#onPolicyError = onPolicyError
  }

  /** May the subject receive from the topic? Throws `AuthorizationUnavailable` or `AuthorizationTimeout`. */
  read(subject: Subject, topic: string, withPresence: boolean): Promise<ReadRights> {
    return this.#once(['read', withPresence], subject, topic, async () => {
      const broadcast = randomUUID()
      const presence = withPresence ? randomUUID() : null
      const visible = await this.#check(subject, [
        insertProbe(broadcast, topic, 'broadcast'),
        ...(presence === null ? [] : [insertProbe(presence, topic, 'presence')]),
        assumeRole(subject, topic),
        {
          name: 'probe_select',
          text: 'select id::text from realtime.messages where inserted_at = localtimestamp and id = any($1::uuid[])',
          values: [presence === null ? [broadcast] : [broadcast, presence]],
        },
      ])
      const ids = new Set(visible?.map(row => row.id))
      return { broadcast: ids.has(broadcast), presence: presence !== null && ids.has(presence) }
    })
  }

  /** May the subject send to the topic? Throws `AuthorizationUnavailable` or `AuthorizationTimeout`. */
  write(subject: Subject, topic: string, extension: Extension): Promise<boolean> {
    return this.#once(['write', extension], subject, topic, async () => {
      const done = await this.#check(subject, [
        assumeRole(subject, topic),
        insertProbe(randomUUID(), topic, extension),
      ])
      return done !== null
    })
  }

  /** Equal questions asked at one time are asked of the database once. */
  #once<T>(question: unknown[], subject: Subject, topic: string, ask: () => Promise<T>): Promise<T> {
    const { role, claimsJson } = subject.identity
    const key = JSON.stringify([...question, topic, role, claimsJson, subject.headersJson])
    const asked = this.#inFlight.get(key)
    if (asked) return asked as Promise<T>
    const answer = ask().finally(() => this.#inFlight.delete(key))
    this.#inFlight.set(key, answer)
    return answer
  }

  /** The last statement's rows, or `null` where the answer is no. */
  async #check(subject: Subject, statements: Statement[]): Promise<Record<string, unknown>[] | null> {
    if (!isApiRole(subject.identity.role)) return null
    try {
      return await inRolledBackTransaction(this.#pool, statements)
    } catch (error) {
      if (sqlState(error) !== NO_PARTITION) return this.#refuse(error)
    }
    // The machine slept past the last partition.
    try {
      await this.#makePartitions()
      return await inRolledBackTransaction(this.#pool, statements)
    } catch (error) {
      return this.#refuse(error)
    }
  }

  #refuse(error: unknown): null {
    if (error instanceof NoConnection) throw new AuthorizationUnavailable(error)
    const code = sqlState(error)
    if (code === QUERY_CANCELED) throw new AuthorizationTimeout(error)
    if (code === null || isUnavailable(error)) throw new AuthorizationUnavailable(error)
    if (code !== INSUFFICIENT_PRIVILEGE) this.#onPolicyError(code)
    return null
  }
}

function insertProbe(id: string, topic: string, extension: Extension): Statement {
  return {
    name: 'probe_insert',
    text: 'insert into realtime.messages (id, topic, extension) values ($1, $2, $3)',
    values: [id, topic, extension],
  }
}

/** What policies see of the subject, until the transaction's end. */
export function assumeRole({ identity, headersJson }: Subject, topic: string): Statement {
  return {
    name: 'probe_role',
    text: `select set_config('role', $1, true), set_config('realtime.topic', $2, true),
      set_config('request.jwt.claims', $3, true), set_config('request.jwt.claim.sub', $4, true),
      set_config('request.jwt.claim.role', $1, true), set_config('request.headers', $5, true)`,
    values: [identity.role, topic, identity.claimsJson, identity.subject, headersJson],
  }
}
