/** What a `datetime-local` input holds, "2026-11-30T09:00", as a moment in somebody's zone, which need not be the device's. */

const CIVIL = /^\d{4}-\d\d-\d\dT\d\d:\d\d/u

export function toCivil(iso: string, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, calendar: 'gregory', numberingSystem: 'latn', hourCycle: 'h23' },
    ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' },
  }).formatToParts(new Date(iso))
  const of = (type: Intl.DateTimeFormatPartTypes) => parts.find(part => part.type === type)?.value ?? ''
  return `${of('year').padStart(4, '0')}-${of('month')}-${of('day')}T${of('hour')}:${of('minute')}`
}

/** ISO 8601 in UTC; null: not a whole day and time. A time that the clocks leave out is one within the hour around it. */
export function fromCivil(civil: string, timeZone: string): string | null {
  const wanted = Date.parse(`${CIVIL.exec(civil)?.[0]}Z`)
  if (Number.isNaN(wanted)) return null
  let at = wanted
  // The second time for a zone whose clocks change between the guess and the moment.
  for (let turn = 0; turn < 2; turn += 1)
    at += wanted - Date.parse(`${toCivil(new Date(at).toISOString(), timeZone)}Z`)
  return new Date(at).toISOString()
}
