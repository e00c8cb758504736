import { useText } from '../strings/strings-provider.tsx'

/** The line above the first message of a day. A heading, so that screen readers can go from day to day. */
export function DateLine({ at }: { at: string }) {
  const { dates } = useText()
  return (
    <h3 className="bs-date-line">
      <time dateTime={at}>{dates.relativeDay(at)}</time>
    </h3>
  )
}
