// @vitest-environment happy-dom
import { ChatError, type ReadyChat } from '@bedside/core'
import { cleanup, fireEvent, render, screen, within } from '@testing-library/react'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { StringsProvider } from '../strings/strings-provider.tsx'
import {
  doctor,
  event,
  message,
  otherDoctor,
  outgoing,
  participant,
  patient,
  readyChat,
  room,
} from '../testing/clinic.ts'
import { layOut } from '../testing/layout.ts'
import type { MessageVerbs } from './message-actions.tsx'
import { MessageList } from './message-list.tsx'

afterEach(cleanup)

function show(chat: ReadyChat, messageVerbs?: MessageVerbs) {
  const verbs = { onLoadOlder: vi.fn(), onRetry: vi.fn(), onDiscard: vi.fn(), onSeen: vi.fn() }
  const view = (now: ReadyChat) => (
    <StringsProvider locale="en-GB" timeZone="Europe/London">
      <MessageList
        chat={now}
        empty={<p>nobody wrote</p>}
        {...verbs}
        {...(messageVerbs && { verbs: messageVerbs })}
      />
    </StringsProvider>
  )
  const { rerender } = render(view(chat))
  layOut()
  return { ...verbs, change: (now: ReadyChat) => rerender(view(now)) }
}

/** What is said, without the marks that keep names apart. */
const spoken = (element: Element | null) => element?.textContent?.replaceAll(/[\u2068\u2069]/g, '')

const bubble = (text: string | RegExp) => screen.getByText(text).closest<HTMLElement>('.bs-bubble, .bs-event')

describe('the messages', () => {
  test('U6 name the sender and their role on each group', () => {
    show(
      readyChat({
        messages: [
          message(1, doctor.id, 'How are you?'),
          message(2, doctor.id, 'Any pain?'),
          message(3, patient.id, 'Better.'),
        ],
      }),
    )
    expect(screen.getAllByText('Dr. Amara Okafor')).toHaveLength(1)
    expect(screen.getByText(/Doctor, \u2068Cardiology/)).toBeTruthy()
    expect(screen.getByText('You')).toBeTruthy()
    const firsts = [...document.querySelectorAll('.bs-row')].map(row => row.hasAttribute('data-first'))
    expect(firsts).toEqual([true, false, true])
  })

  test('U6 say of each in which part they write: colleagues, and who writes for the patient', () => {
    const son = { ...patient, id: 'p9', displayName: 'Daniel Ellis' }
    show(
      readyChat({
        messages: [
          message(1, otherDoctor.id, 'Good morning.'),
          message(2, son.id, 'I write for my mother.'),
          message(3, patient.id, 'He does.'),
        ],
        room: room({
          participants: [
            participant(patient),
            participant(doctor),
            participant(otherDoctor, { role: 'care_team' }),
            participant(son, { role: 'proxy' }),
          ],
        }),
      }),
    )
    const senders = [...document.querySelectorAll('.bs-sender')].map(each => each.textContent)
    expect(senders).toEqual([
      'Dr. Luis Ortega · Care team, \u2068General practice\u2069',
      'Daniel Ellis · On behalf of the patient',
      'You',
    ])
  })

  test('U7 stand under their day, in the zone of the reader', () => {
    show(
      readyChat({
        messages: [
          message(1, doctor.id, 'a', { createdAt: '2025-06-30T22:30:00.000Z' }),
          message(2, doctor.id, 'b', { createdAt: '2025-06-30T23:30:00.000Z' }),
        ],
      }),
    )
    const days = screen.getAllByRole('heading', { level: 3 }).map(heading => heading.textContent)
    // British summer time: half past eleven at night, and half past midnight.
    expect(days.filter(day => day !== 'New messages')).toEqual([
      expect.stringMatching(/^Monday,? 30 June 2025$/),
      expect.stringMatching(/^Tuesday,? 1 July 2025$/),
    ])
  })

  test('U8 have one line above what came since the last visit', () => {
    show(
      readyChat({
        messages: [message(1, doctor.id, 'read'), message(2, doctor.id, 'not read')],
        openedAtReadSeq: 1,
      }),
    )
    const line = screen.getByText('New messages')
    const follows = (element: Element | null) =>
      Boolean(element && line.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING)
    expect(follows(bubble('read'))).toBe(false)
    expect(follows(bubble('not read'))).toBe(true)
  })

  test('U9 say in words how far one’s own have come', () => {
    const messages = [1, 2, 3].map(seq => message(seq, patient.id, `mine ${seq}`))
    show(
      readyChat({
        messages,
        room: room({
          participants: [participant(patient), participant(doctor, { deliveredSeq: 2, readSeq: 1 })],
        }),
        outgoing: [
          outgoing('o1', 'mine 4', { is: 'sending' }),
          outgoing('o2', 'mine 5', { is: 'queued', waitsFor: 'turn' }),
        ],
      }),
    )
    const marks = [1, 2, 3, 4, 5].map(seq => bubble(`mine ${seq}`)?.querySelector('.bs-receipt')?.textContent)
    expect(marks).toEqual(['Read', 'Delivered', 'Sent', 'Sending…', 'Waiting to send'])
  })

  test('U60 say of one’s own how far it has come with each of the others', () => {
    show(
      readyChat({
        messages: [message(1, patient.id, 'mine')],
        room: room({
          participants: [
            participant(patient),
            participant(doctor, { deliveredSeq: 1, readSeq: 1 }),
            participant(otherDoctor, { role: 'care_team', deliveredSeq: 1 }),
          ],
        }),
      }),
      { onReply: vi.fn(), onEdit: vi.fn(), onRetract: vi.fn() },
    )
    fireEvent.click(screen.getByRole('button', { name: /^What to do with the message/ }))
    const lines = [...document.querySelectorAll('.bs-receipts li')].map(spoken)
    expect(lines).toEqual([
      'Dr. Amara Okafor · Doctor, CardiologyRead',
      'Dr. Luis Ortega · Care team, General practiceDelivered',
    ])
  })

  test('U10 show edited, retracted, system events and kinds that cannot be shown yet', () => {
    show(
      readyChat({
        messages: [
          event(1, { type: 'appointment_confirmed', actorId: doctor.id }),
          message(2, doctor.id, 'corrected', { editedAt: '2026-11-23T09:05:00.000Z' }),
          message(3, doctor.id, null, { retractedAt: '2026-11-23T09:05:00.000Z' }),
          message(4, patient.id, null, { retractedAt: '2026-11-23T09:05:00.000Z' }),
          message(5, patient.id, null, { kind: 'image' }),
          message(6, patient.id, 'the letter', { kind: 'file' }),
          message(7, patient.id, null, {
            kind: 'file',
            editedAt: '2026-11-23T09:05:00.000Z',
            erasedAt: '2036-11-24T03:00:00.000Z',
            replyTo: 'm6',
          }),
        ],
      }),
    )
    expect(bubble(/Amara Okafor.* confirmed the appointment/)).toBeTruthy()
    expect(bubble('corrected')?.textContent).toContain('Edited')
    expect(bubble('This message was removed by its sender.')?.dataset.state).toBe('retracted')
    expect(bubble('You removed this message.')?.querySelector('.bs-receipt')).toBeNull()
    expect(bubble('Photo')?.textContent).toContain('cannot show it yet')
    expect(bubble('the letter')?.textContent).toContain('File')
    const erased = bubble('This message was erased.')
    expect(erased?.dataset.state).toBe('erased')
    expect(erased?.textContent).toMatch(/^This message was erased\.\d?\d:\d\d$/)
  })

  test('U10 are text, whatever they look like; only links of known kinds are links', () => {
    const hostile = '<img src=x onerror=alert(1)> javascript:alert(1) https://clinic.example/a'
    show(readyChat({ messages: [message(1, doctor.id, hostile)] }))
    expect(document.querySelector('.bs-message-text')?.textContent).toBe(hostile)
    expect(document.querySelector('img')).toBeNull()
    const links = screen.getAllByRole<HTMLAnchorElement>('link')
    expect(links.map(link => [link.href, link.rel])).toEqual([
      ['https://clinic.example/a', 'noopener noreferrer nofollow'],
    ])
  })

  test('U11 that break are contained: the others stay, and what happened is said', () => {
    const broken = message(2, doctor.id, 'x')
    Object.defineProperty(broken, 'body', {
      get() {
        throw new Error('broken on purpose')
      },
    })
    const silence = vi.spyOn(console, 'error').mockImplementation(() => {})
    show(readyChat({ messages: [message(1, doctor.id, 'fine'), broken, message(3, doctor.id, 'fine too')] }))
    silence.mockRestore()
    expect(bubble('fine')).toBeTruthy()
    expect(bubble('fine too')).toBeTruthy()
    expect(bubble(/This message cannot be shown/)?.dataset.state).toBe('broken')
  })

  test('U12 that were not sent say why; retry sends again, delete asks first', () => {
    const failed = outgoing('o1', 'not gone', {
      is: 'failed',
      error: new ChatError('reply-blocked', { detail: 'room_closed' }),
    })
    const { onRetry, onDiscard } = show(readyChat({ outgoing: [failed] }))
    expect(screen.getByRole('alert').textContent).toContain('This chat is closed.')
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }))
    expect(onRetry).toHaveBeenCalledExactlyOnceWith('o1')
    fireEvent.click(screen.getByRole('button', { name: 'Delete' }))
    expect(onDiscard).not.toHaveBeenCalled()
    fireEvent.click(screen.getByRole('button', { name: 'Keep it' }))
    fireEvent.click(screen.getByRole('button', { name: 'Delete' }))
    fireEvent.click(screen.getByRole('button', { name: 'Yes, delete' }))
    expect(onDiscard).toHaveBeenCalledExactlyOnceWith('o1')
  })

  test('U12 offer no retry where it cannot help', () => {
    show(
      readyChat({
        outgoing: [outgoing('o1', 'long', { is: 'failed', error: new ChatError('message-too-long') })],
      }),
    )
    expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull()
    expect(screen.getByRole('button', { name: 'Delete' })).toBeTruthy()
  })

  test('U13 of others are announced as they arrive; history loaded later is not', () => {
    const chat = readyChat({ messages: [message(5, doctor.id, 'old')], hasOlder: true, openedAtReadSeq: 5 })
    const { change } = show(chat)
    const region = document.querySelector<HTMLElement>('[aria-live="polite"]')
    expect(region?.textContent).toBe('')
    const next = [...chat.messages, message(6, doctor.id, 'hello'), message(7, patient.id, 'mine')]
    change({ ...chat, messages: next })
    expect(spoken(region)).toBe('Dr. Amara Okafor, Doctor, Cardiology: hello')
    change({ ...chat, messages: [message(4, doctor.id, 'older'), ...next] })
    expect(spoken(region)).toBe('Dr. Amara Okafor, Doctor, Cardiology: hello')
    const many = [8, 9, 10, 11].map(seq => message(seq, doctor.id, `more ${seq}`))
    change({ ...chat, messages: [...next, ...many] })
    expect(region?.textContent).toBe('4 new messages')
  })

  test('U13 a notice of the clinic is announced and counted among what is new, an event is not', () => {
    const chat = readyChat({ messages: [message(5, doctor.id, 'old')], openedAtReadSeq: 5 })
    const { change } = show(chat)
    const region = document.querySelector<HTMLElement>('[aria-live="polite"]')
    const told = [
      event(6, { type: 'room_reopened' }),
      event(7, { type: 'notice' }, { body: 'Closed today.' }),
    ]
    change({ ...chat, messages: [...chat.messages, ...told] })
    expect(spoken(region)).toBe('Notice from the clinic: Closed today.')
  })

  test('U14 before these can be asked for, and again when that failed', () => {
    const chat = readyChat({ messages: [message(5, doctor.id, 'old')], hasOlder: true, openedAtReadSeq: 5 })
    const { onLoadOlder, change } = show(chat)
    fireEvent.click(screen.getByRole('button', { name: 'Show earlier messages' }))
    expect(onLoadOlder).toHaveBeenCalledTimes(1)
    change({ ...chat, olderError: new ChatError('unavailable') })
    expect(screen.getByRole('alert').textContent).toMatch(/Earlier messages could not be loaded/)
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }))
    expect(onLoadOlder).toHaveBeenCalledTimes(2)
    change({ ...chat, hasOlder: false })
    expect(screen.getByText('This is the start of the conversation.')).toBeTruthy()
  })

  test('U36 before these of an earlier visit cannot be asked for, and it says when they can', () => {
    const messages = [message(5, doctor.id, 'old')]
    const { onLoadOlder } = show(readyChat({ messages, hasOlder: true, freshness: 'cached' }))
    expect(screen.getByText('Earlier messages can be shown once you are connected.')).toBeTruthy()
    expect(screen.queryByRole('button', { name: 'Show earlier messages' })).toBeNull()
    expect(screen.queryByText('This is the start of the conversation.')).toBeNull()
    expect(onLoadOlder).not.toHaveBeenCalled()
  })

  test('U15 quote what they answer, also where it is not loaded', () => {
    show(
      readyChat({
        messages: [
          message(1, doctor.id, 'Any pain?'),
          message(2, patient.id, 'No.', { replyTo: 'm1' }),
          message(3, patient.id, 'Yes.', { replyTo: 'gone' }),
        ],
      }),
    )
    const [quote] = screen.getAllByRole('blockquote')
    if (!quote) throw new Error('Nothing is quoted.')
    expect(within(quote).getByText(/Reply to .*Amara Okafor/)).toBeTruthy()
    expect(within(quote).getByText('Any pain?')).toBeTruthy()
    expect(bubble('Reply to an earlier message')?.textContent).toContain('Yes.')
  })

  test('U16 that nobody wrote leave their place to the hint', () => {
    show(readyChat())
    expect(screen.getByText('nobody wrote')).toBeTruthy()
  })
})
