// `npm run prove`: asks as each kind of person for each table, column, bucket, topic and function, by SQL and over the
// wire, and prints the matrix. `npm run prove -- --mutate` breaks each policy, grant and check in turn instead, and
// fails if nobody notices. Ends with `N passed, N failed`.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { ensureInstalled, root, stop } from './ensure-installed.mjs'

const wanted = process.argv.slice(2)
const isMutating = wanted.includes('--mutate')
const unknown = wanted.find(argument => argument !== '--mutate')
if (unknown) stop(`There is no option "${unknown}". The one there is: --mutate.`)
ensureInstalled()

const folder = mkdtempSync(path.join(tmpdir(), 'bedside-prove-'))
const files = isMutating
  ? ['supabase/tests/prove/mutation.pg.test.ts']
  : ['matrix.pg', 'matrix.stack', 'lint.pg'].map(name => `supabase/tests/prove/${name}.test.ts`)
const run = spawnSync(
  path.join(root, 'node_modules/.bin/vitest'),
  ['run', '--project', 'pg', '--reporter=dot', ...files],
  {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, BEDSIDE_PROVE_DIR: folder, BEDSIDE_PROVE: isMutating ? 'mutate' : '' },
  },
)
const parts = Object.fromEntries(
  readdirSync(folder).map(file => [
    path.basename(file, '.json'),
    JSON.parse(readFileSync(path.join(folder, file), 'utf8')),
  ]),
)
rmSync(folder, { recursive: true })

const lines = []
const total = { passed: 0, failed: 0 }
const count = isRight => (isRight ? total.passed++ : total.failed++)
if (isMutating) printMutants(parts.mutation)
else printMatrix()
// A run that failed before it could say of what is a failure of its own.
if (run.status !== 0 && total.failed === 0) {
  total.failed++
  lines.push(run.stdout, run.stderr)
}

const text = lines.join('\n')
mkdirSync(path.join(root, 'artefacts'), { recursive: true })
writeFileSync(path.join(root, 'artefacts', isMutating ? 'prove-mutate.txt' : 'prove.txt'), `${text}\n`)
console.log(text)
console.log(`\n${total.passed} passed, ${total.failed} failed`)
process.exit(total.failed ? 1 : 0)

function printMatrix() {
  for (const [title, part] of [
    ['Asked by SQL', parts.matrix],
    ['Asked over the wire: HTTP and sockets', parts.wire],
  ]) {
    if (!part) continue
    lines.push('', title, '='.repeat(title.length))
    for (const what of part.undeclared ?? []) {
      count(false)
      lines.push(`! not declared: ${what}`)
    }
    for (const [section, cells] of groupBy(part.cells, 'section')) printSection(section, cells)
  }
  lines.push('', "The linter's rules", '==================')
  for (const { rule, found } of parts.lint?.lint ?? []) {
    count(found.length === 0)
    lines.push(`${rule.padEnd(40)} ${found.length === 0 ? 'no finding' : `! ${found.join(', ')}`}`)
  }
}

/** One line an object and verb, one column a persona. `·` refused or nothing seen, `✓` given; `!` not as declared. */
function printSection(section, cells) {
  lines.push('', section, '-'.repeat(section.length))
  for (const [line, ofLine] of groupBy(cells, 'line')) {
    const shown = ofLine.map(cell => {
      count(cell.isRight)
      return cell.isRight
        ? `${cell.column} ${short(cell.expected)}`
        : `${cell.column} ! ${cell.actual} instead of ${cell.expected}`
    })
    lines.push(`${line.padEnd(52)} ${shown.join('  ')}`)
  }
}

function short(outcome) {
  if (outcome === '' || outcome === '42501' || outcome === 'may not') return '·'
  return outcome === 'ok' ? '✓' : outcome
}

function printMutants(part) {
  for (const note of part?.notes ?? []) lines.push(note)
  const operators = new Map()
  for (const { id, operator, verdict, by, reason } of part?.mutants ?? []) {
    const isRight = verdict === 'killed' ? reason === null : verdict === 'survived' && reason !== null
    count(isRight)
    const tally = operators.get(operator) ?? { killed: 0, equivalent: 0, wrong: 0 }
    operators.set(operator, tally)
    if (!isRight) {
      tally.wrong++
      lines.push(`! ${verdict}: ${id} ${by}`)
    } else if (verdict === 'killed') tally.killed++
    else {
      tally.equivalent++
      lines.push(`equivalent: ${id}: ${reason}`)
    }
  }
  lines.push('', `${'broken'.padEnd(44)} noticed  equivalent  unnoticed`)
  for (const [operator, { killed, equivalent, wrong }] of operators) {
    lines.push(
      `${operator.padEnd(44)} ${String(killed).padStart(7)}  ${String(equivalent).padStart(10)}  ${String(wrong).padStart(9)}`,
    )
  }
}

function groupBy(items, key) {
  const groups = new Map()
  for (const item of items) groups.set(item[key], [...(groups.get(item[key]) ?? []), item])
  return groups
}
