/** When a doctor is back, since when they are away, and what their patients read of it. Times are the doctor's own. */
import type { ChatError, OutOfOffice } from '@bedside/core'
import { type Strings, useText } from '@bedside/react'
import { type FormEvent, type RefObject, useEffect, useRef, useState } from 'react'
import { fromCivil, toCivil } from '../../form/civil-time.ts'
import { Field, problemId } from '../../form/field.tsx'
import { ProblemSummary } from '../../form/problem-summary.tsx'

/** As the database has it. */
const NOTE_MAX = 300
const FEW_LEFT = 50

export interface OutOfOfficeFormProps {
  /** What is set already. */
  absence: OutOfOffice | null
  /** Resolves to why it was not saved. */
  onSave(absence: { backAt: string; startsAt: string | null; note: string | null }): Promise<ChatError | null>
  /** null: there is nothing to go back to. */
  onLeave: (() => void) | null
}

interface Problems {
  backAt?: string
  startsAt?: string
  note?: string
}

export function OutOfOfficeForm({ absence, onSave, onLeave }: OutOfOfficeFormProps) {
  const { strings, dates, timeZone } = useText()
  const text = strings.outOfOffice
  const civil = (iso: string | undefined) => (iso === undefined ? '' : toCivil(iso, timeZone))
  const [backAt, setBackAt] = useState(civil(absence?.backAt))
  const [startsAt, setStartsAt] = useState(civil(absence?.startsAt))
  const [note, setNote] = useState(absence?.note ?? '')
  const [problems, setProblems] = useState<Problems>({})
  const [error, setError] = useState<ChatError | null>(null)
  const [isSaving, setIsSaving] = useState(false)
  const fields = {
    backAt: useRef<HTMLInputElement>(null),
    startsAt: useRef<HTMLInputElement>(null),
    note: useRef<HTMLTextAreaElement>(null),
  }
  const isChange = absence !== null
  // It stands where the button was that asked for it.
  useEffect(() => {
    if (isChange) fields.backAt.current?.focus()
  }, [isChange, fields.backAt])
  const left = NOTE_MAX - lengthOf(note)

  const refuse = (found: Problems) => {
    setProblems(found)
    const [first] = (['backAt', 'startsAt', 'note'] as const).filter(each => found[each] !== undefined)
    if (first !== undefined) fields[first].current?.focus()
    return first !== undefined
  }
  const save = async (event: FormEvent) => {
    event.preventDefault()
    if (isSaving) return
    setError(null)
    const asked = {
      backAt: fromCivil(backAt, timeZone),
      startsAt: fromCivil(startsAt, timeZone),
      note: note.trim() || null,
    }
    const isStartUnclear = asked.startsAt === null && !isEmpty(startsAt, fields.startsAt)
    if (refuse(problemsOf({ ...asked, isStartUnclear }, strings)) || asked.backAt === null) return
    setIsSaving(true)
    const refused = await onSave({ ...asked, backAt: asked.backAt })
    // Where it was saved this is not on the screen any more.
    if (refused === null) return
    setIsSaving(false)
    // The server's clock has the last word.
    if (refused.detail === 'back_at') refuse({ backAt: text.backOver })
    else setError(refused)
  }

  return (
    <form noValidate className="grid max-w-xl gap-5" onSubmit={event => void save(event)}>
      {error !== null && <ProblemSummary title={text.notSaved}>{strings.errors[error.kind]}</ProblemSummary>}
      <Moment
        id="away-back"
        label={text.backAt}
        value={backAt}
        onChange={setBackAt}
        problem={problems.backAt}
        field={fields.backAt}
      >
        {strings.appointment.timeZoneNote(dates.zoneName(new Date().toISOString()))}
      </Moment>
      <Moment
        id="away-start"
        label={text.startsAt}
        value={startsAt}
        onChange={setStartsAt}
        problem={problems.startsAt}
        field={fields.startsAt}
      >
        {text.startsHelp}
      </Moment>
      <Field label={text.note} id="away-note" problem={problems.note}>
        <textarea
          ref={fields.note}
          id="away-note"
          dir="auto"
          rows={3}
          value={note}
          aria-invalid={problems.note !== undefined}
          aria-describedby={`away-note-help ${problemId('away-note')}`}
          onChange={event => setNote(event.target.value)}
          className="field py-3"
        />
        <p id="away-note-help" className="mt-1 text-[0.9375rem] text-muted">
          {text.noteHelp}
          {left >= 0 && left <= FEW_LEFT && ` ${strings.composer.charactersLeft(left)}`}
        </p>
      </Field>
      <div className="flex flex-wrap gap-3">
        <button type="submit" className="bs-button" data-tone="accent" aria-disabled={isSaving}>
          {isSaving ? text.saving : text.set}
        </button>
        {onLeave !== null && (
          <button type="button" className="bs-button" onClick={onLeave}>
            {text.keep}
          </button>
        )}
      </div>
    </form>
  )
}

function Moment(props: {
  id: string
  label: string
  value: string
  onChange(value: string): void
  problem: string | undefined
  field: RefObject<HTMLInputElement | null>
  children: string
}) {
  const { id, label, value, onChange, problem, field, children } = props
  return (
    <Field label={label} id={id} problem={problem}>
      <input
        ref={field}
        id={id}
        type="datetime-local"
        value={value}
        aria-invalid={problem !== undefined}
        aria-describedby={`${id}-help ${problemId(id)}`}
        onChange={event => onChange(event.target.value)}
        className="field"
      />
      <p id={`${id}-help`} className="mt-1 text-[0.9375rem] text-muted">
        {children}
      </p>
    </Field>
  )
}

interface Asked {
  backAt: string | null
  startsAt: string | null
  isStartUnclear: boolean
  note: string | null
}

function problemsOf({ backAt, startsAt, isStartUnclear, note }: Asked, { outOfOffice }: Strings): Problems {
  const problems: Problems = {}
  if (backAt === null) problems.backAt = outOfOffice.backMissing
  else if (Date.parse(backAt) <= Date.now()) problems.backAt = outOfOffice.backOver
  else if (startsAt !== null && backAt <= startsAt) problems.backAt = outOfOffice.backTooEarly
  if (isStartUnclear) problems.startsAt = outOfOffice.startsUnclear
  const over = lengthOf(note ?? '') - NOTE_MAX
  if (over > 0) problems.note = outOfOffice.noteTooLong(over)
  return problems
}

/** An input with half a date in it has no value. */
const isEmpty = (value: string, field: RefObject<HTMLInputElement | null>) =>
  value === '' && field.current?.validity.badInput !== true

/** As PostgreSQL counts. */
const lengthOf = (text: string) => [...text.trim()].length
