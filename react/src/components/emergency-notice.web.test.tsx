// @vitest-environment happy-dom
import type { Clinic } from '@bedside/core'
import { cleanup, render, screen } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { StringsProvider } from '../strings/strings-provider.tsx'
import { doctor, NOW, readyChat, room } from '../testing/clinic.ts'
import { ChatInterface } from './chat-interface.tsx'
import { EmergencyNotice } from './emergency-notice.tsx'

const clinic: Clinic = {
  name: 'Harbour Clinic',
  phone: '+44 20 7946 0000',
  timeZone: 'Europe/London',
  emergencyText: { en: 'Not for emergencies. In an emergency call 999.', fr: 'En urgence, appelez le 999.' },
  expectedReplyMinutes: 480,
  replyWindowDays: 14,
  editWindowMinutes: 15,
  archiveAfterDays: 90,
  retentionDays: 3650,
  maxFileBytes: 1,
  businessHours: [],
  opensAt: null,
}

beforeEach(() => {
  vi.useFakeTimers({ now: new Date(NOW) })
})
afterEach(() => {
  cleanup()
  vi.useRealTimers()
})

async function notice(locale: string, change: Partial<Clinic> | null): Promise<string> {
  const { container } = render(
    <StringsProvider locale={locale} timeZone="Europe/London">
      <EmergencyNotice clinic={change && { ...clinic, ...change }} />
    </StringsProvider>,
  )
  await vi.waitFor(() => expect(container.textContent).not.toBe(''))
  const text = container.textContent ?? ''
  cleanup()
  return text
}

describe('U43 what a patient must know before they write', () => {
  test('is said in the clinic’s own words, where it has some in the reader’s language', async () => {
    expect(await notice('en-GB', {})).toMatch(
      /In an emergency call 999\. The clinic usually answers within 8 hours\./,
    )
    expect(await notice('es-ES', {})).toMatch(/^No .*La clínica suele responder en 8 horas\.$/u)
    expect(await notice('en-GB', null)).toBe(
      'Not for emergencies. If it is urgent, call your local emergency number. ',
    )
  })

  test('while the clinic is closed, until when', async () => {
    expect(await notice('en-GB', { opensAt: '2026-11-23T14:30:00.000Z' })).toMatch(
      /The clinic is closed now and opens again today, 14:30\.$/,
    )
  })

  test('is for the patient’s side; where nobody may write there is the clinic’s number', () => {
    const actions = {} as never
    const show = (change: Parameters<typeof readyChat>[0]) =>
      render(<ChatInterface chat={readyChat(change)} actions={actions} clinic={clinic} />)
    const closed = room({ replyBlock: 'room_closed' })
    show({ room: closed })
    expect(screen.getByText(/In an emergency call 999/)).toBeTruthy()
    expect(screen.getByRole('link', { name: /Call the clinic/ }).getAttribute('href')).toBe(
      'tel:+442079460000',
    )
    cleanup()
    show({ room: closed, me: doctor.id })
    expect(screen.queryByText(/999/)).toBeNull()
    expect(screen.queryByRole('link')).toBeNull()
  })

  test('U90 where an agreement is missing, the way to it stands before the number', () => {
    const chat = readyChat({ room: room({ replyBlock: 'consent_missing', nextStep: 'accept_consent' }) })
    const way = <a href="/consent">Read and decide</a>
    render(<ChatInterface chat={chat} actions={{} as never} clinic={clinic} whenClosed={way} />)
    expect(screen.getAllByRole('link').map(each => each.getAttribute('href'))).toEqual([
      '/consent',
      'tel:+442079460000',
    ])
  })
})
