import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { get, type IncomingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { testStack } from '../../testing/index.ts'

const webDir = await mkdtemp(join(tmpdir(), 'bedside-web-'))
afterAll(() => rm(webDir, { recursive: true, force: true }))
await mkdir(join(webDir, 'assets'))
await writeFile(join(webDir, 'index.html'), `<!doctype html><title>app</title>${'<!-- page -->'.repeat(200)}`)
await writeFile(
  join(webDir, 'assets', 'main-abc123.js'),
  `export const answer = 42\n${'// code\n'.repeat(500)}`,
)
await writeFile(join(webDir, '.secret'), 'not for you')

const demoAccounts = [
  { email: 'demo@clinic.example', password: 'demo-password', label: 'Demo', role: 'patient' },
]
const stack = await testStack({ webDir, demoAccounts })
const { url, publishableKey, database } = stack
await database.query(
  `create function public.whoami() returns text language sql stable as 'select current_user::text'`,
)

it('G11 tells the web app where it is, and health says what is up', async () => {
  const config = await fetch(`${url}/config.json`)
  expect(config.headers.get('cache-control')).toBe('no-store')
  expect(await config.json()).toEqual({ url, key: publishableKey, demoAccounts, passwordReset: false })
  const health = await fetch(`${url}/health`)
  expect(await health.json()).toMatchObject({ database: 'up', realtime: {} })
})

/** As a browser does when somebody follows a link (fetch may not say so). The path goes out as it is. */
function navigate(path: string): Promise<{ status: number; headers: IncomingHttpHeaders; body: string }> {
  return new Promise((resolve, reject) => {
    const headers = { Accept: 'text/html', 'Sec-Fetch-Mode': 'navigate' }
    get({ host: 'localhost', port: stack.gateway.port, path, headers }, response => {
      let body = ''
      response.on('data', chunk => {
        body += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
    }).on('error', reject)
  })
}

it('G12 serves the app with its security headers; navigations get the page, missing assets do not', async () => {
  for (const path of ['/', '/appointments/b0000000-0000-4000-8000-000000000001']) {
    const page = await navigate(path)
    expect(page.status).toBe(200)
    expect(page.body).toContain('<title>app</title>')
    const policy = page.headers['content-security-policy']
    expect(policy).toContain(`script-src 'self';`)
    expect(policy).toContain(`frame-ancestors 'none'`)
    expect(policy).toContain(`connect-src 'self' ws://localhost:${stack.gateway.port}`)
    expect(policy).not.toContain('unsafe')
    expect(page.headers['x-content-type-options']).toBe('nosniff')
    expect(page.headers['referrer-policy']).toBe('no-referrer')
    expect(page.headers['cross-origin-opener-policy']).toBe('same-origin')
    expect(page.headers['cache-control']).toBe('no-cache')
  }
  // Of what a program asks for, only the root is the page.
  expect([(await fetch(url)).status, (await fetch(`${url}/appointments`)).status]).toEqual([200, 404])
  const asset = await fetch(`${url}/assets/main-abc123.js`, { headers: { 'Accept-Encoding': 'br' } })
  expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect(asset.headers.get('content-encoding')).toBe('br')
  expect(await asset.text()).toContain('answer = 42')
  const again = await fetch(`${url}/assets/main-abc123.js`, {
    headers: { 'If-None-Match': asset.headers.get('etag') ?? '' },
  })
  expect(again.status).toBe(304)
  for (const path of ['/assets/gone-123.js', '/favicon.png', '/.secret', '/a%00b', '/%ff']) {
    expect([path, (await navigate(path)).status]).toEqual([path, 404])
  }
  for (const path of [
    '/%2e%2e/%2e%2e/etc/passwd',
    '/../../etc/passwd',
    '/assets/..%2f..%2f..%2fetc/passwd',
  ]) {
    expect((await navigate(path)).body).not.toContain('root:')
  }
  expect((await fetch(`${url}/appointments`, { headers: { Accept: 'application/json' } })).status).toBe(404)
  expect((await fetch(`${url}/`, { method: 'POST' })).status).toBe(405)
})

/** Bytes as they are, and what came back until the server closed or fell silent. */
function raw(text: string, options: { hangUpAfterMs?: number } = {}): Promise<string> {
  return new Promise(resolve => {
    const socket = connect(stack.gateway.port, '127.0.0.1', () => socket.write(text))
    let answer = ''
    socket.on('data', chunk => {
      answer += chunk
    })
    socket.on('close', () => resolve(answer))
    socket.on('error', () => resolve(answer))
    socket.setTimeout(options.hangUpAfterMs ?? 3_000, () => socket.destroy())
  })
}

it('GB2 broken HTTP, oversize heads and clients that vanish mid-request leave the server as it was', async () => {
  expect(await raw('nonsense\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 .*"bad_request"/s)
  expect(await raw(`GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(40_000)}\r\n\r\n`)).toMatch(
    /^HTTP\/1\.1 431 /,
  )
  const half = `POST /rest/v1/rpc/whoami HTTP/1.1\r\nHost: x\r\napikey: ${publishableKey}\r\nContent-Length: 500\r\n\r\n{"a`
  await Promise.all(Array.from({ length: 30 }, () => raw(half, { hangUpAfterMs: 50 })))
  const tooBig = `POST /auth/v1/token?grant_type=password HTTP/1.1\r\nHost: x\r\napikey: ${publishableKey}\r\nContent-Length: 90000000\r\n\r\n{`
  expect(await raw(tooBig)).toMatch(/^HTTP\/1\.1 413 .*"body_too_large"/s)
  expect(await raw('GET http://[bad HTTP/1.1\r\nHost: x\r\n\r\n')).toMatch(/^HTTP\/1\.1 4\d\d /)
  expect(await raw('GET //x/y HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).toMatch(
    /^HTTP\/1\.1 4\d\d /,
  )
  expect(await raw('GET / HTTP/1.1\r\nHost: a b/c\r\nConnection: close\r\n\r\n')).toMatch(
    /^HTTP\/1\.1 4\d\d /,
  )
  const upgrade =
    'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n'
  expect(await raw(`GET /elsewhere HTTP/1.1\r\nHost: x\r\n${upgrade}`)).toMatch(/^HTTP\/1\.1 404 /)
  const next = await fetch(`${url}/rest/v1/rpc/whoami`, {
    method: 'POST',
    headers: { apikey: publishableKey },
  })
  expect([next.status, await next.json()]).toEqual([200, 'anon'])
})
