import { describe, expect, test } from 'vitest'
import { parseConfig } from './config.ts'

const ORIGIN = 'http://127.0.0.1:3000'

describe('U21 the configuration', () => {
  test('completes a missing or relative address with the page’s own', () => {
    expect(parseConfig({ key: 'k' }, ORIGIN).url).toBe(ORIGIN)
    expect(parseConfig({ key: 'k', url: '/' }, ORIGIN).url).toBe(ORIGIN)
    expect(parseConfig({ key: 'k', url: 'https://x.supabase.co/' }, ORIGIN).url).toBe('https://x.supabase.co')
  })

  test('names demo accounts only where the server does, and leaves out broken ones', () => {
    expect(parseConfig({ key: 'k' }, ORIGIN).demoAccounts).toEqual([])
    const account = { email: 'a@example.com', password: 'x', label: 'A', role: 'patient' }
    expect(
      parseConfig({ key: 'k', demoAccounts: [account, { email: 1 }, null] }, ORIGIN).demoAccounts,
    ).toEqual([account])
  })

  test.each([null, 'x', {}, { key: 1 }])('%j is refused', value => {
    expect(() => parseConfig(value, ORIGIN)).toThrow(/config\.json/)
  })
})
