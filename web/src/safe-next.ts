/**
 * Where to go after signing in, as it stands in the address: only ever a page of this app. Anything that a browser
 * could read as another site is refused, or a link to our sign-in page could lead people elsewhere.
 */
export function safeNext(value: unknown): string | null {
  if (typeof value !== 'string' || !value.startsWith('/')) return null
  const base = 'https://app.invalid'
  try {
    const url = new URL(value, base)
    if (url.origin !== base || url.pathname.startsWith('//') || url.pathname === '/sign-in') return null
    return url.pathname + url.search
  } catch {
    return null
  }
}
