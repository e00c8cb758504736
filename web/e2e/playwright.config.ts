/**
 * End to end: the product as `npm start` brings it up, with data of its own, in a real Chromium.
 * scripts/test.mjs chooses the port, the data's place and the browser, and says so in the environment.
 */
import { fileURLToPath } from 'node:url'
import { defineConfig } from '@playwright/test'
import { MAIL_FILE, TOKEN_SECONDS } from './short-tokens.ts'

const port = process.env.BEDSIDE_E2E_PORT ?? '3199'
const dataDir = process.env.BEDSIDE_E2E_DATA ?? 'artefacts/e2e-data'
/** Of a second stack, whose tokens are good for not much longer than the client thinks a token safe. */
const shortPort = Number(process.env.BEDSIDE_E2E_SHORT_PORT ?? 3198)
const shortStack = {
  port: shortPort,
  ephemeral: true,
  seed: true,
  webDir: fileURLToPath(new URL('../dist', import.meta.url)),
  tokenSeconds: TOKEN_SECONDS,
}
/** By the second stack or by none: beside the others. Of one project one test runs at a time, as of one clinic. */
const BESIDE = [
  'appointment-steps',
  'away',
  'consent',
  'examples',
  'faults',
  'gallery',
  'idle',
  'keyboard',
  'language-picker',
  'password',
  'reading',
  'visit',
].map(name => `**/${name}.e2e.ts`)
const executablePath = process.env.CHROMIUM_PATH ?? ''

const server = {
  cwd: '../..',
  timeout: 90_000,
  gracefulShutdown: { signal: 'SIGTERM', timeout: 15_000 },
  stdout: 'ignore',
  stderr: 'pipe',
} as const

export default defineConfig({
  testDir: '.',
  projects: [
    { name: 'first stack', testMatch: '**/*.e2e.ts', testIgnore: BESIDE, workers: 1 },
    { name: 'second stack', testMatch: BESIDE, workers: 1 },
  ],
  outputDir: '../../artefacts/e2e',
  forbidOnly: true,
  retries: 0,
  workers: 2,
  // Of a whole test, several pages and their pictures included: how long one thing may take is what `expect` says.
  timeout: 120_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ['json']],
  use: {
    baseURL: `http://localhost:${port}`,
    // What a worker answers no test can take the place of; pwa.e2e.ts is where there is one.
    serviceWorkers: 'block',
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  webServer: [
    {
      ...server,
      command: 'node scripts/start.mjs',
      url: `http://localhost:${port}/config.json`,
      env: { PORT: port, BEDSIDE_DATA_DIR: dataDir },
    },
    {
      ...server,
      command: `node --import tsx local/src/testing/child-stack.ts '${JSON.stringify(shortStack)}' '${MAIL_FILE}'`,
      url: `http://localhost:${shortPort}/config.json`,
    },
  ],
})
