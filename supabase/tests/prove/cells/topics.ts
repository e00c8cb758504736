/**
 * Topics, asked as Realtime asks (local/src/realtime/authorization.ts): who sees a probe row may join, who may insert one
 * may send. For presence and for broadcast alike.
 */
import type { Catalog } from '../catalog.ts'
import { TOPIC_CASES, TOPIC_KINDS, TOPICS, type TopicExpectation } from '../expectations/topics.ts'
import { type Persona, personas, SQL_PERSONAS } from '../personas.ts'
import { isRefused, type Outcome, type Step } from '../session.ts'
import { thing } from '../world/ids.ts'
import { type Cell, okOrRefusal } from './cell.ts'

const EXTENSIONS = ['broadcast', 'presence'] as const
type Extension = (typeof EXTENSIONS)[number] | 'postgres_changes'

const insertProbe = (topic: string, extension: Extension) =>
  `insert into realtime.messages (id, topic, extension) values ('${thing.fresh}', '${topic}', '${extension}')`
const asked = (topic: string, sql: string) => `set local realtime.topic = '${topic}'; ${sql}`
const countProbe = `select count(*)::int as seen from realtime.messages where id = '${thing.fresh}'`

export const joinSteps = (who: Persona | 'owner', topic: string, extension: Extension): Step[] => [
  { as: 'superuser', sql: insertProbe(topic, extension) },
  { as: who, sql: asked(topic, countProbe) },
]

export function mayJoin(outcomes: readonly Outcome[]): string {
  const last = outcomes.at(-1)
  if (!last || isRefused(last)) return okOrRefusal(outcomes)
  return last.rows[0]?.seen === 1 ? 'joins' : 'may not'
}

function maySend(outcomes: readonly Outcome[]): string {
  const word = okOrRefusal(outcomes)
  return word === 'ok' ? 'sends' : word === '42501' ? 'may not' : word
}

/** The server's own role is under no policy; no client of Realtime has it without the secret key. */
const UNDER_POLICIES = SQL_PERSONAS.filter(persona => persona !== 'service')

export function topicCells(): Cell[] {
  return [
    ...TOPICS.flatMap(expectation => [
      ...EXTENSIONS.flatMap(extension => joins(expectation, extension)),
      ...EXTENSIONS.flatMap(extension => sends(expectation, extension)),
    ]),
    ...otherTopic(),
    ...TOPIC_CASES.map(
      ({ why, who, topic, given, mayJoin: may }): Cell => ({
        ...{ about: 'topics', line: `topic: ${why}`, column: who, expected: may ? 'joins' : 'may not' },
        steps: [{ as: 'superuser', sql: given }, ...joinSteps(who, topic, 'broadcast')],
        judge: mayJoin,
      }),
    ),
  ]
}

function joins({ topic, label, joins: who = '' }: TopicExpectation, extension: Extension): Cell[] {
  const line = `${label} join ${extension}`
  const may = who ? personas(who) : []
  return [
    {
      about: 'topics',
      line,
      column: 'owner',
      expected: 'joins',
      steps: joinSteps('owner', topic, extension),
      judge: mayJoin,
    },
    ...UNDER_POLICIES.map(
      (persona): Cell => ({
        ...{ about: 'topics', line, column: persona, expected: may.includes(persona) ? 'joins' : 'may not' },
        ...{ steps: joinSteps(persona, topic, extension), judge: mayJoin },
      }),
    ),
  ]
}

function sends({ topic, label, sends: who = '' }: TopicExpectation, extension: Extension): Cell[] {
  const line = `${label} send ${extension}`
  const may = who ? personas(who) : []
  const steps = (as: Persona | 'owner'): Step[] => [{ as, sql: asked(topic, insertProbe(topic, extension)) }]
  return [
    { about: 'topics', line, column: 'owner', expected: 'sends', steps: steps('owner'), judge: maySend },
    ...UNDER_POLICIES.map(
      (persona): Cell => ({
        ...{ about: 'topics', line, column: persona, expected: may.includes(persona) ? 'sends' : 'may not' },
        ...{ steps: steps(persona), judge: maySend },
      }),
    ),
  ]
}

/** Whoever may join one topic sees and writes no row of another, and of no other kind. */
function otherTopic(): Cell[] {
  const live = TOPICS.find(each => each.label === 'live of a')?.topic ?? ''
  const elsewhere = TOPICS.find(each => each.label === 'live of b')?.topic ?? ''
  const cell = (line: string, steps: Step[], judge: Cell['judge']): Cell => ({
    ...{ about: 'topics', line: `topic: ${line}`, column: 'patient', expected: 'may not', steps, judge },
  })
  const probe = (topic: string, extension: Extension): Step => ({
    as: 'superuser',
    sql: insertProbe(topic, extension),
  })
  const mine = (sql: string): Step => ({ as: 'patient', sql: asked(live, sql) })
  return [
    cell('a row of another topic', [probe(elsewhere, 'broadcast'), mine(countProbe)], mayJoin),
    cell('a row of another kind', [probe(live, 'postgres_changes'), mine(countProbe)], mayJoin),
    cell('writing a row of another topic', [mine(insertProbe(elsewhere, 'broadcast'))], maySend),
    cell('writing a row of another kind', [mine(insertProbe(live, 'postgres_changes'))], maySend),
    cell(
      'changing a row',
      [
        probe(live, 'broadcast'),
        mine(`update realtime.messages set event = 'forged' where id = '${thing.fresh}'`),
      ],
      ([, outcome]) => (outcome && !isRefused(outcome) && outcome.count === 0 ? 'may not' : 'changed'),
    ),
  ]
}

/** Kinds of topics that the schema speaks of and nobody has declared. */
export function undeclaredTopics(catalog: Catalog): string[] {
  const sources = [
    ...catalog.tables
      .flatMap(table => table.policies)
      .filter(policy => policy.table === 'realtime.messages')
      .map(policy => `${policy.using} ${policy.check}`),
    ...catalog.functions.map(fn => fn.definition).filter(text => /realtime\.|may_join/.test(text)),
  ]
  const found = new Set(
    sources.flatMap(text =>
      [...text.matchAll(/'\^?(?:\((?:\?:)?([a-z|]+)\)|([a-z]+)):/g)].flatMap(match =>
        (match[1] ?? match[2] ?? '').split('|'),
      ),
    ),
  )
  return [
    ...[...found]
      .filter(kind => !TOPIC_KINDS.includes(kind))
      .map(
        kind => `Topics "${kind}:": declare the kind in expectations/topics.ts, with who may join and send.`,
      ),
    ...TOPIC_KINDS.filter(kind => !found.has(kind)).map(
      kind => `Topics "${kind}:" are declared and nowhere in the schema.`,
    ),
  ]
}
