/** Requests of each persona to a running gateway, with keys and tokens as any client sends them. */
import type { TestStack } from '@bedside/local/testing'
import { identityOf, type Persona } from '../personas.ts'
import { inWords } from '../session.ts'

export interface Answer {
  readonly status: number
  readonly body: unknown
}

export type Ask = (persona: Persona, method: string, path: string, body?: unknown) => Promise<Answer>

export interface Credentials {
  readonly key: string
  readonly token: string | null
}

export type CredentialsOf = (persona: Persona) => Promise<Credentials>

/** Of a token that has run out. */
export const EXPIRED = 'token refused'

export function credentialsFrom(stack: TestStack): CredentialsOf {
  const known = new Map<Persona, Promise<Credentials>>()
  const make = async (persona: Persona): Promise<Credentials> => {
    const { userId } = identityOf(persona)
    if (persona === 'service') return { key: stack.secretKey, token: null }
    if (userId === null) return { key: stack.publishableKey, token: null }
    const options = persona === 'expired' ? { expiresIn: -1 } : {}
    return { key: stack.publishableKey, token: await stack.tokenFor(userId, options) }
  }
  return persona => {
    const made = known.get(persona) ?? make(persona)
    known.set(persona, made)
    return made
  }
}

export function asking(stack: TestStack, credentialsOf: CredentialsOf): Ask {
  return async (persona, method, path, body) => {
    const { key, token } = await credentialsOf(persona)
    const response = await fetch(`${stack.url}/rest/v1/${path}`, {
      method,
      headers: {
        apikey: key,
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        'content-type': 'application/json',
        prefer: 'return=representation',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, body: text === '' ? null : JSON.parse(text) }
  }
}

/** In the words of the SQL engine; `ok` for an answer. */
export function wordOf({ status, body }: Answer): string {
  if (status < 400) return 'ok'
  const { code, message, details } = (body ?? {}) as Record<string, unknown>
  if (status === 401 && /^PGRST30\d$/.test(String(code))) return EXPIRED
  return inWords({
    code: String(code),
    message: String(message),
    detail: typeof details === 'string' ? details : null,
    hint: null,
  })
}
