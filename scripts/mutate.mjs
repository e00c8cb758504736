// `npm run mutate`: breaks every branch and sum of core's reducers, one at a time; a test of theirs must go red each time.
// `npm run mutate -- timeline changes`: of those only. What survives is printed, and what may survive is in
// mutate/equivalents.mjs with its reason. All of it is kept in artefacts/mutate.txt. Ends with `N passed, N failed`.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import { ensureInstalled, root, stop } from './ensure-installed.mjs'
import { EQUIVALENTS } from './mutate/equivalents.mjs'
import { REDUCERS } from './mutate/reducers.mjs'

const given = process.argv.slice(2)
const unknown = given.find(argument => !REDUCERS.includes(argument))
if (unknown) stop(`There is no reducer "${unknown}". There are: ${REDUCERS.join(', ')}.`)
const names = given.length > 0 ? REDUCERS.filter(name => given.includes(name)) : REDUCERS

ensureInstalled()
const { Stryker } = await import('@stryker-mutator/core')

const artefacts = path.join(root, 'artefacts')
mkdirSync(artefacts, { recursive: true })
process.chdir(root)

const began = Date.now()
const stryker = new Stryker({
  mutate: names.map(fileOf),
  // What is said is not what is decided: texts, and which fields an object has, which the compiler knows.
  mutator: { excludedMutations: ['StringLiteral', 'ObjectLiteral', 'ArrayDeclaration', 'Regex'] },
  ignorePatterns: readdirSync(root).filter(name => !['core', 'scripts', 'package.json'].includes(name)),
  tempDirName: 'artefacts/mutate',
  cleanTempDir: 'always',
  // It would rewrite paths in it with TypeScript's API in JavaScript, which TypeScript 7 does not have.
  tsconfigFile: 'none',
  plugins: [import.meta.resolve('@stryker-mutator/vitest-runner')],
  testRunner: 'vitest',
  vitest: { configFile: 'scripts/mutate/vitest.config.mjs' },
  coverageAnalysis: 'perTest',
  concurrency: availableParallelism(),
  // A loaded machine is no endless loop; those are counted.
  timeoutMS: 20_000,
  reporters: process.stdout.isTTY ? ['progress'] : [],
  logLevel: 'error',
})
const results = await stryker.runMutationTest().catch(error => {
  console.error(error.message)
  console.log('0 passed, 1 failed')
  process.exit(1)
})

// A test that never ends has gone red as well.
const NOTICED = ['Killed', 'Timeout']
const mutants = names.flatMap(name => numbered(results.filter(isOf(name)).sort(byPlace).map(mutantOf(name))))
const isListed = mutant => !mutant.isNoticed && Object.hasOwn(EQUIVALENTS, mutant.id)
const survivors = mutants.filter(mutant => !mutant.isNoticed && !isListed(mutant))
const listed = mutants.filter(isListed)
const isAskedFor = id => given.length === 0 || names.includes(id.slice(0, id.indexOf(':')))
const stale = Object.keys(EQUIVALENTS).filter(
  id => isAskedFor(id) && !listed.some(mutant => mutant.id === id),
)

const count = (name, isCounted) => mutants.filter(mutant => mutant.name === name && isCounted(mutant)).length
const text = [
  `${'broken'.padEnd(16)}${'all'.padStart(6)}${'noticed'.padStart(9)}`,
  ...names.map(name =>
    [
      name.padEnd(16),
      String(count(name, () => true)).padStart(6),
      String(count(name, ({ isNoticed }) => isNoticed)).padStart(9),
    ].join(''),
  ),
  '',
  `Not to be noticed by anybody, for a reason: ${listed.length}`,
  ...listed.map(({ id }) => `  ${id}\n      ${EQUIVALENTS[id]}`),
  ...(survivors.length > 0 ? ['', 'Not noticed:'] : []),
  ...survivors.map(({ id, place }) => `  ✗ ${place}  ${id}`),
  ...(stale.length > 0 ? ['', 'In mutate/equivalents.mjs, and noticed now or not there any more:'] : []),
  ...stale.map(id => `  ✗ ${id}`),
  '',
  `${Math.round((Date.now() - began) / 1000)} s`,
  `${mutants.length - survivors.length} passed, ${survivors.length + stale.length} failed`,
]
const details = mutants.map(({ status, place, id }) => `${status.padEnd(13)}${place}  ${id}`)
writeFileSync(path.join(artefacts, 'mutate.txt'), `${[...text, '', ...details].join('\n')}\n`)
console.log(text.join('\n'))
process.exit(survivors.length + stale.length > 0 || mutants.length === 0 ? 1 : 0)

function fileOf(name) {
  return `core/src/${name}.ts`
}

function isOf(name) {
  return ({ fileName, status }) => status !== 'Ignored' && path.basename(fileName) === `${name}.ts`
}

function byPlace(a, b) {
  const [one, other] = [a.location, b.location]
  return (
    one.start.line - other.start.line || one.start.column - other.start.column || Number(a.id) - Number(b.id)
  )
}

function mutantOf(name) {
  const source = readFileSync(path.join(root, fileOf(name)), 'utf8')
  const lines = source.split('\n')
  const offset = ({ line, column }) =>
    lines.slice(0, line - 1).join('\n').length + Math.min(line - 1, 1) + column - 1
  return ({ location: { start, end }, replacement, status }) => {
    const original = source.slice(offset(start), offset(end))
    return {
      name,
      status,
      isNoticed: NOTICED.includes(status),
      place: `${fileOf(name)}:${start.line}:${start.column}`,
      id: `${name}: ${oneLine(original)} => ${oneLine(replacement)}`,
    }
  }
}

function oneLine(code) {
  return code.replace(/\s+/g, ' ')
}

/** The second one of the same words is `(2)`. */
function numbered(list) {
  const seen = new Map()
  return list.map(mutant => {
    const times = (seen.get(mutant.id) ?? 0) + 1
    seen.set(mutant.id, times)
    return times === 1 ? mutant : { ...mutant, id: `${mutant.id} (${times})` }
  })
}
