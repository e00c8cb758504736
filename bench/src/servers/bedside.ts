/** The product as it is: PostgreSQL with flushed commits, policies, gateway, Realtime. */
import { startLocal } from '@bedside/local'
import { serveParent } from './child.ts'

export interface BedsideFacts {
  url: string
  publishableKey: string
  jwtSecret: string
  databaseUrl: string
  superuserUrl: string
}

/** Where the web app was built to, if it is to be served. */
const { webDir } = JSON.parse(process.argv[2] ?? '{}') as { webDir?: string }
const local = await startLocal({
  port: 0,
  ephemeral: true,
  durable: true,
  seed: false,
  ...(webDir !== undefined && { webDir }),
})
const facts: BedsideFacts = {
  url: local.url,
  publishableKey: local.publishableKey,
  jwtSecret: local.jwtSecret,
  databaseUrl: local.databaseUrl,
  superuserUrl: local.superuserUrl,
}
serveParent(facts, () => local.stop())
