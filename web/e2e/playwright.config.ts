/**
 * End to end: the product as `npm start` brings it up, with data of its own, in a real Chromium.
 * scripts/test.mjs chooses the port, the data's place and the browser, and says so in the environment.
 */
import { defineConfig } from '@playwright/test'

const port = process.env.BEDSIDE_E2E_PORT ?? '3199'
const dataDir = process.env.BEDSIDE_E2E_DATA ?? 'artefacts/e2e-data'
const executablePath = process.env.CHROMIUM_PATH ?? ''

export default defineConfig({
  testDir: '.',
  testMatch: '*.e2e.ts',
  outputDir: '../../artefacts/e2e',
  forbidOnly: true,
  retries: 0,
  workers: 1,
  timeout: 45_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ['json']],
  use: {
    baseURL: `http://localhost:${port}`,
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
  webServer: {
    command: 'node scripts/start.mjs',
    cwd: '../..',
    url: `http://localhost:${port}/config.json`,
    env: { PORT: port, BEDSIDE_DATA_DIR: dataDir },
    timeout: 90_000,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 15_000 },
    stdout: 'ignore',
    stderr: 'pipe',
  },
})
