// @vitest-environment happy-dom
import type { Consent, Profile } from '@bedside/core'
import { appointment, doctor, patient, readyChat, room } from '@bedside/react/testing'
import { createMemoryHistory } from '@tanstack/react-router'
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import { afterEach, describe, expect, test } from 'vitest'
import { App } from '../../app.tsx'
import { createFakeSession, listOf } from '../../testing/fake-session.ts'

afterEach(cleanup)

const text: Consent = {
  version: 2,
  texts: { en: 'What we agree on.\n\nYour rights.', es: 'Lo que acordamos.' },
  publishedAt: '2026-11-01T10:00:00Z',
  acceptedAt: null,
  acceptedLocale: null,
}

function open(path: string, consent?: Consent | (() => Consent), as: Profile = patient) {
  const history = createMemoryHistory({ initialEntries: ['/appointments', path] })
  const session = createFakeSession(
    {
      lists: { upcoming: listOf([appointment()]), past: listOf([]) },
      rooms: { a1: readyChat({ room: room({ replyBlock: 'consent_missing' }) }) },
      accounts: {},
      ...(consent && { consent: typeof consent === 'function' ? consent : () => consent }),
    },
    as,
  )
  render(
    <App
      session={session}
      config={{ url: '', key: '', demoAccounts: [], passwordReset: true, idle: {} }}
      history={history}
    />,
  )
  return { history }
}

const heading = (name: string) => screen.findByRole('heading', { level: 1, name })
const button = (name: string) => screen.getByRole('button', { name })

describe('U90 consent', () => {
  test('U90 a chat that waits for it says so and leads to the text, and agreeing leads back', async () => {
    const { history } = open('/appointments/a1/chat', text)
    const notice = await screen.findByRole('note')
    expect(notice.textContent).toContain('needs your agreement')
    fireEvent.click(within(notice).getByRole('link', { name: 'Read and decide' }))
    await heading('Before you write to the clinic')
    const article = await screen.findByText('What we agree on.')
    expect(article.closest('[lang]')?.getAttribute('lang')).toBe('en')
    fireEvent.click(button('I agree'))
    await waitFor(() => expect(history.location.pathname).toBe('/appointments/a1/chat'))
  })

  test('U90 declining is a way back, and says what stays possible', async () => {
    const { history } = open('/consent?next=%2Fappointments%2Fa1%2Fchat', text)
    await screen.findByText('What we agree on.')
    expect(screen.getByText(/you can read everything, but not write/)).toBeTruthy()
    fireEvent.click(button('I do not agree'))
    await waitFor(() => expect(history.location.pathname).toBe('/appointments/a1/chat'))
  })

  test('U90 the text is in the reader’s language, in another one at will, each in its own direction', async () => {
    open('/consent', { ...text, texts: { ...text.texts, ar: 'ما نتفق عليه' } }, { ...patient, locale: 'es' })
    const shown = await screen.findByText('Lo que acordamos.')
    expect(shown.closest('[lang]')?.getAttribute('dir')).toBe('ltr')
    fireEvent.change(screen.getByRole('combobox'), { target: { value: 'ar' } })
    const arabic = screen.getByText('ما نتفق عليه')
    expect([
      arabic.closest('[lang]')?.getAttribute('lang'),
      arabic.closest('[lang]')?.getAttribute('dir'),
    ]).toEqual(['ar', 'rtl'])
  })

  test('U90 a text without the reader’s language is shown in one that it has', async () => {
    open('/consent', { ...text, texts: { fr: 'Ce que nous convenons.' } })
    expect((await screen.findByText('Ce que nous convenons.')).closest('[lang]')?.getAttribute('lang')).toBe(
      'fr',
    )
    expect(screen.queryByRole('combobox')).toBeNull()
  })

  test('U90 a version that was replaced meanwhile is read before it is agreed to', async () => {
    let inForce = text
    const { history } = open('/consent?next=%2Fappointments', () => inForce)
    await screen.findByText('What we agree on.')
    inForce = { ...text, version: 3, texts: { en: 'Something else.' } }
    fireEvent.click(button('I agree'))
    const problem = await screen.findByRole('alert')
    expect(problem.textContent).toContain('published a new text just now')
    await waitFor(() => expect(document.activeElement).toBe(problem))
    expect(screen.getByText('Something else.')).toBeTruthy()
    expect(history.location.pathname).toBe('/consent')
    fireEvent.click(button('I agree'))
    await waitFor(() => expect(history.location.pathname).toBe('/appointments'))
  })

  test('U90 agreed to, it can be read again with its date, and printed', async () => {
    open('/account', { ...text, acceptedAt: '2026-11-02T10:00:00Z', acceptedLocale: 'es' })
    fireEvent.click(await screen.findByRole('link', { name: 'Read it again' }))
    await heading('What you agreed to')
    expect(screen.getByText(/You agreed to this on .*November/)).toBeTruthy()
    // In the language that it was agreed to.
    expect(screen.getByText('Lo que acordamos.')).toBeTruthy()
    expect(screen.queryByRole('button', { name: 'I agree' })).toBeNull()
    expect(button('Print')).toBeTruthy()
  })

  test('U90 a text that cannot be loaded can be tried again', async () => {
    open('/consent')
    expect((await screen.findByRole('alert')).textContent).toContain('could not be loaded')
    expect(button('Try again')).toBeTruthy()
  })

  test('U90 a clinic that asks for nothing says so', async () => {
    open('/consent', { ...text, version: 0, texts: {}, publishedAt: null })
    expect(await screen.findByText('The clinic asks for no agreement.')).toBeTruthy()
  })

  test('U90 staff have nothing to agree to', async () => {
    open('/account', text, doctor)
    await heading('Your account')
    expect(screen.queryByRole('link', { name: 'Read it again' })).toBeNull()
  })
})

test('U91 signing out everywhere says when, and when it did not work', async () => {
  open('/account', text)
  await heading('Your account')
  expect(screen.getByText(/the others within an hour/)).toBeTruthy()
  fireEvent.click(button('Sign out on all devices'))
  expect(
    (await screen.findByText('You are still signed in on all your devices')).closest('[role=alert]'),
  ).toBeTruthy()
  await heading('Your account')
})
