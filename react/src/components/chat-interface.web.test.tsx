// @vitest-environment happy-dom
import { type ReadyChat, verbsThrough } from '@bedside/core'
import { cleanup, render, screen } from '@testing-library/react'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { doctor, otherDoctor, participant, patient, readyChat, room } from '../testing/clinic.ts'
import { ChatInterface } from './chat-interface.tsx'

afterEach(cleanup)

function show(chat: ReadyChat) {
  const actions = {
    send: vi.fn(() => 'id'),
    retry: vi.fn(),
    discard: vi.fn(),
    loadOlder: vi.fn(() => Promise.resolve()),
    markRead: vi.fn(),
    saveDraft: vi.fn(),
    setTyping: vi.fn(),
    reconnect: vi.fn(),
    ...verbsThrough(() => Promise.reject(new Error('not in this test'))),
  }
  render(<ChatInterface chat={chat} actions={actions} whenClosed={<a href="/appointments">list</a>} />)
}

describe('the chat', () => {
  test('U18 tells patients that it is not for emergencies, whether they may write or not', () => {
    show(readyChat())
    expect(screen.getByText('Not for emergencies.')).toBeTruthy()
    cleanup()
    show(readyChat({ room: room({ replyBlock: 'room_closed' }) }))
    expect(screen.getByText('Not for emergencies.')).toBeTruthy()
    cleanup()
    show(readyChat({ me: doctor.id }))
    expect(screen.queryByText('Not for emergencies.')).toBeNull()
  })

  test('U33 is with the doctor for who writes for the patient, as it is for the patient', () => {
    const son = { ...patient, id: 'p9', displayName: 'Daniel Ellis' }
    const participants = [participant(patient), participant(doctor), participant(son, { role: 'proxy' })]
    show(readyChat({ me: son.id, room: room({ participants }) }))
    expect(screen.getByLabelText(/Message to .*Dr. Amara Okafor/)).toBeTruthy()
    expect(screen.getByText('Not for emergencies.')).toBeTruthy()
    cleanup()
    show(readyChat({ me: son.id, room: room({ participants, replyBlock: 'room_locked' }) }))
    expect(screen.getByRole('note').textContent).toContain('If you need help, call the clinic.')
    cleanup()
    const colleague = [...participants, participant(otherDoctor, { role: 'care_team' })]
    show(readyChat({ me: otherDoctor.id, room: room({ participants: colleague }) }))
    expect(screen.getByLabelText(/Message to .*Margaret Ellis/)).toBeTruthy()
    expect(screen.queryByText('Not for emergencies.')).toBeNull()
  })

  test('U5 has either the composer or the reason why not, with a way on', () => {
    show(readyChat())
    expect(screen.getByRole('textbox')).toBeTruthy()
    expect(screen.queryByRole('note')).toBeNull()
    cleanup()
    show(readyChat({ room: room({ replyBlock: 'appointment_cancelled' }) }))
    expect(screen.queryByRole('textbox')).toBeNull()
    expect(screen.getByRole('note').textContent).toContain('This appointment was cancelled.')
    expect(screen.getByRole('link', { name: 'list' })).toBeTruthy()
  })
})
