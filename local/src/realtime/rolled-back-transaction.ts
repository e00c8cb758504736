/** Statements in one transaction that is sent in one round trip and always rolled back. */

import type pg from 'pg'

export interface Statement {
  readonly name: string
  readonly text: string
  readonly values: readonly unknown[]
}

/** No connection could be had: no statement ran. */
export class NoConnection extends Error {
  constructor(cause: unknown) {
    super('The database could not be reached', { cause })
    this.name = 'NoConnection'
  }
}

/** The last statement's rows. The pool's clients must be in pipeline mode. Throws `NoConnection`, or what a statement threw. */
export async function inRolledBackTransaction<Row extends pg.QueryResultRow>(
  pool: pg.Pool,
  statements: readonly Statement[],
): Promise<Row[]> {
  let client: pg.PoolClient
  try {
    client = await pool.connect()
  } catch (error) {
    throw new NoConnection(error)
  }
  const [rollback, begin, ...answers] = await pipelined<Row>(client, statements)
  const isClean = begin?.status === 'fulfilled' && rollback?.status === 'fulfilled'
  client.release(!isClean)
  const failure = [begin, ...answers, rollback].find(answer => answer?.status === 'rejected')
  if (failure?.status === 'rejected') throw failure.reason
  const last = answers.at(-1)
  return last?.status === 'fulfilled' ? last.value.rows : []
}

/** The first result is the rollback's, then the others in order. */
async function pipelined<Row extends pg.QueryResultRow>(
  client: pg.PoolClient,
  statements: readonly Statement[],
) {
  const begin = client.query<Row>('begin')
  const answers = statements.map(({ name, text, values }) =>
    client.query<Row>({ name, text, values: [...values] }),
  )
  const rollback = client.query<Row>('rollback')
  return Promise.allSettled([rollback, begin, ...answers])
}
