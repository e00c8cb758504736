/**
 * What a request to tables must be before lite sees it.
 *
 * Must never happen: a count from the planner's statistics. They are those of the whole table, whatever the policies
 * hide, and so tell anybody whether a value occurs.
 */
import { refuseReservedKeys, refuseReservedNames } from './reserved-names.ts'

/** The same request, its counts exact. @throws HttpError 400 */
export async function admitTableRequest(request: Request): Promise<Request> {
  refuseReservedNames(new URL(request.url))
  const headers = new Headers(request.headers)
  const prefer = headers.get('prefer')
  if (prefer !== null) headers.set('prefer', withExactCount(prefer))
  const { method } = request
  if (method === 'GET' || method === 'HEAD') return new Request(request.url, { method, headers })
  const body = await request.arrayBuffer()
  refuseReservedKeys(new TextDecoder().decode(body), headers.get('content-type') ?? '')
  return new Request(request.url, { method, headers, ...(body.byteLength > 0 ? { body } : {}) })
}

/** `prefer`: one header or several joined, as `Headers` gives it. */
export function withExactCount(prefer: string): string {
  const wishes = prefer.split(/[,;]/).map(wish => wish.trim())
  const others = wishes.filter(wish => !/count/i.test(wish))
  const wantsCount = wishes.some(wish => /count\W*(exact|planned|estimated)/i.test(wish))
  return [...others, ...(wantsCount ? ['count=exact'] : [])].join(', ')
}
