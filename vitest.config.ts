import { configDefaults, defineConfig } from 'vitest/config'

/** A test file's suffix says what it needs: nothing, a DOM, PostgreSQL, or the whole local stack. */
const NEEDS_POSTGRES = ['**/*.pg.test.ts', '**/*.stack.test.ts']
const NEEDS_DOM = ['**/*.web.test.ts', '**/*.web.test.tsx']
const NEVER = [...configDefaults.exclude, 'web/e2e/**', '**/dist/**']

export default defineConfig({
  test: {
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
          exclude: NEVER,
          globalSetup: ['./local/src/testing/global-setup.ts'],
          testTimeout: 20_000,
          hookTimeout: 60_000,
          // Of what a real server does, on a machine that may have more to do.
          expect: { poll: { timeout: 10_000 } },
        },
      },
    ],
  },
})
