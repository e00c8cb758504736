import { availableParallelism } from 'node:os'
import { configDefaults, defineConfig } from 'vitest/config'

/** A test file's suffix says what it needs: nothing, a DOM, PostgreSQL, or the whole local stack. */
const NEEDS_POSTGRES = ['**/*.pg.test.ts', '**/*.stack.test.ts']
const NEEDS_DOM = ['**/*.web.test.ts', '**/*.web.test.tsx']
/** Says how soon what was broken heals: after all others and on its own, as it is of nothing else then. */
const CHAOS = ['bench/src/chaos/*.test.ts']
const NEVER = [...configDefaults.exclude, 'web/e2e/**', '**/dist/**']

/** What a real server does takes its time, on a machine that may have more to do. */
const SERVER_TIMES = {
  testTimeout: 20_000,
  hookTimeout: 60_000,
  expect: { poll: { timeout: 10_000 } },
}

export default defineConfig({
  test: {
    // Most of it waits, for a server or for time to pass: one less than there are cores leaves two half idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{core,react,worker,local,bench}/src/**/*.test.ts', 'scripts/**/*.test.ts'],
          exclude: [...NEVER, ...NEEDS_POSTGRES, ...NEEDS_DOM],
        },
      },
      {
        test: {
          name: 'web',
          include: NEEDS_DOM,
          exclude: NEVER,
          environment: 'happy-dom',
          setupFiles: ['./react/src/testing/layout.ts'],
        },
      },
      {
        test: {
          name: 'pg',
          include: NEEDS_POSTGRES,
          exclude: [...NEVER, ...CHAOS],
          globalSetup: ['./local/src/testing/global-setup.ts'],
          ...SERVER_TIMES,
        },
      },
      {
        test: {
          name: 'chaos',
          include: CHAOS,
          exclude: NEVER,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
          ...SERVER_TIMES,
        },
      },
    ],
  },
})
