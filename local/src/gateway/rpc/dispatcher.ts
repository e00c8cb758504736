/**
 * `/rest/v1/rpc/<function>`: the hot path of the whole product. A call costs one round trip; its body goes to PostgreSQL
 * as it came and the answer comes back as PostgreSQL wrote it.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { errorLabel, type Log } from '../../log.ts'
import { ClientGoneError } from '../../read-bytes.ts'
import { type Identity, identify } from '../identity.ts'
import { HttpError, JSON_TYPE, send, sendError } from '../reply.ts'
import { readBody } from '../request-body.ts'
import type { TokenVerifier } from '../token-verifier.ts'
import { type CallPool, notOneRow } from './call-pool.ts'
import { createCatalogReader } from './catalog.ts'
import type { CallResult } from './pipelined-call.ts'
import { errorOfCall } from './postgres-error.ts'
import { isJsonObject, keysOfBody, type RpcRequest, readRpcRequest } from './request.ts'
import { notFound, type ResolvedCall, resolveCall } from './resolve.ts'
import { createStatements } from './statement.ts'

const DEFAULT_TIMEOUT = '8s'
/** What a changed function looks like to a statement prepared before the change. */
const STALE_CODES = new Set(['42883', '0A000', '42P13', '26000'])

export interface RpcDispatcher {
  /** true: answered, or to be. false: nothing was read; the table server knows how to shape this result. */
  handle(req: IncomingMessage, res: ServerResponse, url: URL): Promise<boolean>
}

export function createRpcDispatcher(options: {
  calls: CallPool
  verifier: TokenVerifier
  log: Log
}): RpcDispatcher {
  const { calls, verifier, log } = options
  const catalog = createCatalogReader(calls.pool)
  const statementOf = createStatements()

  const resolve = async (request: RpcRequest, body: string): Promise<ResolvedCall> => {
    const isPost = request.query === null
    const keys = isPost ? keysOfBody(body) : Object.keys(request.query ?? {})
    const find = (known: Awaited<ReturnType<typeof catalog.read>>) => {
      const call = resolveCall(known, request.name, keys, isPost)
      // A body that is no object can only be one argument as a whole.
      return call?.given && isPost && body.trim() !== '' && !isJsonObject(body) ? null : call
    }
    const call = find(await catalog.read()) ?? find(await catalog.reload())
    if (call) return call
    if (isPost && body.trim() !== '' && !isJsonObject(body)) {
      throw new HttpError(400, 'PGRST102', 'Arguments must be given as a JSON object')
    }
    throw notFound(await catalog.read(), request.name, keys, isPost)
  }

  const run = async (
    req: IncomingMessage,
    request: RpcRequest,
    call: ResolvedCall,
    body: string,
    identity: Identity,
  ): Promise<CallResult> => {
    const isReadOnly = request.method !== 'POST'
    const { timeouts } = await catalog.read()
    const mustBeOneRow = request.wantsOneObject && call.fn.returnsSet
    return calls.call(
      {
        ...identity,
        method: request.method,
        path: `/rpc/${request.name}`,
        headersJson: headersForSql(req),
        statementTimeout: timeouts.get(identity.role) ?? timeouts.get('authenticator') ?? DEFAULT_TIMEOUT,
        isReadOnly,
      },
      statementOf(call),
      argumentText(request, call, body),
      mustBeOneRow,
    )
  }

  const answer = async (req: IncomingMessage, res: ServerResponse, url: URL): Promise<boolean> => {
    const request = readRpcRequest(req, url)
    if (request.isForTableServer) return false
    const identity = await identify(
      {
        apikey: headerText(req, 'apikey') ?? url.searchParams.get('apikey'),
        authorization: headerText(req, 'authorization'),
      },
      verifier,
    )
    const body = request.query ? '' : await readBody(req)
    try {
      const call = await resolve(request, body)
      respond(res, request, call, await run(req, request, call, body, identity))
    } catch (error) {
      if (error instanceof Error && 'code' in error && STALE_CODES.has(String(error.code)))
        catalog.invalidate()
      throw errorOfCall(error, identity.role !== 'anon')
    }
    return true
  }

  return {
    handle: async (req, res, url) => {
      try {
        return await answer(req, res, url)
      } catch (error) {
        if (error instanceof ClientGoneError) return true
        const failure = errorOfCall(error, true)
        if (failure.status >= 500)
          log(`rpc: ${failure.status} ${failure.body.code} (${errorLabel(failure.cause)})`)
        sendError(res, failure, req.method === 'HEAD')
        return true
      }
    },
  }
}

function headerText(req: IncomingMessage, name: string): string | null {
  const value = req.headers[name]
  return typeof value === 'string' ? value : null
}

/** `request.headers` as PostgREST gives it, without the secrets: no function has business with another's token. */
function headersForSql(req: IncomingMessage): string {
  const shown: Record<string, string> = {}
  for (const [name, value] of Object.entries(req.headers)) {
    if (name === 'authorization' || name === 'cookie' || name === 'apikey') continue
    if (value !== undefined) shown[name] = String(value)
  }
  return JSON.stringify(shown)
}

function argumentText(request: RpcRequest, call: ResolvedCall, body: string): string {
  if (!request.query) return body.trim() === '' ? '{}' : body
  const last = call.fn.args.at(-1)?.name
  const args: Record<string, unknown> = Object.create(null)
  for (const [name, value] of Object.entries(request.query)) {
    const isVariadic = call.fn.isVariadic && name === last
    args[name] = isVariadic ? [value].flat() : [value].flat().at(-1)
  }
  return JSON.stringify(args)
}

function respond(res: ServerResponse, request: RpcRequest, call: ResolvedCall, result: CallResult): void {
  const { fn } = call
  const headOnly = request.method === 'HEAD'
  const headers = { ...functionHeaders(result.headers) }
  const status = functionStatus(result.status)
  if (fn.returns === 'void') {
    send(res, status ?? 204, headers, null)
    return
  }
  const count = result.rows.length
  headers['Content-Type'] ??= request.wantsOneObject
    ? 'application/vnd.pgrst.object+json; charset=utf-8'
    : JSON_TYPE
  headers['Content-Range'] = `${count === 0 ? '*' : `0-${count - 1}`}/${request.wantsCount ? count : '*'}`
  if (request.wantsCount) headers['Preference-Applied'] = 'count=exact'
  send(res, status ?? 200, headers, bodyText(request, call, result), headOnly)
}

function bodyText(request: RpcRequest, { fn }: ResolvedCall, { rows }: CallResult): string {
  if (fn.returnsSet && !request.wantsOneObject) return `[${rows.map(row => row ?? 'null').join(',')}]`
  if (fn.returnsSet && rows.length !== 1) throw notOneRow(rows.length)
  return rows[0] ?? 'null'
}

function functionStatus(text: string | null): number | null {
  if (text === null) return null
  const status = Number(text)
  if (Number.isInteger(status) && status >= 200 && status <= 599) return status
  throw new HttpError(500, 'PGRST112', 'response.status guc must be a valid status code')
}

function functionHeaders(text: string | null): Record<string, string> {
  if (text === null) return {}
  const bad = new HttpError(
    500,
    'PGRST111',
    'response.headers guc must be a JSON array composed of objects with a single key and a string value',
  )
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    throw bad
  }
  if (!Array.isArray(parsed)) throw bad
  const headers: Record<string, string> = {}
  for (const entry of parsed as unknown[]) {
    const pairs = typeof entry === 'object' && entry !== null ? Object.entries(entry) : []
    const [pair] = pairs
    if (pairs.length !== 1 || !pair || typeof pair[1] !== 'string') throw bad
    headers[pair[0]] = pair[1]
  }
  return headers
}
