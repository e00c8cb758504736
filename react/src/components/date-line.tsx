import { useText } from '../strings/strings-provider.tsx'
import { useIsPrinting } from './printing.tsx'

/** The line above the first message of a day. A heading, so that screen readers can go from day to day. */
export function DateLine({ at }: { at: string }) {
  const { dates } = useText()
  // On paper "Today" is yesterday soon.
  const dayName = useIsPrinting() ? dates.day : dates.relativeDay
  return (
    <h3 className="bs-date-line">
      <time dateTime={at}>{dayName(at)}</time>
    </h3>
  )
}
