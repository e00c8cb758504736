/** What JavaScript a page makes the browser fetch. */
import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'

/** Call it before the page is opened, and what it returns when the page is ready: bytes in all, gzip -9 file by file. */
export function scriptsOf(page: Page): () => Promise<number> {
  const bodies: Promise<Buffer>[] = []
  page.on('response', response => {
    const type = response.headers()['content-type'] ?? ''
    if (type.includes('javascript')) bodies.push(response.body())
  })
  return async () =>
    (await Promise.all(bodies)).reduce((sum, body) => sum + gzipSync(body, { level: 9 }).byteLength, 0)
}
