// `npm run fuzz`: 100,000 random frames and as many requests against the real stack; the last line `N passed, N failed`.
// `npm run fuzz -- --frames 1000000 --requests 1000000 --seed 7` sends more, and what that seed sends.
import { ensureInstalled } from './ensure-installed.mjs'

ensureInstalled()
const { register } = await import('tsx/esm/api')
register()
const { main } = await import('../bench/src/fuzz/index.ts')
process.exit(await main(process.argv.slice(2)))
