/** The product as it is: PostgreSQL with flushed commits, policies, gateway, Realtime. */
import { type LocalOptions, startLocal } from '@bedside/local'
import { serveParent } from './child.ts'
import { cpuOfChildren } from './cpu-of-children.ts'

export interface BedsideFacts {
  url: string
  publishableKey: string
  jwtSecret: string
  databaseUrl: string
  superuserUrl: string
}

export interface BedsideArguments {
  /** Where the web app was built to, if it is to be served. */
  webDir?: string
  realtime?: NonNullable<LocalOptions['realtime']>
  requestLimits?: NonNullable<LocalOptions['requestLimits']>
}

const given = JSON.parse(process.argv[2] ?? '{}') as BedsideArguments
/** What sockets had left unread, in bytes, when they were dropped for it. */
const backlogs: number[] = []
const local = await startLocal({
  port: 0,
  ephemeral: true,
  durable: true,
  seed: false,
  ...given,
  log(line) {
    const backlog = /socket-backlog \((\d+)\)/.exec(line)?.[1]
    if (backlog) backlogs.push(Number(backlog))
    else process.stderr.write(`[bedside] ${line}\n`)
  },
})
const facts: BedsideFacts = {
  url: local.url,
  publishableKey: local.publishableKey,
  jwtSecret: local.jwtSecret,
  databaseUrl: local.databaseUrl,
  superuserUrl: local.superuserUrl,
}
serveParent(facts, () => local.stop(), {
  takeBacklogs: () => backlogs.splice(0),
  postgresCpuMs: async () => cpuOfChildren((await local.postgresPid()) ?? 0),
})
