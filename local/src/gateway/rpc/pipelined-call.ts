/**
 * One function call in one round trip: the settings of the request, the call and what it says about its answer go out
 * together with a single Sync, so PostgreSQL runs them as one transaction. An error anywhere undoes all of it, and the
 * settings (the role first of all) end with it.
 *
 * The answer counts once ReadyForQuery came, for only then is it committed.
 */
import type { Connection, Submittable } from 'pg'
import type { Statement } from './statement.ts'

export interface CallResult {
  /** One json text a row. */
  rows: (string | null)[]
  /** `response.status` as the function set it. */
  status: string | null
  /** `response.headers` as the function set it. */
  headers: string | null
}

/** In the order of `SETTINGS`. */
export interface CallSettings {
  role: string
  claimsJson: string
  subject: string
  email: string
  method: string
  path: string
  headersJson: string
  statementTimeout: string
  isReadOnly: boolean
}

const SETTINGS = [
  'role',
  'request.jwt.claims',
  'request.jwt.claim.sub',
  'request.jwt.claim.role',
  'request.jwt.claim.email',
  'request.method',
  'request.path',
  'request.headers',
  'statement_timeout',
  'transaction_read_only',
]

const SETTINGS_STATEMENT: Statement = {
  name: 'rpc_settings',
  text: `select ${SETTINGS.map((name, place) => `set_config('${name}', $${place + 1}, true)`).join(', ')}, set_config('search_path', 'public, extensions', true)`,
}

const RESPONSE_STATEMENT: Statement = {
  name: 'rpc_response',
  text: `select nullif(current_setting('response.status', true), ''), nullif(current_setting('response.headers', true), '')`,
}

/** What each connection has prepared, and what it may have: a failed pipeline leaves open how far it came. */
const preparedOn = new WeakMap<Connection, Map<string, 'prepared' | 'unsure'>>()

interface DataRow {
  fields: (string | null)[]
}

export class PipelinedCall implements Submittable {
  readonly done: Promise<CallResult>
  readonly #settings: CallSettings
  readonly #statement: Statement
  readonly #argument: string
  #resolve: (result: CallResult) => void = () => {}
  #reject: (error: Error) => void = () => {}
  #newlyPrepared: string[] = []
  #completed = 0
  readonly #result: CallResult = { rows: [], status: null, headers: null }

  constructor(settings: CallSettings, statement: Statement, argument: string) {
    this.#settings = settings
    this.#statement = statement
    this.#argument = argument
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  submit(connection: Connection): void {
    const { role, claimsJson, subject, email, method, path, headersJson, statementTimeout, isReadOnly } =
      this.#settings
    connection.stream.cork()
    try {
      this.#run(connection, SETTINGS_STATEMENT, [
        ...[role, claimsJson, subject, role, email, method, path, headersJson, statementTimeout],
        isReadOnly ? 'on' : 'off',
      ])
      this.#run(connection, this.#statement, [this.#argument])
      this.#run(connection, RESPONSE_STATEMENT, [])
      connection.sync()
    } finally {
      connection.stream.uncork()
    }
  }

  #run(connection: Connection, { name, text }: Statement, values: string[]): void {
    let prepared = preparedOn.get(connection)
    if (!prepared) {
      prepared = new Map()
      preparedOn.set(connection, prepared)
    }
    const state = name === '' ? undefined : prepared.get(name)
    if (state !== 'prepared') {
      if (state === 'unsure') connection.close({ type: 'S', name }, true)
      connection.parse({ name, text, types: [] }, true)
      if (name !== '') {
        prepared.set(name, 'unsure')
        this.#newlyPrepared.push(name)
      }
    }
    connection.bind({ statement: name, values }, true)
    connection.execute({}, true)
  }

  handleRowDescription(): void {
    // Not asked for.
  }

  handleDataRow({ fields }: DataRow): void {
    if (this.#completed === 1) this.#result.rows.push(fields[0] ?? null)
    else if (this.#completed === 2) {
      this.#result.status = fields[0] ?? null
      this.#result.headers = fields[1] ?? null
    }
  }

  handleCommandComplete(): void {
    this.#completed++
  }

  handleError(error: Error): void {
    this.#reject(error)
  }

  handleReadyForQuery(connection: Connection): void {
    const prepared = preparedOn.get(connection)
    for (const name of this.#newlyPrepared) prepared?.set(name, 'prepared')
    this.#resolve(this.#result)
  }
}
