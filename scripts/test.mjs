// Every test: unit, DOM, database and whole stack by Vitest, then end to end in a real Chromium by Playwright.
// `npm test -- unit web pg e2e` runs only the named ones. Ends with `N passed, N failed`.
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { buildWeb } from './build-web.mjs'
import { ensureChromium } from './ensure-chromium.mjs'
import { ensureInstalled, root, stop } from './ensure-installed.mjs'

const SUITES = ['unit', 'web', 'pg', 'e2e']
const wanted = process.argv.slice(2)
const unknown = wanted.filter(suite => !SUITES.includes(suite))
if (unknown.length) stop(`There is no suite "${unknown[0]}". The suites are: ${SUITES.join(', ')}.`)
const suites = wanted.length ? wanted : SUITES

ensureInstalled()
const artefacts = path.join(root, 'artefacts')
mkdirSync(artefacts, { recursive: true })

const total = { passed: 0, failed: 0 }
/** What failed, named again at the very end: a long log is often kept by its last lines only. */
const failures = []
const vitestProjects = suites.filter(suite => suite !== 'e2e')
if (vitestProjects.length) {
  const report = path.join(artefacts, 'vitest.json')
  const exitCode = run(
    'vitest',
    [
      'run',
      ...vitestProjects.flatMap(project => ['--project', project]),
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ],
    report,
  )
  add(exitCode, report, ({ testResults }) => {
    const tests = testResults.flatMap(file => file.assertionResults)
    // A skipped test is one that did not pass, and a file that does not load has no tests to fail.
    const notPassed = tests.filter(test => test.status !== 'passed')
    const notLoaded = testResults.filter(
      file => file.status === 'failed' && file.assertionResults.length === 0,
    )
    failures.push(
      ...notPassed.map(test => `${test.fullName}: ${test.failureMessages[0]?.split('\n')[0] ?? test.status}`),
      ...notLoaded.map(file => `${path.relative(root, file.name)}: ${file.message.split('\n')[0]}`),
    )
    return { passed: tests.length - notPassed.length, failed: notPassed.length + notLoaded.length }
  })
}
if (suites.includes('e2e')) {
  const chromium = await ensureChromium()
  await buildWeb({ onStart: () => console.log('Building the web app …') })
  const report = path.join(artefacts, 'playwright.json')
  const dataDir = mkdtempSync(path.join(tmpdir(), 'bedside-e2e-'))
  // Run by root, PostgreSQL is another user and has to reach its data; what is secret in there is 0600.
  chmodSync(dataDir, 0o755)
  const exitCode = run('playwright', ['test', '--config', 'web/e2e/playwright.config.ts'], report, {
    CHROMIUM_PATH: chromium,
    BEDSIDE_E2E_PORT: String(await freePort()),
    BEDSIDE_E2E_SHORT_PORT: String(await freePort()),
    BEDSIDE_E2E_DATA: dataDir,
    PLAYWRIGHT_JSON_OUTPUT_NAME: report,
  })
  add(exitCode, report, ({ stats, errors, suites }) => {
    failures.push(...suites.flatMap(specsOf).flatMap(spec => (spec.ok ? [] : [spec.title])))
    failures.push(...errors.map(error => error.message))
    return { passed: stats.expected, failed: stats.unexpected + stats.flaky + stats.skipped + errors.length }
  })
  rmSync(dataDir, { recursive: true, force: true })
}

for (const failure of failures) console.log(`✗ ${failure}`)
console.log(`\n${total.passed} passed, ${total.failed} failed`)
process.exit(total.failed ? 1 : 0)

function run(program, args, report, env = {}) {
  rmSync(report, { force: true })
  const result = spawnSync(path.join(root, 'node_modules/.bin', program), args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
  })
  return result.status ?? 1
}

/** A runner that failed without saying which test did counts as one failure. */
function add(exitCode, report, count) {
  let counted = { passed: 0, failed: 0 }
  try {
    counted = count(JSON.parse(readFileSync(report, 'utf8')))
  } catch (error) {
    console.error(`No report of the run: ${error.message}`)
  }
  if (exitCode !== 0 && counted.failed === 0) counted.failed = 1
  total.passed += counted.passed
  total.failed += counted.failed
}

function specsOf(suite) {
  return [...(suite.specs ?? []), ...(suite.suites ?? []).flatMap(specsOf)]
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}
