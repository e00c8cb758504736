/** The clinic's own time, for a reader whose clock shows another one: visits are where the clinic is. */
import { createContext, type ReactNode, useContext, useMemo } from 'react'
import { createDateFormat, type DateFormat } from './date-format.ts'
import { type Text, useText } from './strings-provider.tsx'

export interface ClinicTime {
  /** "At the clinic: 12 May 2026, 15:05"; null: it is the same there, or not known. */
  at(iso: string): string | null
  /** "At the clinic: 15:05 – 15:35", with the day where that is another one there. */
  range(startIso: string, endIso: string): string | null
}

const ZoneContext = createContext<string | null>(null)

/** @param timeZone the clinic's, an IANA name; null while it is not known. */
export function ClinicZone({ timeZone, children }: { timeZone: string | null; children: ReactNode }) {
  return <ZoneContext value={timeZone}>{children}</ZoneContext>
}

export function useClinicTime(): ClinicTime {
  const zone = useContext(ZoneContext)
  const text = useText()
  return useMemo(() => createClinicTime(text, zone), [text, zone])
}

/** What a time of day is the short form of, with the clinic's where that is another one. */
export function useTimeTitle(): (iso: string) => string {
  const { dates } = useText()
  const clinic = useClinicTime()
  return iso => [dates.dayAndTime(iso), clinic.at(iso)].filter(text => text !== null).join('\n')
}

function createClinicTime({ dates, locale, strings }: Text, zone: string | null): ClinicTime {
  const there = zone === null ? null : datesIn(locale, zone)
  const told = (iso: string, tell: (there: DateFormat) => string) =>
    there === null || there.dayAndTime(iso) === dates.dayAndTime(iso)
      ? null
      : strings.appointment.atTheClinic(tell(there))
  return {
    at: iso => told(iso, ({ dayAndTime }) => dayAndTime(iso)),
    range: (start, end) =>
      told(start, ({ day, dayAndTime, timeRange }) =>
        day(start) === dates.day(start) ? timeRange(start, end) : dayAndTime(start),
      ),
  }
}

/** null: this browser does not know the zone. */
function datesIn(locale: string, zone: string): DateFormat | null {
  try {
    return createDateFormat(locale, zone)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return null
  }
}
