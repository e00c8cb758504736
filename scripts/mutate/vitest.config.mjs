import { defineConfig } from 'vitest/config'
import { REDUCERS } from './reducers.mjs'

/**
 * The reducers' own tests. What only the whole client would notice, its rule is not written down where it is decided.
 * They call a reducer inside of a test, never while they are read: a file that cannot be read is not counted as red.
 */
export default defineConfig({
  test: {
    include: REDUCERS.map(name => `core/src/${name}.test.ts`),
    setupFiles: ['scripts/mutate/setup.mjs'],
  },
})
