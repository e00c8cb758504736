// @vitest-environment happy-dom
import { patient } from '@bedside/react/testing'
import { createMemoryHistory } from '@tanstack/react-router'
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { App } from '../../app.tsx'
import { createFakeSession, listOf } from '../../testing/fake-session.ts'

interface Asked {
  wish: string
  body: Record<string, unknown>
  token: string
}

let asked: Asked[]
/** What auth answers, by wish; without one: yes. */
let answers: Record<string, { status: number; error_code?: string } | 'gone'>

beforeEach(() => {
  asked = []
  answers = {}
  vi.stubGlobal('fetch', async (url: string, request: RequestInit) => {
    const wish = `${request.method} ${url.replace('https://x.example/auth/v1', '')}`
    const headers = new Headers(request.headers)
    asked.push({ wish, body: JSON.parse(String(request.body)), token: headers.get('authorization') ?? '' })
    const answer = answers[wish]
    if (answer === 'gone') throw new TypeError('fetch failed')
    if (answer) return Response.json(answer, { status: answer.status })
    return Response.json(
      wish === 'POST /verify' ? { access_token: 'by-link', user: { email: 'margaret@example.com' } } : {},
    )
  })
})

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

function open(path: string, passwordReset = true) {
  const history = createMemoryHistory({ initialEntries: [path] })
  const session = createFakeSession(
    {
      lists: { upcoming: listOf([]), past: listOf([]) },
      rooms: {},
      accounts: { 'margaret@example.com': patient },
    },
    null,
  )
  const config = { url: 'https://x.example', key: 'key', demoAccounts: [], passwordReset, idle: {} }
  render(<App session={session} config={config} history={history} />)
  return { history, session }
}

const heading = (name: string) => screen.findByRole('heading', { level: 1, name })
const press = (name: string) => fireEvent.click(screen.getByRole('button', { name }))
const type = (label: string, value: string) =>
  fireEvent.change(screen.getByLabelText(label), { target: { value } })
const wishes = () => asked.map(each => each.wish)

describe('U92 asking for a new password', () => {
  test('U92 begins at the sign-in page, where the server sends mails', async () => {
    open('/sign-in')
    fireEvent.click(await screen.findByRole('link', { name: 'Forgot your password?' }))
    await heading('Set a new password')
    cleanup()
    open('/sign-in', false)
    await heading('Sign in')
    expect(screen.queryByRole('link', { name: 'Forgot your password?' })).toBeNull()
    expect(screen.getByText(/Call your clinic/)).toBeTruthy()
  })

  test.each([
    ['an address', undefined],
    ['one that a mail is on its way to', { status: 429, error_code: 'over_email_send_rate_limit' }],
  ])('U92 says the same of %s, and what to do if nothing comes', async (_, answer) => {
    if (answer) answers['POST /recover'] = answer
    open('/forgot-password')
    await heading('Set a new password')
    press('Send me a link')
    expect(screen.getByText('Enter your email address.')).toBeTruthy()
    await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText('Email address')))
    type('Email address', ' rosa@example.com ')
    press('Send me a link')
    await heading('Look at your mail')
    expect(screen.getByRole('status').textContent).toMatch(/If there is an account for .rosa@example\.com/)
    expect(screen.getByText(/Nothing came\?/)).toBeTruthy()
    expect(asked).toEqual([
      { wish: 'POST /recover', body: { email: 'rosa@example.com' }, token: 'Bearer key' },
    ])
  })

  test.each([
    [{ status: 429 }, 'Too many attempts'],
    [{ status: 503 }, 'cannot be reached'],
    ['gone' as const, 'cannot be reached'],
    [{ status: 404 }, 'call your clinic'],
  ])('U92 where it does not work it says why: %j', async (answer, why) => {
    answers['POST /recover'] = answer
    open('/forgot-password')
    await heading('Set a new password')
    type('Email address', 'rosa@example.com')
    press('Send me a link')
    const alert = await screen.findByRole('alert')
    expect(alert.textContent).toContain('The link was not sent')
    expect(alert.textContent?.toLowerCase()).toContain(why.toLowerCase())
    await waitFor(() => expect(document.activeElement).toBe(alert))
    expect(screen.getByLabelText<HTMLInputElement>('Email address').value).toBe('rosa@example.com')
  })
})

describe('U93 setting a new password', () => {
  const LINK = '/set-password#token_hash=secret'
  const PASSWORD = 'three plain words'

  test('U93 says its rules beforehand, works with password managers, and leads into the app', async () => {
    const { history } = open(LINK)
    await heading('Choose a new password')
    const field = screen.getByLabelText<HTMLInputElement>('New password')
    expect(field.autocomplete).toBe('new-password')
    const rules = document.getElementById(field.getAttribute('aria-describedby')?.split(' ')[0] ?? '')
    expect(rules?.textContent).toMatch(/At least 10 characters/)
    press('Show password')
    expect(field.type).toBe('text')
    type('New password', PASSWORD)
    press('Save and sign in')
    await heading('Appointments')
    expect(asked).toEqual([
      { wish: 'POST /verify', body: { type: 'recovery', token_hash: 'secret' }, token: 'Bearer key' },
      { wish: 'PUT /user', body: { password: PASSWORD }, token: 'Bearer by-link' },
      { wish: 'POST /logout?scope=global', body: {}, token: 'Bearer by-link' },
    ])
    expect(history.location.href).not.toContain('secret')
  })

  test('U93 the secret leaves the address at once, and the link is not used up by looking at it', async () => {
    const { history } = open(LINK)
    await heading('Choose a new password')
    await waitFor(() => expect(history.location.href).toBe('/set-password'))
    expect(asked).toEqual([])
  })

  test.each([
    ['short', null, 'Use at least 10 characters.'],
    ['ü'.repeat(40), null, 'Use fewer characters'],
    [PASSWORD, 'same_password', 'This is your password already.'],
    [PASSWORD, 'weak_password', 'too easy to guess'],
  ])('U93 "%s", refused with %s, says what to change', async (password, word, text) => {
    if (word) answers['PUT /user'] = { status: 422, error_code: word }
    open(LINK)
    await heading('Choose a new password')
    type('New password', password)
    press('Save and sign in')
    expect(await screen.findByText(text, { exact: false })).toBeTruthy()
    await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText('New password')))
    if (word === null) return expect(asked).toEqual([])
    // The link was exchanged already, and is not asked to be again.
    answers = {}
    type('New password', 'three other words')
    press('Save and sign in')
    await heading('Appointments')
    expect(wishes().filter(wish => wish === 'POST /verify')).toHaveLength(1)
  })

  test('U93 what was saved is not saved again when the rest has to be tried again', async () => {
    answers['POST /logout?scope=global'] = 'gone'
    open(LINK)
    await heading('Choose a new password')
    type('New password', PASSWORD)
    press('Save and sign in')
    expect((await screen.findByRole('alert')).textContent).toContain('cannot be reached')
    answers = {}
    press('Save and sign in')
    await heading('Appointments')
    expect(wishes().filter(wish => wish === 'PUT /user')).toHaveLength(1)
  })

  test.each([
    ['/set-password', null],
    [LINK, 'otp_expired'],
  ])('U93 %s without a good link leads to a new one', async (path, word) => {
    if (word) answers['POST /verify'] = { status: 403, error_code: word }
    open(path)
    if (word) {
      await heading('Choose a new password')
      type('New password', PASSWORD)
      press('Save and sign in')
    }
    await heading('This link does not work any more')
    fireEvent.click(screen.getByRole('link', { name: 'Ask for a new link' }))
    await heading('Set a new password')
  })

  test('U93 where only the signing in fails, the password is changed all the same', async () => {
    const { session } = open(LINK)
    session.signIn = () => Promise.reject(new Error('down'))
    await heading('Choose a new password')
    type('New password', PASSWORD)
    press('Save and sign in')
    expect(
      (await screen.findByText('Your password is changed. Sign in with it.')).closest('[role=status]'),
    ).toBeTruthy()
    expect(screen.getByRole('link', { name: 'Sign in' })).toBeTruthy()
  })
})
