// @vitest-environment happy-dom
import { act, cleanup, render, screen, within } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { isolate } from '../strings/isolate.ts'
import { StringsProvider } from '../strings/strings-provider.tsx'
import { doctor, NOW, otherDoctor, patient, readyChat, room, settings } from '../testing/clinic.ts'
import { ChatInterface } from './chat-interface.tsx'

const BACK_AT = '2026-11-30T09:00:00.000Z'
const away = { userId: doctor.id, backAt: BACK_AT, note: 'At a congress.' }

beforeEach(() => {
  vi.useFakeTimers({ now: new Date(NOW) })
})
afterEach(() => {
  cleanup()
  vi.useRealTimers()
})

function show(
  change: Parameters<typeof readyChat>[0],
  { locale = 'en-GB', timeZone = 'Europe/London', clinic = settings() } = {},
) {
  render(
    <StringsProvider locale={locale} timeZone={timeZone}>
      <ChatInterface chat={readyChat(change)} actions={{} as never} clinic={clinic} />
    </StringsProvider>,
  )
}
const notice = () => document.querySelector<HTMLElement>('.bs-away')
const textOf = (element: HTMLElement | null) => element?.textContent ?? ''

describe('U76 the doctor is away', () => {
  test('U76 who writes for the patient reads until when, in whose words, and what to do meanwhile', () => {
    show({ room: room({ away: [away] }) })
    const shown = notice()
    expect(shown?.getAttribute('role')).toBe('status')
    expect(textOf(shown)).toMatch(
      new RegExp(`^${isolate('Dr. Amara Okafor')} is away. Back on Monday 30 November at 0?9:00.`),
    )
    expect(screen.getByText('At a congress.').getAttribute('dir')).toBe('auto')
    expect(textOf(shown)).toContain('You can still write, and your message waits here.')
    const call = within(shown as HTMLElement).getByRole('link', { name: /Call the clinic/ })
    expect(call.getAttribute('href')).toBe('tel:+442079460000')
    expect(screen.getByRole('textbox')).toBeTruthy()
  })

  test('U76 in the reader’s zone and language', async () => {
    show({ room: room({ away: [away] }) }, { locale: 'es-ES', timeZone: 'America/New_York' })
    await vi.waitFor(() => expect(textOf(notice())).toContain('Vuelve el lunes, 30 de noviembre, 4:00.'))
    cleanup()
    show({ room: room({ away: [away] }) }, { locale: 'ar-EG', timeZone: 'Asia/Tokyo' })
    await vi.waitFor(() => expect(textOf(notice())).toMatch(/موعد العودة: الاثنين، 30 نوفمبر .*6:00 م\./u))
  })

  test('U76 it goes when the time has come, also where nobody tells', () => {
    show({ room: room({ away: [away] }) })
    act(() => {
      vi.advanceTimersByTime(Date.parse(BACK_AT) - Date.parse(NOW) - 1)
    })
    expect(textOf(notice())).toContain('is away')
    act(() => {
      vi.advanceTimersByTime(1)
    })
    expect(textOf(notice())).toBe('')
  })

  test('U76 without a number and without a note', () => {
    show({ room: room({ away: [{ ...away, note: null }] }) }, { clinic: settings({ phone: null }) })
    expect(textOf(notice())).toContain('If it cannot wait, ask the clinic.')
    expect(screen.queryByRole('link')).toBeNull()
    expect(document.querySelector('.bs-away-note')).toBeNull()
  })

  test('U76 where one cannot write it says so once, and offers the number once', () => {
    show({ room: room({ replyBlock: 'patient_may_not_reply', away: [{ ...away, note: null }] }) })
    expect(textOf(notice())).toMatch(/is away\. Back on .*:00\.$/)
    expect(screen.getAllByRole('link', { name: /Call the clinic/ })).toHaveLength(1)
  })

  test('U76 neither the doctor nor a colleague of theirs is told; nor is a colleague’s absence the doctor’s', () => {
    show({ me: doctor.id, room: room({ away: [away] }) })
    expect(notice()).toBeNull()
    cleanup()
    show({ me: patient.id, room: room({ away: [{ ...away, userId: otherDoctor.id }] }) })
    expect(textOf(notice())).toBe('')
  })

  test('U76 the clinic is closed until it opens, as the chat itself was told', () => {
    show({ room: room({ opensAt: '2026-11-23T14:30:00.000Z' }) })
    expect(screen.getByText(/opens again today, 14:30/)).toBeTruthy()
    act(() => {
      vi.advanceTimersByTime(4.5 * 3_600_000)
    })
    expect(screen.getByText(/usually answers within 8 hours/)).toBeTruthy()
  })
})
