/** What a request to `/rest/v1/rpc/<name>` asks for, before the database is troubled. */
import type { IncomingMessage } from 'node:http'
import { HttpError } from '../reply.ts'
import { refuseReservedNames } from '../reserved-names.ts'

export interface RpcRequest {
  name: string
  method: 'GET' | 'HEAD' | 'POST'
  /** Arguments from the query string; null: they are in the body. */
  query: Record<string, string | string[]> | null
  wantsOneObject: boolean
  wantsCount: boolean
  /** The answer shapes the result (select, filters, other media types): for the table server, which knows how. */
  isForTableServer: boolean
}

const PREFIX = '/rest/v1/rpc/'
const SHAPING = new Set([
  'select',
  'order',
  'limit',
  'offset',
  'and',
  'or',
  'not.and',
  'not.or',
  'columns',
  'on_conflict',
])
const FILTER =
  /^(not\.)?(eq|gte|gt|lte|lt|neq|like|ilike|match|imatch|in|is|isdistinct|fts|plfts|phfts|wfts|cs|cd|ov|sl|sr|nxr|nxl|adj)(\(\w+\))?\./
const BODY_TYPES_OF_TABLE_SERVER = new Set([
  'text/plain',
  'text/xml',
  'application/octet-stream',
  'application/x-www-form-urlencoded',
])
const MAX_JSON_DEPTH = 100

export const isRpcPath = (path: string): boolean => path.startsWith(PREFIX)

/** @throws HttpError */
export function readRpcRequest(req: IncomingMessage, url: URL): RpcRequest {
  const method = req.method
  if (method !== 'GET' && method !== 'HEAD' && method !== 'POST') {
    throw new HttpError(405, 'PGRST101', `Cannot use the ${method} method on RPC`, {
      headers: { Allow: 'GET, HEAD, POST, OPTIONS' },
    })
  }
  const name = decodeName(url.pathname.slice(PREFIX.length))
  refuseReservedNames(url)
  checkProfile(req)
  const accept = String(req.headers.accept ?? '*/*')
  const prefer = String(req.headers.prefer ?? '')
  const type =
    String(req.headers['content-type'] ?? '')
      .split(';')[0]
      ?.trim()
      .toLowerCase() ?? ''
  if (
    method === 'POST' &&
    type !== '' &&
    type !== 'application/json' &&
    !BODY_TYPES_OF_TABLE_SERVER.has(type)
  ) {
    throw new HttpError(415, 'PGRST107', 'Content-Type not acceptable', { details: 'Send application/json' })
  }
  const query = readQuery(url, method === 'POST')
  return {
    name,
    method,
    query: method === 'POST' ? null : query.args,
    wantsOneObject: accept.includes('application/vnd.pgrst.object'),
    wantsCount: /\bcount=(exact|planned|estimated)\b/.test(prefer),
    isForTableServer:
      query.isShaping ||
      (method === 'POST' && BODY_TYPES_OF_TABLE_SERVER.has(type)) ||
      /text\/csv|vnd\.pgrst\.plan|nulls=stripped|octet-stream/.test(accept) ||
      req.headers.range !== undefined,
  }
}

function decodeName(raw: string): string {
  try {
    const name = decodeURIComponent(raw)
    if (name !== '' && !name.includes('/') && name.length <= 63) return name
  } catch {
    // Not a name.
  }
  throw new HttpError(404, 'PGRST125', 'Invalid path specified in request URL')
}

function checkProfile(req: IncomingMessage): void {
  const profile = req.headers['content-profile'] ?? req.headers['accept-profile']
  if (profile === undefined || profile === 'public') return
  throw new HttpError(406, 'PGRST106', 'Invalid schema', {
    hint: 'Only the following schemas are exposed: public',
  })
}

function readQuery(
  url: URL,
  isPost: boolean,
): { args: Record<string, string | string[]>; isShaping: boolean } {
  const args: Record<string, string | string[]> = Object.create(null)
  let isShaping = false
  for (const [name, value] of url.searchParams) {
    if (name === 'apikey') continue
    if (isPost || SHAPING.has(name) || FILTER.test(value)) isShaping = true
    const earlier = args[name]
    args[name] = earlier === undefined ? value : [earlier, value].flat()
  }
  return { args, isShaping }
}

/** The keys of a JSON body, which say what function is meant. An empty body is `{}`. @throws HttpError 400 */
export function keysOfBody(body: string): string[] {
  if (body.trim() === '') return []
  if (isDeeperThan(body, MAX_JSON_DEPTH)) {
    throw new HttpError(400, 'PGRST102', 'JSON is nested too deeply', {
      details: `at most ${MAX_JSON_DEPTH} levels`,
    })
  }
  let parsed: unknown
  try {
    parsed = JSON.parse(body)
  } catch {
    throw new HttpError(400, 'PGRST102', 'Empty or invalid json')
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return []
  return Object.keys(parsed)
}

export const isJsonObject = (body: string): boolean => body.trimStart().startsWith('{')

function isDeeperThan(json: string, limit: number): boolean {
  let depth = 0
  let inString = false
  for (let at = 0; at < json.length; at++) {
    const char = json.charCodeAt(at)
    if (inString) {
      if (char === 0x5c) at++
      else if (char === 0x22) inString = false
    } else if (char === 0x22) inString = true
    else if (char === 0x7b || char === 0x5b) {
      if (++depth > limit) return true
    } else if (char === 0x7d || char === 0x5d) depth--
  }
  return false
}
