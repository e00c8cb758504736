// @vitest-environment happy-dom
import { ChatError, type ReadyChat, verbsThrough } from '@bedside/core'
import { cleanup, createEvent, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { ChatVerbs } from '../hooks/use-chat.ts'
import { doctor, otherDoctor, participant, patient, readyChat, room } from '../testing/clinic.ts'
import { ChatInterface } from './chat-interface.tsx'

afterEach(cleanup)

function show(chat: ReadyChat, verbs: Partial<ChatVerbs> = {}) {
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
    ...verbs,
  }
  const view = (now: ReadyChat) => (
    <ChatInterface chat={now} actions={actions} whenClosed={<a href="/appointments">list</a>} />
  )
  const { rerender } = render(view(chat))
  return { rerender: (now: ReadyChat) => rerender(view(now)) }
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

  test('U5 leaves the focus where it was when one gives way to the other, and takes it from nowhere else', () => {
    const open = readyChat()
    const closed = readyChat({ room: room({ replyBlock: 'room_closed' }) })
    const { rerender } = show(open)
    rerender(closed)
    expect(document.activeElement).toBe(document.body)
    rerender(open)
    expect(document.activeElement).toBe(document.body)
    screen.getByRole('textbox').focus()
    rerender(closed)
    expect(document.activeElement).toBe(screen.getByRole('note'))
    rerender(open)
    expect(document.activeElement).toBe(screen.getByRole('textbox'))
  })

  test('U70 lets clinicians reopen what was closed, and says why where that fails', async () => {
    const closed = readyChat({
      me: doctor.id,
      room: room({ status: 'closed', replyBlock: 'room_closed', nextStep: 'reopen_room' }),
    })
    const setStatus = vi.fn(() => Promise.reject(new ChatError('offline')))
    show(closed, { setStatus })
    const button = screen.getByRole('button', { name: 'Reopen the chat' })
    fireEvent.click(button)
    fireEvent.click(button)
    expect(setStatus).toHaveBeenCalledExactlyOnceWith('open')
    expect((await screen.findByText(/You are offline/)).getAttribute('role')).toBe('alert')
    cleanup()
    show({ ...closed, freshness: 'cached' })
    expect(screen.queryByRole('button', { name: 'Reopen the chat' })).toBeNull()
  })

  test('U79 shows what was being written when writing ended, to be copied', () => {
    vi.stubGlobal('navigator', { clipboard: { writeText: vi.fn(() => Promise.resolve()) } })
    const { rerender } = show(readyChat())
    fireEvent.change(screen.getByRole('textbox'), { target: { value: 'One more thing:' } })
    const closed = readyChat({ room: room({ status: 'closed', replyBlock: 'room_closed' }) })
    rerender(closed)
    expect(screen.getByRole('note').textContent).toContain('What you were writing was not sent:')
    expect(screen.getByText('One more thing:')).toBeTruthy()
    expect(screen.getByRole('button', { name: 'Copy' })).toBeTruthy()
    cleanup()
    const sent = show(readyChat())
    fireEvent.change(screen.getByRole('textbox'), { target: { value: 'One more thing:' } })
    fireEvent.click(screen.getByRole('button', { name: 'Send' }))
    sent.rerender(closed)
    expect(screen.queryByText('One more thing:')).toBeNull()
    vi.unstubAllGlobals()
  })

  test('U72 says where nobody can write that a dropped file went nowhere', () => {
    show(readyChat({ room: room({ replyBlock: 'room_closed' }) }))
    const event = createEvent.drop(document.body, { dataTransfer: { types: ['Files'], files: [] } })
    fireEvent(document.body, event)
    expect(event.defaultPrevented).toBe(true)
    expect(screen.getByRole('alert').textContent).toMatch(/Files and photos cannot be sent here yet/)
  })
})
