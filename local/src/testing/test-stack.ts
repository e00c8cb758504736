/** A database and a gateway with Realtime on a free port, for tests that go through the wire. */
import { SignJWT } from 'jose'
import { afterAll } from 'vitest'
import { type Gateway, type GatewayOptions, startGateway } from '../gateway/start-gateway.ts'
import { type TestDatabase, testDatabase } from './test-database.ts'

export interface TestStack {
  readonly database: TestDatabase
  readonly gateway: Gateway
  readonly url: string
  /** Of the socket, as supabase-js builds it. */
  readonly realtimeUrl: string
  readonly publishableKey: string
  readonly secretKey: string
  readonly jwtSecret: string
  /** What the gateway logged. */
  readonly logLines: readonly string[]
  /** A token as the auth server would sign it. `claims` overrides; `expiresIn` in seconds, may be negative. */
  tokenFor(
    userId: string,
    options?: { claims?: Record<string, unknown>; expiresIn?: number },
  ): Promise<string>
  stop(): Promise<void>
}

/** Await it at the top of a test file: gateway and database are gone when that file is done. */
export async function testStack(
  options: { seed?: boolean } & Pick<
    GatewayOptions,
    | 'webDir'
    | 'demoAccounts'
    | 'allowSignup'
    | 'port'
    | 'onMail'
    | 'realtime'
    | 'requestLimits'
    | 'trustedProxies'
  > = {},
): Promise<TestStack> {
  const { seed, ...gatewayOptions } = options
  const database = await testDatabase(seed === undefined ? {} : { seed })
  const { secrets } = database
  const logLines: string[] = []
  const gateway = await startGateway({
    ...gatewayOptions,
    address: database.address,
    secrets,
    log: line => logLines.push(line),
  })
  const stop = async () => {
    await gateway.stop()
    await database.drop()
  }
  afterAll(stop)
  const secret = new TextEncoder().encode(secrets.jwtSecret)
  return {
    database,
    gateway,
    url: gateway.url,
    realtimeUrl: `${gateway.url.replace(/^http/, 'ws')}/realtime/v1/websocket`,
    publishableKey: secrets.publishableKey,
    secretKey: secrets.secretKey,
    jwtSecret: secrets.jwtSecret,
    logLines,
    tokenFor: (userId, { claims = {}, expiresIn = 3600 } = {}) => {
      const now = Math.floor(Date.now() / 1000)
      return new SignJWT({ sub: userId, role: 'authenticated', aud: 'authenticated', ...claims })
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
        .setIssuedAt(now)
        .setExpirationTime(now + expiresIn)
        .sign(secret)
    },
    stop,
  }
}
