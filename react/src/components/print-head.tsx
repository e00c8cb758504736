/** On paper: of which appointment the conversation is, who is who in it, when it was printed, and whether some is missing. */
import type { ReadyChat } from '@bedside/core'
import { isolate } from '../strings/isolate.ts'
import { useText } from '../strings/strings-provider.tsx'
import { useIsPrinting } from './printing.tsx'
import { roleLabel } from './role-label.ts'

export function PrintHead({ chat }: { chat: ReadyChat }) {
  const { strings, dates } = useText()
  if (!useIsPrinting()) return null
  const { startsAt, endsAt } = chat.appointment
  const when = [dates.day(startsAt), dates.timeRange(startsAt, endsAt), dates.zoneName(startsAt)]
  const people = chat.room.participants.map(
    person => `${isolate(person.displayName)} (${roleLabel(person, strings)})`,
  )
  return (
    <section className="bs-print-head">
      <dl>
        <dt>{strings.print.appointment}</dt>
        <dd>{when.join(' · ')}</dd>
        <dt>{strings.chat.participants}</dt>
        <dd>{people.join(' · ')}</dd>
      </dl>
      <p>{strings.print.printedOn(dates.dayAndTime(new Date().toISOString()))}</p>
      {chat.hasOlder && <p className="bs-print-missing">{strings.print.olderMissing}</p>}
    </section>
  )
}
