/** What a request is about, as a metric's label: a few words of ours, never a part of what was asked. */
import { STATUS_CODES } from 'node:http'

export type RouteClass =
  | 'rpc'
  | 'tables'
  | 'sign_in'
  | 'auth'
  | 'auth_admin'
  | 'realtime'
  | 'health'
  | 'metrics'
  | 'web'
  | 'invalid'

/** null: the target was no path. */
export function routeClassOf(url: URL | null): RouteClass {
  if (!url) return 'invalid'
  const { pathname: path } = url
  if (path.startsWith('/rest/v1/rpc/')) return 'rpc'
  if (path.startsWith('/rest/v1/')) return 'tables'
  if (path === '/auth/v1/token' && url.searchParams.get('grant_type') === 'password') return 'sign_in'
  if (path.startsWith('/auth/v1/admin/')) return 'auth_admin'
  if (path.startsWith('/auth/v1/')) return 'auth'
  if (path.startsWith('/realtime/v1/')) return 'realtime'
  if (path === '/health') return 'health'
  return path === '/metrics' ? 'metrics' : 'web'
}

/** A function may choose any number: what HTTP has no name for counts by its hundred. */
export const statusLabel = (status: number): string =>
  STATUS_CODES[status] ? String(status) : `${Math.floor(status / 100)}xx`
