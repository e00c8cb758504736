// @vitest-environment happy-dom
import { ChatError, type Profile } from '@bedside/core'
import { appointment, patient } from '@bedside/react/testing'
import { createMemoryHistory } from '@tanstack/react-router'
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { App } from '../app.tsx'
import { createFakeSession, listOf } from '../testing/fake-session.ts'
import { localeFor } from './locale-for.ts'

beforeEach(() => {
  vi.spyOn(navigator, 'languages', 'get').mockReturnValue(['en-GB', 'de'])
})
afterEach(() => {
  cleanup()
  localStorage.clear()
  vi.restoreAllMocks()
})

function open(path: string, as: Profile | null) {
  const session = createFakeSession(
    {
      lists: { upcoming: listOf([appointment()]), past: listOf([]) },
      rooms: {},
      accounts: { 'margaret@example.com': patient },
    },
    as,
  )
  render(
    <App
      session={session}
      config={{ url: '', key: '', demoAccounts: [], passwordReset: true, idle: {} }}
      history={createMemoryHistory({ initialEntries: [path] })}
    />,
  )
  return session
}

const page = () => [document.documentElement.lang, document.documentElement.dir]
const heading = (name: string) => screen.findByRole('heading', { level: 1, name })
const language = (name: string) => screen.getByRole('button', { name })
const pressed = () => screen.getAllByRole('button', { pressed: true }).map(each => each.textContent)

describe('U81 the language', () => {
  test('U81 is chosen among four, each named in itself, and holds at once: words, direction, profile', async () => {
    const session = open('/account', patient)
    const setLocale = vi.spyOn(session, 'setLocale')
    await heading('Your account')
    const named = ['English', 'Español', 'Français', 'العربية'].map(language)
    expect(named.map(each => each.lang)).toEqual(['en', 'es', 'fr', 'ar'])
    expect(pressed()).toEqual(['English'])
    fireEvent.click(language('العربية'))
    await heading('حسابك')
    expect(page()).toEqual(['ar', 'rtl'])
    expect(pressed()).toEqual(['العربية'])
    expect(setLocale).toHaveBeenCalledExactlyOnceWith('ar')
    await screen.findByText('هذه الصفحة الآن بالعربية.')
    // The way back, by a name that one can read.
    fireEvent.click(language('English'))
    await heading('Your account')
    expect(page()).toEqual(['en-GB', 'ltr'])
    expect(localStorage.length).toBe(0)
  })

  test('U81 is the same for the button that has the focus, which keeps it', async () => {
    open('/account', patient)
    await heading('Your account')
    const french = language('Français')
    french.focus()
    fireEvent.click(french)
    await heading('Votre compte')
    expect(document.activeElement).toBe(french)
  })

  test('U81 before signing in is this device’s, and what was typed stays', async () => {
    open('/sign-in', null)
    await heading('Sign in')
    const email = screen.getByLabelText<HTMLInputElement>('Email address')
    fireEvent.change(email, { target: { value: 'margaret@example.com' } })
    fireEvent.change(screen.getByLabelText('Password'), { target: { value: 'secret' } })
    fireEvent.click(language('العربية'))
    await heading('تسجيل الدخول')
    expect(page()).toEqual(['ar', 'rtl'])
    expect([email.isConnected, email.value]).toEqual([true, 'margaret@example.com'])
    expect(screen.getByLabelText<HTMLInputElement>('كلمة المرور').value).toBe('secret')
    cleanup()
    open('/sign-in', null)
    await heading('تسجيل الدخول')
    cleanup()
    open('/forgot-password', null)
    await screen.findByRole('button', { name: 'العربية', pressed: true })
    expect(page()).toEqual(['ar', 'rtl'])
    cleanup()
    // Who is signed in has their own.
    open('/account', patient)
    await heading('Your account')
  })

  test('U81 that could not be saved is told in place, and the page stays as it was', async () => {
    const session = open('/account', patient)
    vi.spyOn(session, 'setLocale').mockRejectedValueOnce(new ChatError('offline'))
    await heading('Your account')
    fireEvent.click(language('Français'))
    const problem = (await screen.findByText('The language was not changed')).closest('[role=alert]')
    expect(problem?.textContent).toContain('You are offline.')
    expect(page()).toEqual(['en-GB', 'ltr'])
    expect(pressed()).toEqual(['English'])
    fireEvent.click(language('Français'))
    await heading('Votre compte')
    expect(screen.queryByText('La langue n’a pas été changée')).toBeNull()
  })

  test('U81 is chosen where the browser keeps nothing, for as long as the page is open', async () => {
    vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
      throw new DOMException('', 'QuotaExceededError')
    })
    open('/sign-in', null)
    await heading('Sign in')
    fireEvent.click(language('Español'))
    await heading('Iniciar sesión')
  })

  test('U81 is of the region that the browser names', () => {
    expect(localeFor('fr', ['en-GB', 'fr-CA', 'fr'])).toBe('fr-CA')
    expect(localeFor('en', ['fr-CA'])).toBe('en')
    expect(localeFor('es', ['est-EE'])).toBe('es')
  })
})
