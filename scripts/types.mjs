// `npm run types`: the client's database types, from the schema that the migrations make in a database of their own.
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { ensureInstalled, root, stop } from './ensure-installed.mjs'

ensureInstalled()
const { register } = await import('tsx/esm/api')
register()
const { startLocal } = await import('../local/src/index.ts')
const { databaseTypes, TYPES_FILE } = await import('./database-types.ts')

try {
  // It is stopped before it has quite started; what goes wrong with it before is thrown.
  const local = await startLocal({ port: 0, ephemeral: true, log: () => {} })
  try {
    writeFileSync(path.join(root, TYPES_FILE), await databaseTypes(local.databaseUrl))
  } finally {
    await local.stop()
  }
  console.log(`Wrote ${TYPES_FILE}`)
} catch (error) {
  stop(error.hint ? `${error.message}\n${error.hint}` : (error.stack ?? String(error)))
}
