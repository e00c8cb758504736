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

  test('say the hour alone of today, and the day with it of any other', () => {
    const format = at('en-GB', 'Europe/London', '2026-11-23T10:00:00.000Z')
    expect(format.brief('2026-11-23T00:05:00.000Z')).toBe('0:05')
    expect(format.brief('2026-11-22T23:55:00.000Z')).toBe('yesterday, 23:55')
    expect(format.brief('2026-11-12T09:30:00.000Z')).toMatch(/^12 Nov 2026,? (at )?9:30$/)
  })

  test('name the year only where it is another one', () => {
    const format = at('en-GB', 'Europe/London', '2026-11-23T10:00:00.000Z')
    expect(format.day('2026-05-12T10:00:00.000Z')).toMatch(/^Tuesday,? 12 May$/)
    expect(format.day('2025-05-12T10:00:00.000Z')).toMatch(/^Monday,? 12 May 2025$/)
  })
})

describe('U37 dates', () => {
  const moment = '2026-11-23T14:05:00.000Z'
  const shown = (locale: string) => {
    const format = at(locale, 'Europe/London', '2026-11-24T10:00:00.000Z')
    return [format.time(moment), format.day(moment), format.recent(moment), format.dayAndTime(moment)]
  }

  test('are those of the clinic’s calendar, in one set of digits, with the words of the region', () => {
    expect(shown('ar-MA')).toEqual(['14:05', 'الاثنين، 23 نونبر', 'أمس، 14:05', '23 نونبر 2026، 14:05'])
    expect(shown('ar-JO')[1]).toBe('الاثنين، 23 تشرين الثاني')
    // By themselves these would be written in other digits, and the second might count by the moon.
    for (const locale of ['ar-EG', 'ar-SA']) {
      expect(shown(locale)).toEqual(['2:05 م', 'الاثنين، 23 نوفمبر', 'أمس، 2:05 م', '23 نوفمبر 2026، 2:05 م'])
    }
    const now = '2026-11-24T10:00:00.000Z'
    expect(at('ar-EG', 'Africa/Cairo', now).duration(480)).toBe('8 ساعات')
    expect(at('fr', 'Europe/Paris', now).duration(480)).toMatch(/^8\sheures$/)
    expect(shown('fr-CA')[1]).toBe('Lundi 23 novembre')
    expect(shown('fr-CA')[0]?.replaceAll(/\s/g, ' ')).toBe('14 h 05')
    expect(shown('fr')[2]).toMatch(/^hier(?:,| à) 14:05$/)
  })
})
