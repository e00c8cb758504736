/**
 * What an administrator may say of an account, as auth-js sends it (`AdminUserAttributes`). What the stack cannot do
 * (telephones, bans, other roles) is refused in words, never taken and forgotten.
 */
import bcrypt from 'bcryptjs'
import { refusal } from '../recovery.ts'

/** undefined: nothing is said of it. Metadata: null deletes a key. */
export interface Attributes {
  id: string | undefined
  email: string | undefined
  passwordHash: string | undefined
  isConfirmed: boolean
  userMetadata: Record<string, unknown> | undefined
  appMetadata: Record<string, unknown> | undefined
}

/** Thrown; becomes this answer. */
export class AdminRefusal extends Error {
  override readonly name = 'AdminRefusal'
  readonly status: number
  readonly code: string
  /** Only where auth-js wants them. */
  readonly reasons: string[] | null
  constructor(status: number, code: string, message: string, reasons: string[] | null = null) {
    super(message)
    this.status = status
    this.code = code
    this.reasons = reasons
  }

  answer(): Response {
    if (!this.reasons) return refusal(this.status, this.code, this.message)
    return Response.json(
      {
        code: this.status,
        error_code: this.code,
        msg: this.message,
        weak_password: { reasons: this.reasons, message: this.message },
      },
      { status: this.status, headers: { 'X-Sb-Error-Code': this.code } },
    )
  }
}

export const MIN_PASSWORD_CHARS = 10
const BCRYPT_ROUNDS = 10
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const NIL_UUID = '00000000-0000-0000-0000-000000000000'
const EMAIL = /^[^\s@]{1,64}@[^\s@]{1,190}$/
const BCRYPT_HASH = /^\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}$/

export const isUuid = (text: string): boolean => UUID.test(text)

/** @throws AdminRefusal */
export async function readAttributes(body: unknown): Promise<Attributes> {
  if (!isObject(body)) throw bad('The body must be a JSON object', 'bad_json')
  for (const name of ['phone', 'phone_confirm', 'ban_duration', 'role'] as const) {
    const isHarmless = { ban_duration: 'none', role: 'authenticated', phone: '', phone_confirm: false }[name]
    if (said(body, name) !== undefined && body[name] !== isHarmless)
      throw bad(`${name} is not supported here`)
  }
  const { id, email } = { id: said(body, 'id'), email: said(body, 'email') }
  if (id !== undefined && (typeof id !== 'string' || !isUuid(id) || id === NIL_UUID))
    throw bad('ID must conform to the uuid v4 format')
  if (email !== undefined && (typeof email !== 'string' || !EMAIL.test(email)))
    throw bad('Unable to validate email address: invalid format')
  const confirm = said(body, 'email_confirm') ?? false
  if (typeof confirm !== 'boolean') throw bad('email_confirm must be true or false')
  return {
    id: id?.toLowerCase(),
    email: email?.toLowerCase(),
    isConfirmed: confirm,
    userMetadata: metadata(body, 'user_metadata'),
    appMetadata: metadata(body, 'app_metadata'),
    passwordHash: await passwordHash(said(body, 'password'), said(body, 'password_hash')),
  }
}

async function passwordHash(password: unknown, hash: unknown): Promise<string | undefined> {
  if (password !== undefined && hash !== undefined)
    throw bad('Only a password or a password hash should be provided')
  if (hash !== undefined) {
    if (typeof hash === 'string' && BCRYPT_HASH.test(hash)) return hash
    throw bad('password_hash must be one of bcrypt')
  }
  if (password === undefined) return undefined
  if (typeof password !== 'string') throw bad('password must be a text')
  if (bcrypt.truncates(password))
    throw new AdminRefusal(422, 'validation_failed', 'Password cannot be longer than 72 characters')
  if (password.length < MIN_PASSWORD_CHARS)
    throw new AdminRefusal(
      422,
      'weak_password',
      `Password should be at least ${MIN_PASSWORD_CHARS} characters.`,
      ['length'],
    )
  return bcrypt.hash(password, BCRYPT_ROUNDS)
}

function metadata(body: Record<string, unknown>, name: string): Record<string, unknown> | undefined {
  const value = said(body, name)
  if (value === undefined || isObject(value)) return value
  throw bad(`${name} must be an object`)
}

/** null says nothing, as in GoTrue. */
const said = (body: Record<string, unknown>, name: string): unknown =>
  Object.hasOwn(body, name) ? (body[name] ?? undefined) : undefined

const bad = (message: string, code = 'validation_failed') => new AdminRefusal(400, code, message)

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
