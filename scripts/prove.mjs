// `npm run prove`: who may do what, cell by cell, in PostgreSQL and over the wire, as a table; and the database linter's
// rules. `npm run prove -- --mutate`: breaks every policy, privilege and check, one at a time; a cell must go red each time.
// Both are kept in artefacts/ with all their details. Ends with `N passed, N failed`.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { ensureInstalled, root, stop } from './ensure-installed.mjs'

const given = process.argv.slice(2)
const unknown = given.find(argument => argument !== '--mutate')
if (unknown) stop(`There is no "${unknown}". It is npm run prove, or npm run prove -- --mutate.`)
const isMutation = given.includes('--mutate')

ensureInstalled()
const { register } = await import('tsx/esm/api')
register()
const { printMatrix, printMutation } = await import('../supabase/tests/prove/print.ts')

const PARTS = isMutation ? ['mutation'] : ['matrix', 'wire', 'linter']
const FILES = isMutation ? ['mutation.pg'] : ['matrix.pg', 'matrix.stack', 'linter.pg']
const artefacts = path.join(root, 'artefacts')
const folder = path.join(artefacts, 'prove')
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })

const began = Date.now()
const run = spawnSync(
  path.join(root, 'node_modules/.bin/vitest'),
  ['run', '--project', 'pg', ...FILES.map(file => `supabase/tests/prove/${file}.test.ts`)],
  {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, BEDSIDE_PROVE_DIR: folder, ...(isMutation ? { BEDSIDE_PROVE: 'mutate' } : {}) },
  },
)

const missing = PARTS.filter(part => !existsSync(path.join(folder, `${part}.json`)))
const findings = PARTS.filter(part => !missing.includes(part)).map(part =>
  JSON.parse(readFileSync(path.join(folder, `${part}.json`), 'utf8')),
)
const { lines, details, passed, failed } = (isMutation ? printMutation : printMatrix)(findings)
// Something went wrong besides the cells: what ran says what.
const isBroken = run.status !== 0 && failed === 0
const text = [
  ...lines,
  ...(isBroken ? ['', run.stdout, run.stderr] : []),
  '',
  `${Math.round((Date.now() - began) / 1000)} s`,
  `${passed} passed, ${failed + (isBroken ? 1 : 0)} failed`,
]
writeFileSync(
  path.join(artefacts, isMutation ? 'prove-mutation.txt' : 'prove.txt'),
  `${[...text, '', ...details].join('\n')}\n`,
)
console.log(text.join('\n'))
process.exit(failed > 0 || isBroken ? 1 : 0)
