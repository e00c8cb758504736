// `npm run bench -- latency …`: each scenario prints a table and one line of JSON, and is also kept in artefacts/.
import { buildWeb } from './build-web.mjs'
import { ensureChromium } from './ensure-chromium.mjs'
import { ensureInstalled } from './ensure-installed.mjs'

ensureInstalled()
const { register } = await import('tsx/esm/api')
register()
const { main } = await import('../bench/src/index.ts')
process.exit(await main(process.argv.slice(2), { buildWeb, ensureChromium }))
