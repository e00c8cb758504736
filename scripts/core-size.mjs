// How much of a page the client is: `core`, minified and gzipped, without supabase-js. Fails above the limit.
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import { root } from './ensure-installed.mjs'

const LIMIT_BYTES = 25_000

const { output } = await build({
  configFile: false,
  root: path.join(root, 'core'),
  logLevel: 'error',
  build: {
    write: false,
    minify: true,
    // Not as a library: that would keep its white space.
    rollupOptions: {
      input: path.join(root, 'core/src/index.ts'),
      preserveEntrySignatures: 'strict',
      external: /^@supabase\//,
    },
  },
})
const bytes = output.reduce((sum, { code = '' }) => sum + gzipSync(code, { level: 9 }).byteLength, 0)
console.log(`core: ${bytes} bytes gzip without supabase-js; at most ${LIMIT_BYTES}`)
process.exit(bytes > LIMIT_BYTES ? 1 : 0)
