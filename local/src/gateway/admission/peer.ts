/**
 * Who sends a request, and over what. Headers of a proxy are believed from as many proxies as were said to stand before
 * us: each appends the address that it saw, so theirs are the last ones. All before those is anybody's invention.
 */
import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'

export interface Peer {
  /** An address, or an IPv6 network of /64: a customer has all of one. */
  readonly network: string
  /** Whether it came over TLS. */
  readonly isSecure: boolean
}

type Shown = Pick<IncomingMessage, 'headers'> & { socket: { remoteAddress?: string | undefined } }

export function peerOf({ headers, socket }: Shown, trustedProxies: number): Peer {
  const direct = socket.remoteAddress ?? ''
  if (trustedProxies === 0) return { network: networkOf(direct), isSecure: false }
  const forwarded = listOf(headers['x-forwarded-for'])
  const claimed = forwarded[Math.max(0, forwarded.length - trustedProxies)] ?? ''
  return {
    network: networkOf(isIP(claimed) === 0 ? direct : claimed),
    isSecure: listOf(headers['x-forwarded-proto']).at(-1) === 'https',
  }
}

const listOf = (header: string | string[] | undefined): string[] =>
  header === undefined
    ? []
    : String(header)
        .split(',')
        .map(entry => entry.trim())

function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)
  if (mapped?.[1]) return mapped[1]
  if (!address.includes(':')) return address
  const [head = '', tail = ''] = address.replace(/%.*$/, '').split('::')
  const groups = head === '' ? [] : head.split(':')
  const last = tail === '' ? [] : tail.split(':')
  while (groups.length + last.length < 8) groups.push('0')
  const prefix = [...groups, ...last].slice(0, 4).map(group => Number.parseInt(group, 16).toString(16))
  return `${prefix.join(':')}::/64`
}
