/**
 * `/auth/v1/admin/users`: what lite lacks of GoTrue's administration, for the secret key only. Requests and answers are
 * those of auth-js (`GoTrueAdminApi`). `auth.admin.signOut` is `POST /logout`, which lite has.
 *
 * Must never happen: anybody else learns whether there is an account, or even such an address; a password or a person
 * in the log.
 */
import { errorLabel, type Log } from '../../log.ts'
import { identify } from '../identity.ts'
import { unavailable } from '../lite/failure.ts'
import { refusal } from '../recovery.ts'
import { HttpError } from '../reply.ts'
import { isConnectionError } from '../rpc/postgres-error.ts'
import type { TokenVerifier } from '../token-verifier.ts'
import type { Accounts } from './accounts.ts'
import { AdminRefusal, isUuid, readAttributes } from './attributes.ts'

const USERS = '/auth/v1/admin/users'
const DEFAULT_PER_PAGE = 50
const MAX_PER_PAGE = 1_000
const MAX_PAGE = 1_000_000

/** Answers every request below `/auth/v1/admin/`. */
export function createAdminApi(options: {
  accounts: Accounts
  verifier: TokenVerifier
  log: Log
}): (request: Request) => Promise<Response> {
  const { accounts } = options

  const serve = async (request: Request): Promise<Response> => {
    const url = new URL(request.url)
    if (url.pathname === USERS) {
      if (request.method === 'GET') return list(accounts, url)
      if (request.method === 'POST') return create(accounts, await bodyOf(request))
      throw notHere()
    }
    const id = url.pathname.startsWith(`${USERS}/`) ? url.pathname.slice(USERS.length + 1) : ''
    if (id === '' || id.includes('/')) throw notHere()
    if (!isUuid(id)) throw new AdminRefusal(404, 'validation_failed', 'user_id must be an UUID')
    switch (request.method) {
      case 'GET':
        return found(await accounts.find(id))
      case 'PUT':
        return found(await accounts.update(id, await readAttributes(await bodyOf(request))))
      case 'DELETE':
        return remove(accounts, id, await bodyOf(request))
      default:
        throw notHere()
    }
  }

  return async request => {
    const stranger = await refusalOf(request, options.verifier)
    if (stranger) return stranger
    try {
      return await serve(request)
    } catch (error) {
      if (error instanceof AdminRefusal) return error.answer()
      return answerOf(error, options.log)
    }
  }
}

/** Before anything is looked at: alike whatever is asked for. */
async function refusalOf({ headers }: Request, verifier: TokenVerifier): Promise<Response | null> {
  const shown = { apikey: headers.get('apikey'), authorization: headers.get('authorization') }
  try {
    const { role } = await identify(shown, verifier)
    return role === 'service_role' ? null : refusal(403, 'not_admin', 'User not allowed')
  } catch (error) {
    if (!(error instanceof HttpError)) throw error
    return refusal(error.status, 'no_authorization', 'This endpoint requires the secret key')
  }
}

async function create(accounts: Accounts, body: unknown): Promise<Response> {
  const { email, ...attributes } = await readAttributes(body)
  if (email === undefined)
    throw new AdminRefusal(400, 'validation_failed', 'Cannot create a user without either an email or phone')
  return found(await accounts.create({ ...attributes, email }))
}

async function list(accounts: Accounts, url: URL): Promise<Response> {
  const page = pagination(url, 'page', 1, MAX_PAGE)
  const perPage = Math.min(pagination(url, 'per_page', DEFAULT_PER_PAGE, MAX_PAGE), MAX_PER_PAGE)
  const { total, accounts: users } = await accounts.list(page, perPage)
  const last = Math.max(1, Math.ceil(total / perPage))
  // The page first: auth-js reads what follows the first `=`.
  const link = (to: number, rel: string) => `<${USERS}?page=${to}&per_page=${perPage}>; rel="${rel}"`
  const links = [...(page < last ? [link(page + 1, 'next')] : []), link(last, 'last')]
  return Response.json(
    { users, aud: 'authenticated' },
    { headers: { 'X-Total-Count': String(total), Link: links.join(', ') } },
  )
}

function pagination(url: URL, name: string, byDefault: number, max: number): number {
  const text = url.searchParams.get(name) ?? ''
  if (text === '') return byDefault
  const number = Number(text)
  if (/^\d+$/.test(text) && number > 0 && number <= max) return number
  throw new AdminRefusal(400, 'validation_failed', `Bad Pagination Parameters: ${name}`)
}

async function remove(accounts: Accounts, id: string, body: unknown): Promise<Response> {
  const isSoft =
    typeof body === 'object' && body !== null && 'should_soft_delete' in body && body.should_soft_delete
  if (isSoft) throw new AdminRefusal(400, 'validation_failed', 'should_soft_delete is not supported here')
  if (!(await accounts.delete(id))) throw userNotFound()
  return Response.json({})
}

function found(account: Awaited<ReturnType<Accounts['find']>>): Response {
  if (!account) throw userNotFound()
  return Response.json(account)
}

/** undefined: there is none, as in `DELETE` by hand. @throws AdminRefusal */
async function bodyOf(request: Request): Promise<unknown> {
  const text = await request.text()
  if (text === '') return undefined
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw new AdminRefusal(400, 'bad_json', 'Could not parse request body as JSON')
  }
}

const userNotFound = () => new AdminRefusal(404, 'user_not_found', 'User not found')
const notHere = () => new AdminRefusal(404, 'not_found', 'There is nothing at this address')

function answerOf(error: unknown, log: Log): Response {
  if (!(error instanceof Error)) throw error
  const code = 'code' in error ? String(error.code) : ''
  if (code === '23505') {
    return 'constraint' in error && error.constraint === 'users_email_partial_key'
      ? refusal(422, 'email_exists', 'A user with this email address has already been registered')
      : refusal(422, 'user_already_exists', 'User already registered')
  }
  if (code === '23503') return refusal(409, 'conflict', 'Other records still refer to this user')
  if (code.startsWith('22')) return refusal(400, 'validation_failed', 'A value cannot be stored')
  if (isConnectionError(error)) return unavailable()
  log(`auth: administration failed (${errorLabel(error)})`)
  return refusal(500, 'unexpected_failure', 'Something went wrong on our side')
}
