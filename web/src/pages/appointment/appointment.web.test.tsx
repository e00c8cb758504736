// @vitest-environment happy-dom
import {
  type AppointmentDetail,
  type AppointmentStatus,
  ChatError,
  type ChatService,
  type Profile,
  type Room,
  type SingleAppointment,
  type SingleAppointmentState,
} from '@bedside/core'
import {
  appointment,
  doctor,
  otherDoctor,
  participant,
  patient,
  person,
  readyChat,
  room,
} from '@bedside/react/testing'
import { createMemoryHistory } from '@tanstack/react-router'
import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { App } from '../../app.tsx'
import { detail, shown } from '../../testing/appointment-scenes.ts'
import { createFakeSession, listOf } from '../../testing/fake-session.ts'
import { chatSteps, chatWay, mayRemove } from './appointment-chat.ts'

afterEach(cleanup)

const desk: Profile = { ...doctor, id: 'desk', role: 'admin', displayName: 'Marta', specialty: null }
const ofDoctor = (change: Partial<AppointmentDetail> = {}) => detail({ role: 'doctor', ...change })

function open(state: SingleAppointmentState, as: Profile = patient, path = '/appointments/a1') {
  const history = createMemoryHistory({ initialEntries: [path] })
  const session = createFakeSession(
    {
      lists: { upcoming: listOf([appointment()]), past: listOf([]) },
      rooms: { a1: readyChat({ me: as.id }) },
      appointment: state,
      colleagues: [person(doctor), otherDoctor],
      accounts: {},
    },
    as,
  )
  const chat = session.current.is === 'signed-in' ? session.current.chat : null
  if (chat === null) throw new Error('nobody is signed in')
  const verbs = {
    reload: vi.fn<SingleAppointment['reload']>(async () => {}),
    setStatus: vi.fn<SingleAppointment['setStatus']>(async () => {}),
    setPatientMayReply: vi.fn<SingleAppointment['setPatientMayReply']>(async () => {}),
    addParticipant: vi.fn<SingleAppointment['addParticipant']>(async () => []),
    removeParticipant: vi.fn<SingleAppointment['removeParticipant']>(async () => []),
    setAppointmentStatus: vi.fn<ChatService['setAppointmentStatus']>(async () => appointment()),
    openRoom: vi.fn(chat.openRoom),
  }
  const { appointment: real } = chat
  const { setAppointmentStatus, openRoom, ...single } = verbs
  Object.assign(chat, {
    setAppointmentStatus,
    openRoom,
    appointment: (id: string) => Object.assign(real(id), single),
  })
  render(
    <App
      session={session}
      config={{ url: '', key: '', demoAccounts: [], passwordReset: true, idle: {} }}
      history={history}
    />,
  )
  return { history, verbs }
}

/** Pages load when they are first visited. */
const heading = (name: string | RegExp) =>
  screen.findByRole('heading', { level: 1, name }, { timeout: 4_000 })
const press = (name: string | RegExp) =>
  act(async () => fireEvent.click(screen.getByRole('button', { name })))
const text = () => document.body.textContent ?? ''
const chatLink = () => screen.queryByRole('link', { name: /Open the chat/ })

describe('U75 what is offered', () => {
  const statuses: AppointmentStatus[] = [
    'requested',
    'confirmed',
    'in_progress',
    'completed',
    'cancelled',
    'no_show',
  ]
  const noRoom = { room: null, chat: null }

  test('U75 the way to a chat that is not made yet, in each status: a way or a reason', () => {
    const ways = statuses.map(status => {
      const way = chatWay({ ...detail(noRoom), status }, 'patient', 'live')
      return way.is === 'closed' ? way.block : way.is
    })
    expect(ways).toEqual([
      'appointment_not_confirmed',
      'open',
      'open',
      'open',
      'appointment_cancelled',
      'appointment_missed',
    ])
  })

  test('U75 the way to a chat: not for the front desk, not for who was taken out; on the device nobody knows', () => {
    expect(chatWay(detail({ role: null }), 'admin', 'live')).toEqual({ is: 'desk' })
    expect(chatWay(detail({ role: null }), 'admin', 'cached')).toEqual({ is: 'desk' })
    expect(chatWay(detail({ role: null }), 'patient', 'live')).toEqual({ is: 'removed' })
    expect(chatWay(detail({ role: null }), 'patient', 'cached')).toEqual({ is: 'open' })
    const pending = { ...appointment().room, status: 'pending' } as AppointmentDetail['room']
    expect(chatWay(detail({ room: pending }), 'patient', 'live').is).toBe('closed')
  })

  const chats: [string, Partial<Room>, AppointmentStatus, string][] = [
    ['open', {}, 'confirmed', 'replies_off read_only closed'],
    ['open, without replies', { patientMayReply: false }, 'confirmed', 'replies_on read_only closed'],
    ['its time is over', { replyBlock: 'reply_window_over' }, 'completed', 'open closed'],
    ['read-only', { status: 'read_only', replyBlock: 'room_closed' }, 'completed', 'open closed'],
    ['closed', { status: 'closed', replyBlock: 'room_closed' }, 'completed', 'open'],
    ['cancelled', { status: 'closed', replyBlock: 'appointment_cancelled' }, 'cancelled', ''],
    ['pending', { status: 'pending', replyBlock: 'appointment_not_confirmed' }, 'requested', ''],
    ['archived', { status: 'archived', replyBlock: 'room_archived' }, 'completed', ''],
    ['stopped', { replyBlock: 'room_locked' }, 'confirmed', ''],
  ]
  test.each(chats)('U75 a chat that is %s', (_, change, status, steps) => {
    const one = ofDoctor({ status, chat: room(change) })
    expect(chatSteps(one).join(' ')).toBe(steps)
    expect(chatSteps({ ...one, role: 'care_team' }).join(' ')).toBe(steps)
    for (const role of ['patient', 'proxy', null] as const) expect(chatSteps({ ...one, role })).toEqual([])
  })

  test('U75 who may be taken out, by whom', () => {
    const roles = ['patient', 'doctor', 'care_team', 'proxy'] as const
    const pairs = [...roles, null].flatMap(mine =>
      roles.filter(role => mayRemove(mine, { role, leftAt: null })).map(role => `${mine}: ${role}`),
    )
    expect(pairs).toEqual(['patient: proxy', 'doctor: care_team', 'doctor: proxy'])
    expect(mayRemove('doctor', { role: 'proxy', leftAt: '2026-11-23T09:00:00.000Z' })).toBe(false)
  })
})

describe('U75 the page', () => {
  test('U75 says when, how, where, why, who and how the chat stands, and opens nothing', async () => {
    const { verbs } = open(shown(detail()))
    await heading(/Appointment with .*Amara Okafor/)
    for (const each of [
      'Monday 23 November',
      '14:30',
      'United Kingdom Time',
      'In person',
      'Harbour Clinic, 2nd floor, room 14',
      'Blood pressure check',
      'Confirmed',
      'Chat open',
      '2 unread messages',
    ]) {
      expect(text()).toContain(each)
    }
    const people = within(screen.getByRole('region', { name: 'People' }))
    expect(people.getByText('Margaret Ellis')).toBeTruthy()
    expect(people.getByText('(you)')).toBeTruthy()
    expect(chatLink()?.textContent).toContain('2 unread messages')
    expect(document.title).toBe('(2) Appointment · Bedside')
    expect(verbs.openRoom).not.toHaveBeenCalled()
  })

  test('U75 makes a video’s address a link, and leaves a room of the clinic a text', async () => {
    open(shown(detail({ mode: 'video', location: 'https://video.example.com/8842' })))
    const link = await screen.findByRole('link', { name: /video\.example\.com/ })
    expect(link.getAttribute('href')).toBe('https://video.example.com/8842')
  })

  test.each([
    ['requested', 'The appointment is not confirmed yet.', 'call the clinic'],
    ['cancelled', 'This appointment was cancelled.', 'call the clinic'],
    ['no_show', 'This appointment did not take place.', 'call the clinic'],
  ] as const)('U75 says why there is no chat, and what to do: %s', async (status, reason, next) => {
    open(shown(detail({ status, room: null, chat: null })))
    const note = await screen.findByRole('note')
    expect(note.textContent).toContain(reason)
    expect(note.textContent).toContain(next)
    expect(chatLink()).toBeNull()
  })

  test('U75 leads from a chat that waits for an agreement to the agreement, and back here', async () => {
    const { history } = open(shown(detail({ chat: room({ replyBlock: 'consent_missing' }) })))
    fireEvent.click(await screen.findByRole('link', { name: 'Read and decide' }))
    await waitFor(() => expect(history.location.pathname).toBe('/consent'))
    expect(history.location.search).toContain(encodeURIComponent('/appointments/a1'))
  })

  test('U75 shows the front desk that there is a chat and who waits, and its own steps only', async () => {
    const waits = { ...detail().room, waitingSince: '2026-11-23T08:00:00.000Z' } as AppointmentDetail['room']
    const { verbs } = open(shown(detail({ role: null, chat: null, status: 'requested', room: waits })), desk)
    await heading(/Appointment of .*Margaret Ellis/)
    expect(text()).toContain('Waiting for an answer')
    expect(text()).toContain('Dr. Amara Okafor')
    expect(chatLink()).toBeNull()
    expect(text()).not.toContain('unread')
    expect(screen.queryByRole('button', { name: 'Close the chat' })).toBeNull()
    await press('Confirm')
    expect(text()).toContain('the chat opens')
    await press('Yes, confirm')
    expect(verbs.setAppointmentStatus).toHaveBeenCalledWith('a1', 'confirmed', null)
    expect(verbs.reload).toHaveBeenCalled()
    // There may be no step left to go back to.
    await waitFor(() => expect(document.activeElement?.textContent).toBe('Appointment details'))
  })

  test('U75 tells a clinician what a step does to the chat before it is taken, and what went wrong', async () => {
    const { verbs } = open(shown(ofDoctor({ chat: room() })), doctor)
    await heading(/Margaret Ellis/)
    await press('Close the chat')
    const consequence = screen.getByText(/The conversation ends/)
    await waitFor(() => expect(document.activeElement).toBe(consequence))
    await press('Go back')
    expect(verbs.setStatus).not.toHaveBeenCalled()
    await waitFor(() => expect(document.activeElement?.textContent).toBe('Close the chat'))
    await press('Close the chat')
    verbs.setStatus.mockRejectedValueOnce(new ChatError('offline'))
    await press('Yes, close it')
    expect(screen.getByRole('alert').textContent).toMatch(/You are offline/)
    await press('Yes, close it')
    expect(verbs.setStatus.mock.calls).toEqual([['closed'], ['closed']])
    await press('Stop replies from the patient')
    await press('Yes, stop replies')
    expect(verbs.setPatientMayReply).toHaveBeenCalledWith(false)
  })

  test('U75 lets the doctor add a colleague, and take one out, with what it means said first', async () => {
    const colleague = participant({ ...person(otherDoctor), id: 'd3', displayName: 'Dr. Noor Rahimi' })
    const participants = [
      participant(patient),
      participant(doctor),
      { ...colleague, role: 'care_team' as const },
    ]
    const { verbs } = open(shown(ofDoctor({ chat: room({ participants }) })), doctor)
    await heading(/Margaret Ellis/)
    await press('Add a colleague')
    expect(screen.getAllByRole('option').map(each => each.textContent)).toEqual([
      expect.stringContaining('Dr. Luis Ortega'),
    ])
    expect(text()).toContain('also what was written before')
    await press('Yes, add')
    expect(verbs.addParticipant).toHaveBeenCalledWith('d2', 'care_team')
    await press(/Remove .*Noor Rahimi/)
    expect(text()).toContain('can no longer read or write')
    await press('Yes, remove')
    expect(verbs.removeParticipant).toHaveBeenCalledWith('d3')
  })

  test('U75 looks the same for what is missing and what is somebody else’s', async () => {
    open(shown(null))
    await screen.findByText('This appointment cannot be shown')
    const foreign = document.body.innerHTML.replaceAll(/id="[^"]*"/g, '')
    cleanup()
    open(shown(detail()), patient, '/appointments/nowhere')
    await screen.findByText('This appointment cannot be shown')
    expect(document.body.innerHTML.replaceAll(/id="[^"]*"/g, '')).toBe(foreign)
  })

  test('U75 says that it is loading, that it failed, and tries again', async () => {
    open({ page: null, freshness: 'live', isLoading: true, error: null })
    await screen.findByText('Loading the appointment…')
    cleanup()
    const error = new ChatError('unavailable')
    const { verbs } = open({ page: null, freshness: 'live', isLoading: false, error })
    await screen.findByText('The appointment could not be loaded')
    await press('Try again')
    expect(verbs.reload).toHaveBeenCalled()
  })

  test('U75 says that it is of an earlier visit, and changes nothing then', async () => {
    open(shown(ofDoctor({ role: null }), { freshness: 'cached', error: new ChatError('offline') }), doctor)
    await heading(/Margaret Ellis/)
    expect(text()).toContain('as it was at your last visit')
    expect(chatLink()).toBeTruthy()
    for (const each of ['Start', 'Close the chat', 'Add a colleague']) {
      expect(screen.queryByRole('button', { name: each }), each).toBeNull()
    }
    cleanup()
    open(shown(detail({ role: null, chat: null }), { freshness: 'cached' }), desk)
    await heading(/Margaret Ellis/)
    expect(screen.queryByRole('button', { name: 'Cancel appointment' })).toBeNull()
  })
})

describe('U75 the ways to it and from it', () => {
  const at = (history: { location: { pathname: string } }, path: string) =>
    waitFor(() => expect(history.location.pathname).toBe(path))

  // Six pages, three of them loaded for the first time.
  test('U75 from the list, to the chat, and back by the browser', { timeout: 20_000 }, async () => {
    const { history } = open(shown(detail()), patient, '/appointments')
    fireEvent.click(await screen.findByRole('link', { name: /Details of the appointment with .*Okafor/ }))
    const title = await heading(/Appointment with/)
    await waitFor(() => expect(document.activeElement).toBe(title))
    const link = chatLink()
    if (link === null) throw new Error('there is no way to the chat')
    fireEvent.click(link)
    await heading(/Chat with/)
    await at(history, '/appointments/a1/chat')
    act(() => history.back())
    await heading(/Appointment with/)
    act(() => history.back())
    await heading('Appointments')
    act(() => history.forward())
    await heading(/Appointment with/)
  })

  test('U75 from the chat’s details', async () => {
    const { history } = open(shown(detail()), patient, '/appointments/a1/chat')
    await heading(/Chat with/)
    fireEvent.click(screen.getAllByRole('link', { name: 'Open the appointment’s page' })[0] as HTMLElement)
    await at(history, '/appointments/a1')
    await heading(/Appointment with/)
  })

  test('U75 the front desk’s cards lead here and nowhere else', async () => {
    open(shown(detail({ role: null, chat: null })), desk, '/appointments')
    const card = within(await screen.findByRole('article'))
    expect(card.getAllByRole('link')).toHaveLength(1)
    fireEvent.click(card.getByRole('link'))
    await heading(/Appointment of/)
  })
})
