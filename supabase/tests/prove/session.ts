/**
 * SQL as anybody, in one transaction that never commits. What is tried is tried in a savepoint and undone, so that every
 * attempt meets the same world.
 *
 * The connection is the superuser's; an attempt as a persona runs as `authenticator` that has become the role of a token,
 * as the gateway does it: with its rights and no others.
 */
import pg from 'pg'
import { identityOf, type Persona } from './personas.ts'

export type Actor = Persona | 'owner' | 'superuser'

export interface Step {
  readonly as: Actor
  readonly sql: string
}

export interface Refusal {
  readonly code: string
  readonly message: string
  readonly detail: string | null
  readonly hint: string | null
}

export interface Answered {
  readonly rows: readonly Record<string, unknown>[]
  readonly count: number
}
export interface Refused {
  readonly refusal: Refusal
}
export type Outcome = Answered | Refused

export const isRefused = (outcome: Outcome): outcome is Refused => 'refusal' in outcome

/** Both claims and what older policies read, as the gateway sets them. */
function become(actor: Actor): string {
  if (actor === 'superuser' || actor === 'owner') {
    return `set local session authorization default; set local role ${actor === 'owner' ? 'postgres' : 'none'};
            set local request.jwt.claims = ''; set local request.jwt.claim.sub = ''`
  }
  const { role, userId } = identityOf(actor)
  const claims = JSON.stringify({ role, ...(userId ? { sub: userId, aud: 'authenticated' } : {}) })
  return `set local session authorization authenticator; set local role ${role};
          set local request.jwt.claims = '${claims}'; set local request.jwt.claim.sub = '${userId ?? ''}'`
}

export class Session {
  readonly #client: pg.Client

  private constructor(client: pg.Client) {
    this.#client = client
  }

  static async open(superuserUrl: string): Promise<Session> {
    const client = new pg.Client({ connectionString: superuserUrl, pipeline: true })
    client.on('error', () => {
      // The query under way reports it.
    })
    await client.connect()
    await client.query(
      `set search_path = public, extensions; set statement_timeout = '20s'; set client_min_messages = error`,
    )
    return new Session(client)
  }

  begin = () => this.#client.query('begin')
  commit = () => this.#client.query('commit')
  rollback = () => this.#client.query('rollback')
  close = () => this.#client.end()

  /** As the superuser, and not undone before `rollback`. */
  async query(sql: string): Promise<Record<string, unknown>[]> {
    return (await this.#client.query<Record<string, unknown>>(sql)).rows
  }

  /** The steps one after the other in a savepoint of their own; after one that failed the others fail as well. */
  async attempt(steps: readonly Step[]): Promise<Outcome[]> {
    const settled = [
      this.#try('savepoint attempt'),
      ...steps.flatMap(step => [this.#try(become(step.as)), this.#try(step.sql)]),
      this.#try('rollback to savepoint attempt; release savepoint attempt'),
    ]
    const outcomes = await Promise.all(settled)
    for (const outcome of [outcomes[0], outcomes.at(-1)]) {
      if (outcome && isRefused(outcome))
        throw new Error(`The transaction is broken: ${outcome.refusal.message}`)
    }
    return steps.map((_, place) => outcomes[2 + 2 * place] as Outcome)
  }

  async #try(sql: string): Promise<Outcome> {
    try {
      const result = await this.#client.query<Record<string, unknown>>(sql)
      const last = Array.isArray(result) ? (result.at(-1) as typeof result) : result
      return { rows: last.rows, count: last.rowCount ?? 0 }
    } catch (error) {
      if (!(error instanceof pg.DatabaseError)) throw error
      return { refusal: refusalOf(error) }
    }
  }
}

/** With what PostgREST makes of it: an error with the code `PGRST` is the JSON in its message. */
function refusalOf(error: pg.DatabaseError): Refusal {
  const plain = {
    code: error.code ?? '',
    message: error.message,
    detail: error.detail ?? null,
    hint: error.hint ?? null,
  }
  if (plain.code !== 'PGRST') return plain
  const body: unknown = JSON.parse(plain.message)
  const { code, message, details, hint } = body as Record<string, string | undefined>
  return { code: code ?? '', message: message ?? '', detail: details ?? null, hint: hint ?? null }
}

/** A refusal in few words: `404 not_found`, `400 argument_invalid status`, `429 rate_limited 6`, or PostgreSQL's own code. */
export function inWords({ code, message, detail }: Refusal): string {
  if (!/^PT\d{3}$/.test(code)) return code
  return [code.slice(2), message, ...(detail === null ? [] : [detail])].join(' ')
}
