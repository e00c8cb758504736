/** For doctors: what is set, how to change it, and that they are back. */
import type { OutOfOffice as Absence, ChatError, ChatService } from '@bedside/core'
import { useText } from '@bedside/react'
import { CalendarOff, CheckCircle2 } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { ProblemSummary } from '../../form/problem-summary.tsx'
import { OutOfOfficeForm } from './out-of-office-form.tsx'
import { type OutOfOfficeActions, useOutOfOffice } from './use-out-of-office.ts'

export function OutOfOffice({ chat }: { chat: ChatService }) {
  const { strings } = useText()
  const { state, reload, save, clear } = useOutOfOffice(chat)
  const [isChanging, setIsChanging] = useState(false)
  const [done, setDone] = useState<'saved' | 'cleared' | null>(null)
  const said = useRef<HTMLParagraphElement>(null)
  // What had the focus is not on the screen any more.
  useEffect(() => {
    if (done !== null) said.current?.focus()
  }, [done])
  const settled = (error: ChatError | null, as: 'saved' | 'cleared') => {
    if (error === null) {
      setIsChanging(false)
      setDone(as)
    }
    return error
  }
  return (
    <div className="mt-4 grid gap-4">
      {state.is === 'loading' && <p className="text-muted">{strings.app.loading}</p>}
      {state.is === 'failed' && (
        <div role="alert" className="rounded-xl border border-danger-line bg-danger-soft px-4 py-3">
          <p className="font-semibold text-danger">{strings.outOfOffice.failed}</p>
          <p>{strings.errors[state.error.kind]}</p>
          <button type="button" className="bs-button mt-3" onClick={reload}>
            {strings.app.tryAgain}
          </button>
        </div>
      )}
      <p
        ref={said}
        role="status"
        tabIndex={-1}
        className="flex items-start gap-2.5 font-semibold outline-none empty:sr-only"
      >
        {done !== null && (
          <>
            <CheckCircle2 aria-hidden className="mt-0.5 size-5.5 flex-none text-accent" />
            {strings.outOfOffice[done]}
          </>
        )}
      </p>
      {state.is === 'ready' &&
        (state.absence === null || isChanging ? (
          <OutOfOfficeForm
            absence={state.absence}
            onSave={async absence => {
              setDone(null)
              return settled(await save(absence), 'saved')
            }}
            onLeave={isChanging ? () => setIsChanging(false) : null}
          />
        ) : (
          <WhatIsSet
            absence={state.absence}
            onChange={() => {
              setDone(null)
              setIsChanging(true)
            }}
            onClear={async () => settled(await clear(), 'cleared')}
          />
        ))}
    </div>
  )
}

function WhatIsSet(props: { absence: Absence; onChange(): void; onClear: OutOfOfficeActions['clear'] }) {
  const { absence, onChange, onClear } = props
  const { strings, dates } = useText()
  const [isClearing, setIsClearing] = useState(false)
  const [error, setError] = useState<ChatError | null>(null)
  const text = strings.outOfOffice
  const back = dates.weekdayAndTime(absence.backAt)
  const clear = async () => {
    if (isClearing) return
    setIsClearing(true)
    setError(null)
    const refused = await onClear()
    // Where it was done this is not on the screen any more.
    if (refused !== null) {
      setError(refused)
      setIsClearing(false)
    }
  }
  return (
    <>
      <div className="rounded-xl border border-warning-line bg-warning-soft px-4 py-3">
        <p className="flex items-start gap-2.5 font-semibold">
          <CalendarOff aria-hidden className="mt-0.5 size-5.5 flex-none text-warning" />
          {Date.parse(absence.startsAt) > Date.now()
            ? text.planned(dates.weekdayAndTime(absence.startsAt), back)
            : text.away(back)}
        </p>
        {absence.note !== null && (
          <>
            <p className="mt-2 text-[0.9375rem] text-muted">{text.yourNote}</p>
            <p dir="auto" className="wrap-anywhere whitespace-pre-line">
              {absence.note}
            </p>
          </>
        )}
      </div>
      {error !== null && (
        <ProblemSummary title={text.notCleared}>{strings.errors[error.kind]}</ProblemSummary>
      )}
      <div className="flex flex-wrap gap-3">
        <button
          type="button"
          className="bs-button"
          data-tone="accent"
          aria-disabled={isClearing}
          onClick={() => void clear()}
        >
          {isClearing ? text.clearing : text.clear}
        </button>
        <button type="button" className="bs-button" onClick={onChange}>
          {text.change}
        </button>
      </div>
    </>
  )
}
