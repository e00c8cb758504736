/**
 * Dates and times in one person's language and time zone. Always through Intl; input is ISO 8601 UTC. The calendar is
 * the one that the clinic books by, and the digits are those of its numbers, whatever the region prefers.
 */
import { DIGITS } from './plurals.ts'

export interface DateFormat {
  /** "14:05" or "2:05 PM", as the locale writes it. */
  time(iso: string): string
  /** "14:05 – 14:35". */
  timeRange(startIso: string, endIso: string): string
  /** "Tuesday, 12 May", with the year where it is not this one. */
  day(iso: string): string
  /** "Today", "Yesterday", "Tomorrow", else as `day`. */
  relativeDay(iso: string): string
  /** "Tuesday, 12 May at 14:05", with the year where it is not this one. */
  weekdayAndTime(iso: string): string
  /** "12 May 2026, 14:05". */
  dayAndTime(iso: string): string
  /** "today, 14:05", "yesterday, 14:05", joined as the language joins them, else as `dayAndTime`; for a sentence. */
  recent(iso: string): string
  /** "14:05" today, else as `recent`. */
  brief(iso: string): string
  /** "45 minutes", "8 hours", "3 days": in the largest unit that is not less than two of it. */
  duration(minutes: number): string
  /** The name of the time zone, such as "Central European Time". */
  zoneName(iso: string): string
}

const DAY_MS = 86_400_000

/** `now` is given so that "Today" can be tested; milliseconds since the epoch. */
export function createDateFormat(
  locale: string,
  timeZone: string,
  now: () => number = () => Date.now(),
): DateFormat {
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { timeZone, calendar: 'gregory', numberingSystem: DIGITS, ...options })
  const time = format({ hour: 'numeric', minute: '2-digit' })
  const day = format({ weekday: 'long', day: 'numeric', month: 'long' })
  const dayWithYear = format({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })
  const weekdayAndTime = (hasYear: boolean) =>
    format({
      ...{ weekday: 'long', day: 'numeric', month: 'long', hour: 'numeric', minute: '2-digit' },
      ...(hasYear && { year: 'numeric' }),
    })
  const dayAndTime = format({
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
  })
  const year = format({ year: 'numeric' })
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const calendar = new Intl.DateTimeFormat('en-US', {
    timeZone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
  })

  // Midnight UTC of the civil date in the zone: differences of these are whole days, whatever the clocks do.
  const civilDay = (ms: number) => {
    const [m = 1, d = 1, y = 1970] = calendar.format(ms).split('/').map(Number)
    return Date.UTC(y, m - 1, d) / DAY_MS
  }
  const daysAway = (at: Date) => civilDay(at.getTime()) - civilDay(now())
  const isThisYear = (at: Date) => year.format(at) === year.format(now())
  const dayName = (at: Date) => capitalised((isThisYear(at) ? day : dayWithYear).format(at), locale)

  const recent = (iso: string) => {
    const at = new Date(iso)
    const days = daysAway(at)
    return Math.abs(days) > 1
      ? dayAndTime.format(at)
      : relative.format(days, 'day') + joint(dayAndTime.formatToParts(at)) + time.format(at)
  }

  return {
    time: iso => time.format(new Date(iso)),
    timeRange: (startIso, endIso) => time.formatRange(new Date(startIso), new Date(endIso)),
    day: iso => dayName(new Date(iso)),
    relativeDay: iso => {
      const at = new Date(iso)
      const days = daysAway(at)
      return Math.abs(days) > 1 ? dayName(at) : capitalised(relative.format(days, 'day'), locale)
    },
    weekdayAndTime: iso => {
      const at = new Date(iso)
      return weekdayAndTime(!isThisYear(at)).format(at)
    },
    dayAndTime: iso => dayAndTime.format(new Date(iso)),
    recent,
    brief: iso => {
      const at = new Date(iso)
      return daysAway(at) === 0 ? time.format(at) : recent(iso)
    },
    duration: minutes => {
      const [unit, size] =
        minutes >= 2 * 1440
          ? (['day', 1440] as const)
          : minutes >= 120
            ? (['hour', 60] as const)
            : (['minute', 1] as const)
      const number = new Intl.NumberFormat(locale, {
        style: 'unit',
        unit,
        unitDisplay: 'long',
        numberingSystem: DIGITS,
      })
      return number.format(Math.round(minutes / size))
    },
    zoneName: iso =>
      format({ timeZoneName: 'longGeneric' })
        .formatToParts(new Date(iso))
        .find(part => part.type === 'timeZoneName')?.value ?? timeZone,
  }
}

/** What the language writes between a date and a time: ", " or "، " or " à ". */
function joint(parts: Intl.DateTimeFormatPart[]): string {
  const hour = parts.findIndex(part => part.type === 'hour')
  return parts.slice(0, hour).findLast(part => part.type === 'literal')?.value ?? ' '
}

function capitalised(text: string, locale: string): string {
  const [first = ''] = text
  return first.toLocaleUpperCase(locale) + text.slice(first.length)
}
