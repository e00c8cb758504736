// @vitest-environment happy-dom
import type { SystemEvent, SystemEventType } from '@bedside/core'
import { cleanup, render, screen } from '@testing-library/react'
import { afterEach, describe, expect, test } from 'vitest'
import type { Language } from '../strings/languages.ts'
import { loadTable } from '../strings/languages.ts'
import { StringsProvider } from '../strings/strings-provider.tsx'
import { doctor, event, otherDoctor, participant, patient, readyChat, room } from '../testing/clinic.ts'
import { layOut } from '../testing/layout.ts'
import { MessageList } from './message-list.tsx'

afterEach(cleanup)

// Total, so that a new event or language does not compile until it stands here.
const types: Record<SystemEventType, true> = {
  appointment_confirmed: true,
  appointment_started: true,
  appointment_completed: true,
  appointment_cancelled: true,
  appointment_missed: true,
  room_read_only: true,
  room_closed: true,
  room_reopened: true,
  room_archived: true,
  room_erased: true,
  room_locked: true,
  room_unlocked: true,
  patient_reply_allowed: true,
  patient_reply_stopped: true,
  participant_added: true,
  participant_removed: true,
  access_started: true,
  access_extended: true,
  access_ended: true,
  notice: true,
  unknown: true,
}
const languages: Record<Language, true> = { en: true, es: true, fr: true, ar: true }
const everyType = Object.keys(types) as SystemEventType[]

async function show(told: Partial<SystemEvent> & Pick<SystemEvent, 'type'>, language: Language = 'en') {
  await loadTable(language)
  const people = [participant(patient), participant(doctor), participant(otherDoctor, { role: 'care_team' })]
  const chat = readyChat({
    messages: [event(1, told, { body: told.type === 'notice' ? 'Closed today.' : null })],
    room: room({ participants: people }),
  })
  const nothing = () => {}
  const verbs = { onLoadOlder: nothing, onRetry: nothing, onDiscard: nothing, onSeen: nothing }
  cleanup()
  render(
    <StringsProvider locale={language} timeZone="UTC">
      <MessageList chat={chat} empty={null} {...verbs} />
    </StringsProvider>,
  )
  layOut()
  const line = document.querySelector<HTMLElement>('[data-seq="1"]')
  return line?.querySelector('span, strong')?.textContent?.replace(/[\u2068\u2069]/g, '') ?? ''
}

describe('U31 what happened in the room', () => {
  const states = Object.keys(languages).flatMap(language => everyType.map(type => ({ language, type })))
  const said = new Map<string, string>()

  test.each(states)('$language, $type: has words of its own, whoever did it', async ({ language, type }) => {
    for (const actorId of [null, doctor.id, 'admin']) {
      const text = await show({ type, actorId, subjectId: otherDoctor.id, minutes: 15 }, language as Language)
      expect(text).toMatch(/^[\p{Lu}\p{Script=Arabic}].+[^.]$/u)
      expect(text).not.toMatch(/undefined|null/)
      // No event reads as another one, and no language was copied without being translated.
      expect(said.get(text) ?? `${language} ${type}`).toBe(`${language} ${type}`)
      said.set(text, `${language} ${type}`)
    }
  })

  test.each([
    [
      { type: 'participant_added', actorId: doctor.id, subjectId: otherDoctor.id },
      'Dr. Amara Okafor added Dr. Luis Ortega to the chat',
    ],
    [
      { type: 'participant_added', actorId: 'admin', subjectId: otherDoctor.id },
      'The clinic added Dr. Luis Ortega to the chat',
    ],
    [{ type: 'participant_added', subjectId: 'nobody known' }, 'The chat now includes somebody'],
    [
      { type: 'participant_removed', actorId: patient.id, subjectId: otherDoctor.id },
      'Margaret Ellis removed Dr. Luis Ortega from the chat',
    ],
    [
      { type: 'participant_removed', actorId: otherDoctor.id, subjectId: otherDoctor.id },
      'Dr. Luis Ortega left the chat',
    ],
    [{ type: 'room_locked', actorId: 'admin' }, 'The clinic stopped this chat for now'],
    [{ type: 'room_read_only' }, 'The chat is now read-only'],
    [
      { type: 'access_started', actorId: 'admin', minutes: 15 },
      'An administrator of the clinic was given access to this conversation for 15 minutes',
    ],
    [
      { type: 'access_started', actorId: 'admin', minutes: 1 },
      'An administrator of the clinic was given access to this conversation for 1 minute',
    ],
    [
      { type: 'access_started', actorId: 'admin' },
      'An administrator of the clinic was given access to this conversation',
    ],
    [
      { type: 'access_extended', actorId: 'admin', minutes: 5 },
      'An administrator of the clinic keeps access to this conversation for another 5 minutes',
    ],
    [
      { type: 'access_ended', actorId: 'admin' },
      'An administrator of the clinic no longer has access to this conversation',
    ],
    [{ type: 'unknown', actorId: doctor.id }, 'Something changed in this conversation'],
  ] as [Partial<SystemEvent> & Pick<SystemEvent, 'type'>, string][])('%j', async (told, text) => {
    expect(await show(told)).toBe(text)
  })
})

describe('U32 a notice of the clinic', () => {
  test('shows its text, and that it was erased once it was', async () => {
    expect(await show({ type: 'notice', actorId: 'admin' })).toBe('Notice from the clinic')
    expect(screen.getByText('Closed today.')).toBeTruthy()
    cleanup()
    const gone = event(1, { type: 'notice' }, { erasedAt: '2036-11-24T03:00:00.000Z' })
    const nothing = () => {}
    render(
      <MessageList
        chat={readyChat({ messages: [gone] })}
        empty={null}
        onLoadOlder={nothing}
        onRetry={nothing}
        onDiscard={nothing}
        onSeen={nothing}
      />,
    )
    layOut()
    expect(screen.getByText('This message was erased.').closest('.bs-notice')).toBeTruthy()
  })
})
