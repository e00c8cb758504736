// @vitest-environment happy-dom
import { verbsThrough } from '@bedside/core'
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { StringsProvider } from '../strings/strings-provider.tsx'
import { appointment, doctor, message, participant, patient, readyChat, room } from '../testing/clinic.ts'
import { layOut } from '../testing/layout.ts'
import { initialsOf } from './avatar.tsx'
import { ChatInterface } from './chat-interface.tsx'
import { LinkedText } from './linked-text.tsx'

afterEach(cleanup)

const layla = { ...patient, displayName: 'ليلى الحداد' }

async function showArabic(bodies: string[]) {
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
  const chat = readyChat({
    appointment: appointment({ patient: layla }),
    room: room({ participants: [participant(layla), participant(doctor)] }),
    messages: bodies.map((body, index) => message(index + 1, doctor.id, body)),
  })
  render(
    <StringsProvider locale="ar-MA" timeZone="Africa/Casablanca">
      <ChatInterface chat={chat} actions={actions} />
    </StringsProvider>,
  )
  const field = await screen.findByRole<HTMLTextAreaElement>('textbox')
  layOut()
  return field
}

describe('U50 in Arabic', () => {
  test('the chat has its language and direction, and each message its own', async () => {
    await showArabic(['Please rest.', 'يُرجى الراحة.'])
    const root = document.querySelector('.bs-chat')
    expect([root?.getAttribute('lang'), root?.getAttribute('dir')]).toEqual(['ar-MA', 'rtl'])
    for (const text of ['Please rest.', 'يُرجى الراحة.']) {
      expect(screen.getByText(text, { selector: 'p.bs-message-text' }).getAttribute('dir')).toBe('auto')
    }
  })

  test('who speaks is named in a direction of its own, and what they are as well', async () => {
    await showArabic(['Please rest.'])
    expect(screen.getByText('Dr. Amara Okafor', { selector: 'bdi' })).toBeTruthy()
    expect(document.querySelector('.bs-sender')?.textContent).toContain('طبيب/ة، \u2068Cardiology\u2069')
    expect(screen.getByLabelText('رسالة إلى \u2068Dr. Amara Okafor\u2069')).toBeTruthy()
  })

  test('the composer follows what is written in it, and the page while it is empty', async () => {
    const field = await showArabic([])
    expect(field.getAttribute('dir')).toBeNull()
    fireEvent.change(field, { target: { value: 'Hello' } })
    expect(field.getAttribute('dir')).toBe('auto')
    fireEvent.change(field, { target: { value: '' } })
    expect(field.getAttribute('dir')).toBeNull()
  })
})

describe('U50 from left to right in every language', () => {
  const pieces = (text: string) => {
    const { container } = render(<LinkedText text={text} />)
    expect(container.textContent).toBe(text)
    return Array.from(container.querySelectorAll('[dir=ltr]'), each => each.textContent)
  }

  test.each([
    ['اتصل على +44 20 7946 0000 الآن', '+44 20 7946 0000'],
    ['اتصل على (020) 7946-0000.', '(020) 7946-0000'],
    ['الهاتف 06 12 34 56 78 3 مرات', '06 12 34 56 78'],
    ['الضغط 120 / 80 اليوم', '120 / 80'],
    ['الضغط 142/88', '142/88'],
    ['الموعد 2026-11-23 14:30 صباحًا', '2026-11-23 14:30'],
    ['انظر https://example.com/a?b=1 هنا', 'https://example.com/a?b=1'],
  ])('%s', (text, piece) => {
    expect(pieces(text)).toEqual([piece])
  })

  test.each(['خذ 2 أو 3 حبات', 'الساعة 14:30', '10 - 12', 'no numbers at all', ''])(
    'nothing in: %s',
    text => {
      expect(pieces(text)).toEqual([])
    },
  )

  test('and a long run of digits takes no time', () => {
    const start = performance.now()
    pieces(`${'1 2'.repeat(3_000)} ${'9'.repeat(9_000)} ${'1  '.repeat(3_000)}`)
    expect(performance.now() - start).toBeLessThan(500)
  })
})

test('U50 initials do not join into a word', () => {
  expect(initialsOf('ليلى الحداد')).toBe('ل\u200cا')
  expect(initialsOf('Dr. Amara Okafor')).toBe('A\u200cO')
  expect(initialsOf('Rosa')).toBe('R')
})
