/**
 * The built web app. A file is served as it lies in the directory; a navigation to any other path gets index.html, for
 * the app routes by itself. A missing asset is a 404, never the page.
 */
import { readFile, realpath, stat } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { ownHost, securityHeaders } from './security-headers.ts'

const brotli = promisify(brotliCompress)
const gzipped = promisify(gzip)

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
}
const COMPRESSED = new Set(['.html', '.js', '.mjs', '.css', '.json', '.webmanifest', '.svg', '.txt', '.map'])
const MIN_COMPRESSED_BYTES = 1_000

type Encoding = 'br' | 'gzip' | 'identity'

interface Asset {
  tag: string
  type: string
  isCompressible: boolean
  bodies: Map<Encoding, Promise<Buffer>>
}

export interface WebApp {
  /** null: there is no such page or file. */
  serve(request: Request): Promise<Response | null>
}

export function createWebApp(webDir: string): WebApp {
  const assets = new Map<string, Asset>()

  const find = async (path: string): Promise<{ file: string; asset: Asset } | null> => {
    const file = join(webDir, path)
    const found = await stat(file).catch(() => null)
    if (!found?.isFile()) return null
    const root = await realpath(webDir)
    if (!(await realpath(file)).startsWith(root + sep)) return null
    const tag = `"${found.size.toString(36)}-${Math.trunc(found.mtimeMs).toString(36)}"`
    let asset = assets.get(file)
    if (asset?.tag !== tag) {
      const extension = extname(file)
      asset = {
        tag,
        type: TYPES[extension] ?? 'application/octet-stream',
        isCompressible: COMPRESSED.has(extension) && found.size >= MIN_COMPRESSED_BYTES,
        bodies: new Map(),
      }
      assets.set(file, asset)
    }
    return { file, asset }
  }

  return {
    serve: async request => {
      const path = safePath(new URL(request.url).pathname)
      if (path === null) return null
      const exact = path === '/' ? null : await find(path)
      const isPage = exact === null
      if (isPage && !isNavigation(request, path)) return null
      const found = exact ?? (await find('/index.html'))
      if (!found) return null
      const { file, asset } = found
      const headers: Record<string, string> = {
        ...securityHeaders(ownHost(request.headers.get('host'))),
        'Content-Type': asset.type,
        'Cache-Control':
          !isPage && path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
        ETag: asset.tag,
        Vary: 'Accept-Encoding',
      }
      if (request.headers.get('if-none-match') === asset.tag)
        return new Response(null, { status: 304, headers })
      const encoding = asset.isCompressible
        ? chooseEncoding(request.headers.get('accept-encoding'))
        : 'identity'
      if (encoding !== 'identity') headers['Content-Encoding'] = encoding
      const body = await bodyOf(file, asset, encoding)
      headers['Content-Length'] = String(body.length)
      return new Response(request.method === 'HEAD' ? null : new Uint8Array(body), { headers })
    },
  }
}

/** null for anything that could leave the directory or name a hidden file. */
function safePath(raw: string): string | null {
  let path: string
  try {
    path = decodeURIComponent(raw)
  } catch {
    return null
  }
  if (path.startsWith('//') || path.includes('\0') || path.includes('\\') || /(^|\/)\./.test(path))
    return null
  return path
}

function isNavigation(request: Request, path: string): boolean {
  const lastPart = path.slice(path.lastIndexOf('/') + 1)
  if (lastPart.includes('.') || path.startsWith('/assets/')) return false
  // Whoever looks whether it is there, by whatever means, finds it there.
  if (path === '/') return true
  const mode = request.headers.get('sec-fetch-mode')
  if (mode !== null) return mode === 'navigate'
  return /text\/html|\*\/\*/.test(request.headers.get('accept') ?? '*/*')
}

function chooseEncoding(accepted: string | null): Encoding {
  if (accepted?.includes('br')) return 'br'
  return accepted?.includes('gzip') ? 'gzip' : 'identity'
}

function bodyOf(file: string, asset: Asset, encoding: Encoding): Promise<Buffer> {
  const known = asset.bodies.get(encoding)
  if (known) return known
  const made = readFile(file).then(plain => {
    if (encoding === 'br') return brotli(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } })
    return encoding === 'gzip' ? gzipped(plain) : plain
  })
  asset.bodies.set(encoding, made)
  made.catch(() => asset.bodies.delete(encoding))
  return made
}
