/**
 * What PostgreSQL does for one statement of a person's: the plans of that statement and of every one that functions run
 * for it, as executed. Told by auto_explain, because EXPLAIN does not look into functions.
 */
import pg from 'pg'

export interface PlanNode {
  'Node Type': string
  'Relation Name'?: string
  'Index Name'?: string
  /** Set on what is evaluated apart: once per statement (InitPlan, a hashed SubPlan) or once per row. */
  'Subplan Name'?: string
  'Actual Loops': number
  'Actual Rows': number
  'Rows Removed by Filter'?: number
  'Rows Removed by Join Filter'?: number
  'Shared Hit Blocks': number
  'Shared Read Blocks': number
  Filter?: string
  'Join Filter'?: string
  Plans?: PlanNode[]
}

export interface Statement {
  text: string
  plan: PlanNode
}

export const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)]

/** Calls on one connection before the one that is looked at: after six, a plan may be one that is kept for every value. */
const WARM_UP = 8

export async function explainer(superuserUrl: string) {
  const client = new pg.Client({ connectionString: superuserUrl })
  await client.connect()
  // A table of a few dozen pages is read whole, and rightly so, where a page at random is dear; on no disk of today it is.
  await client.query(`
    set random_page_cost = 1.1;
    load 'auto_explain';
    set auto_explain.log_min_duration = 0; set auto_explain.log_nested_statements = on;
    set auto_explain.log_analyze = on; set auto_explain.log_buffers = on; set auto_explain.log_timing = off;
    set auto_explain.log_format = json; set client_min_messages = log`)
  let told: Statement[] = []
  client.on('notice', ({ message = '' }) => {
    const json = message.match(/plan:\s*(\{[\s\S]*\})$/)?.[1]
    if (!json) return
    const { 'Query Text': text, Plan: plan } = JSON.parse(json) as { 'Query Text': string; Plan: PlanNode }
    told.push({ text, plan })
  })
  return {
    /** In a transaction that is undone; the person's own statement comes last. `setUp` is the owner's. */
    async explain(person: string, sql: string, setUp = 'select 1'): Promise<Statement[]> {
      await client.query('begin')
      try {
        await client.query(setUp)
        await client.query(
          `select set_config('role', 'authenticated', true), set_config('request.jwt.claims', $1, true)`,
          [JSON.stringify({ sub: person, role: 'authenticated' })],
        )
        for (let i = 0; i < WARM_UP; i++) await client.query(sql)
        told = []
        await client.query(sql)
        const last = told
        told = []
        return last
      } finally {
        await client.query('rollback')
      }
    },
    close: () => client.end(),
  }
}
