/** The stack that is fuzzed: every limit that would keep the load away is lifted, those on sizes stand. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { startLocal } from '@bedside/local'
import { serveParent } from '../servers/child.ts'

export interface FuzzedFacts {
  url: string
  publishableKey: string
  secretKey: string
  jwtSecret: string
  superuserUrl: string
}

const WHATEVER = { max: Number.MAX_SAFE_INTEGER, perMs: 1_000 }

const local = await startLocal({
  port: 0,
  ephemeral: true,
  seed: true,
  realtime: {
    limits: {
      maxEventsPerSecond: Number.MAX_SAFE_INTEGER,
      maxJoinsPerSecond: Number.MAX_SAFE_INTEGER,
      maxPresenceCallsPerSecond: Number.MAX_SAFE_INTEGER,
      maxPresenceCallsPerChannel: Number.MAX_SAFE_INTEGER,
      maxHttpBroadcastsPerSecond: Number.MAX_SAFE_INTEGER,
      joinErrorDelayMs: 10,
    },
  },
  requestLimits: {
    perAddress: WHATEVER,
    perUser: WHATEVER,
    signInsPerAddress: WHATEVER,
    signInsPerAccount: WHATEVER,
  },
  log: line => process.send?.({ logged: line }),
})
const { url, publishableKey, secretKey, jwtSecret, superuserUrl } = local
const facts: FuzzedFacts = { url, publishableKey, secretKey, jwtSecret, superuserUrl }
setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')
// What is still held once everything that can go is gone.
process.on('message', message => {
  if (message !== 'held?') return
  collect()
  const { heapUsed, external } = process.memoryUsage()
  process.send?.({ heldBytes: heapUsed + external })
})
serveParent(facts, () => local.stop())
