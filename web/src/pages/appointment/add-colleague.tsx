import type { ChatService, Participant, Person } from '@bedside/core'
import { isolate, roleLabel, useText } from '@bedside/react'
import { UserPlus } from 'lucide-react'
import { useEffect, useId, useState } from 'react'
import { ConsequenceQuestion } from '../../appointment/consequence-question.tsx'

export interface AddColleagueProps {
  service: Pick<ChatService, 'colleagues'>
  participants: readonly Participant[]
  onAdd(id: string): Promise<unknown>
}

export function AddColleague(props: AddColleagueProps) {
  const { strings } = useText()
  const [isAsking, setIsAsking] = useState(false)
  if (isAsking) return <Choice {...props} onEnd={() => setIsAsking(false)} />
  return (
    <button type="button" className="bs-button justify-self-start" onClick={() => setIsAsking(true)}>
      <UserPlus aria-hidden className="icon-directional size-5" />
      {strings.people.add}
    </button>
  )
}

function Choice({ service, participants, onAdd, onEnd }: AddColleagueProps & { onEnd(): void }) {
  const { strings } = useText()
  const id = useId()
  const colleagues = useColleagues(service)
  const [chosenId, setChosenId] = useState<string | null>(null)
  if (colleagues === 'loading') return <p role="status">{strings.people.loading}</p>
  const present = new Set(participants.filter(each => each.leftAt === null).map(each => each.id))
  const others = colleagues === 'failed' ? [] : colleagues.filter(each => !present.has(each.id))
  const chosen = others.find(each => each.id === chosenId) ?? others[0]
  if (chosen === undefined) {
    return (
      <div role="status" className="grid justify-items-start gap-3">
        <p>{colleagues === 'failed' ? strings.people.failed : strings.people.none}</p>
        <button type="button" className="bs-button" onClick={onEnd}>
          {strings.steps.no}
        </button>
      </div>
    )
  }
  return (
    <ConsequenceQuestion
      consequence={strings.people.added(isolate(chosen.displayName))}
      yes={strings.people.addYes}
      onYes={() => onAdd(chosen.id)}
      onEnd={onEnd}
    >
      <div className="grid gap-1">
        <label htmlFor={id} className="text-[0.9375rem] text-muted">
          {strings.people.choose}
        </label>
        <select
          id={id}
          value={chosen.id}
          onChange={event => setChosenId(event.target.value)}
          className="field min-h-12"
        >
          {others.map(each => (
            <option key={each.id} value={each.id}>
              {`${each.displayName} · ${roleLabel(each, strings)}`}
            </option>
          ))}
        </select>
      </div>
    </ConsequenceQuestion>
  )
}

function useColleagues(service: Pick<ChatService, 'colleagues'>): Person[] | 'loading' | 'failed' {
  const [colleagues, setColleagues] = useState<Person[] | 'loading' | 'failed'>('loading')
  useEffect(() => {
    const stop = new AbortController()
    service.colleagues({ signal: stop.signal }).then(setColleagues, () => {
      if (!stop.signal.aborted) setColleagues('failed')
    })
    return () => stop.abort()
  }, [service])
  return colleagues
}
