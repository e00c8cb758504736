// Everything that can be judged without running the product: format, lint and package arrows, types, unused code,
// size of the client, rules without a test. Ends with `N passed, N failed`.
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { ensureInstalled, root } from './ensure-installed.mjs'

ensureInstalled()

const bin = name => path.join(root, 'node_modules/.bin', name)
const PROJECTS = ['.', 'core', 'react', 'web', 'worker', 'local', 'bench', 'bench/pages']

const checks = [
  ['format, lint and package arrows', bin('biome'), ['ci', '--colors=off', '--error-on-warnings', '.']],
  ...PROJECTS.map(project => [
    `types: ${project === '.' ? 'tests and configuration' : project}`,
    bin('tsc'),
    ['-p', project],
  ]),
  ['unused code and dependencies', bin('knip'), ['--no-progress']],
  ['core without supabase-js weighs at most 25,000 bytes gzip', process.execPath, ['scripts/core-size.mjs']],
  ['every rule of docs/spec.md has a test', process.execPath, ['scripts/spec-coverage.mjs']],
]

let failed = 0
for (const [title, command, args] of checks) {
  const run = spawnSync(command, args, { cwd: root, encoding: 'utf8' })
  const ok = run.status === 0
  if (!ok) failed++
  console.log(`${ok ? '✓' : '✗'} ${title}`)
  if (!ok || title.startsWith('core')) console.log(`${run.stdout}${run.stderr}${run.error ?? ''}`)
}
console.log(`\n${checks.length - failed} passed, ${failed} failed`)
process.exit(failed ? 1 : 0)
