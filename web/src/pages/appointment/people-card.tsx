/** Who takes part, as what; the doctor lets colleagues in and out, the patient takes out who writes for them. */
import type { Participant } from '@bedside/core'
import { isolate, useText } from '@bedside/react'
import { useState } from 'react'
import { useSignedIn } from '../../app-context.tsx'
import { ConsequenceQuestion } from '../../appointment/consequence-question.tsx'
import { PersonRow } from '../../appointment/person-row.tsx'
import { AddColleague } from './add-colleague.tsx'
import type { AppointmentBodyProps } from './appointment-body.tsx'
import { mayRemove } from './appointment-chat.ts'

export function PeopleCard({ detail, service, actions }: Omit<AppointmentBodyProps, 'freshness'>) {
  const { strings } = useText()
  const { profile } = useSignedIn()
  const [leaving, setLeaving] = useState<string | null>(null)
  const { chat, role } = detail
  const onEnd = () => setLeaving(null)
  return (
    <>
      <ul className="grid gap-3.5">
        {chat === null
          ? [detail.patient, detail.doctor].map(person => (
              <li key={person.id}>
                <PersonRow person={person} isMe={person.id === profile.id} />
              </li>
            ))
          : chat.participants.map(person => (
              <li key={person.id} className="grid gap-3">
                <PersonRow person={person} isMe={person.id === profile.id}>
                  {mayRemove(role, person) && leaving !== person.id && (
                    <RemoveButton person={person} onClick={() => setLeaving(person.id)} />
                  )}
                </PersonRow>
                {mayRemove(role, person) && leaving === person.id && (
                  <ConsequenceQuestion
                    consequence={strings.people.removed(isolate(person.displayName))}
                    yes={strings.people.removeYes}
                    isDanger
                    onYes={() => actions.removeParticipant(person.id)}
                    onEnd={onEnd}
                  />
                )}
              </li>
            ))}
      </ul>
      {role === 'doctor' && chat !== null && chat.status !== 'archived' && (
        <AddColleague
          service={service}
          participants={chat.participants}
          onAdd={id => actions.addParticipant(id, 'care_team')}
        />
      )}
    </>
  )
}

function RemoveButton({ person, onClick }: { person: Participant; onClick(): void }) {
  const { strings } = useText()
  return (
    <button
      type="button"
      className="bs-button flex-none text-[0.9375rem]"
      aria-label={strings.people.removeWhom(isolate(person.displayName))}
      onClick={onClick}
    >
      {strings.people.remove}
    </button>
  )
}
