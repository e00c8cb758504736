import { describe, expect, test } from 'vitest'
import { createDateFormat } from './date-format.ts'

const at = (locale: string, zone: string, now: string) =>
  createDateFormat(locale, zone, () => Date.parse(now))

describe('U7 dates', () => {
  test('are named from the reader’s own midnight', () => {
    const now = '2026-11-23T02:00:00.000Z'
    const moment = '2026-11-22T23:30:00.000Z'
    expect(at('en-GB', 'Europe/London', now).relativeDay(moment)).toBe('Yesterday')
    expect(at('en-GB', 'Asia/Tokyo', now).relativeDay(moment)).toBe('Today')
    expect(at('es', 'Asia/Tokyo', now).relativeDay(moment)).toBe('Hoy')
    expect(at('en-GB', 'America/New_York', now).recent(moment)).toBe('today, 18:30')
  })

  test('count days, not hours, when the clocks change', () => {
    const format = at('en-GB', 'Europe/London', '2026-03-29T00:30:00.000Z')
    expect(format.relativeDay('2026-03-29T22:59:00.000Z')).toBe('Today')
    expect(format.relativeDay('2026-03-29T23:01:00.000Z')).toBe('Tomorrow')
    expect(format.relativeDay('2026-03-30T23:01:00.000Z')).toMatch(/^Tuesday,? 31 March$/)
  })

  test('name the year only where it is another one', () => {
    const format = at('en-GB', 'Europe/London', '2026-11-23T10:00:00.000Z')
    expect(format.day('2026-05-12T10:00:00.000Z')).toMatch(/^Tuesday,? 12 May$/)
    expect(format.day('2025-05-12T10:00:00.000Z')).toMatch(/^Monday,? 12 May 2025$/)
  })
})
