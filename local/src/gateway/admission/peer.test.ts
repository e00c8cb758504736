import { expect, it } from 'vitest'
import { peerOf } from './peer.ts'

const from = (remoteAddress: string, headers: Record<string, string> = {}, proxies = 0) =>
  peerOf({ headers, socket: { remoteAddress } }, proxies)

it('GC2 X-Forwarded-For and -Proto count from as many proxies as were said to be ours, and no further', () => {
  const headers = { 'x-forwarded-for': '6.6.6.6, 203.0.113.7, 10.0.0.2', 'x-forwarded-proto': 'https' }
  expect(from('10.0.0.1', headers)).toEqual({ network: '10.0.0.1', isSecure: false })
  expect(from('10.0.0.1', headers, 1)).toEqual({ network: '10.0.0.2', isSecure: true })
  expect(from('10.0.0.1', headers, 2)).toEqual({ network: '203.0.113.7', isSecure: true })
  // Came past a proxy that should have been there: nobody else wrote what there is.
  expect(from('10.0.0.1', { 'x-forwarded-for': '203.0.113.7' }, 2).network).toBe('203.0.113.7')
  for (const nonsense of ['', 'unknown', '203.0.113.7:99', '<script>', ','])
    expect(from('10.0.0.1', { 'x-forwarded-for': nonsense }, 1).network).toBe('10.0.0.1')
  expect(from('10.0.0.1', { 'x-forwarded-proto': 'https, http' }, 1).isSecure).toBe(false)
  expect(from('10.0.0.1', {}, 1)).toEqual({ network: '10.0.0.1', isSecure: false })
})

it('GC2 an IPv6 network of /64 counts as one, an IPv4 address as itself however it is written', () => {
  const same = ['2001:db8:1:2::1', '2001:db8:1:2:ffff:ffff:ffff:ffff', '2001:0DB8:1:2::']
  expect(new Set(same.map(address => from(address).network))).toEqual(new Set(['2001:db8:1:2::/64']))
  expect(from('2001:db8:1:3::1').network).toBe('2001:db8:1:3::/64')
  expect(from('2001:db8::1').network).toBe('2001:db8:0:0::/64')
  expect(from('::1').network).toBe('0:0:0:0::/64')
  expect(from('fe80::1%eth0').network).toBe('fe80:0:0:0::/64')
  expect(from('::ffff:192.0.2.1').network).toBe(from('192.0.2.1').network)
})
