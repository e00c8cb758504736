// `npm run chaos`: faults on demand against the real stack, a table, and the last line `N passed, N failed`, by points.
// `npm run chaos -- --kind cut --seed 7 --points 20` runs the kinds with "cut" in their names, and fewer points of each.
import { ensureInstalled } from './ensure-installed.mjs'

ensureInstalled()
const { register } = await import('tsx/esm/api')
register()
const { main } = await import('../bench/src/chaos/index.ts')
process.exit(await main(process.argv.slice(2)))
