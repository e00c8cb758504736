// @vitest-environment happy-dom
import { ChatError, type Consent, type Profile, type Session } from '@bedside/core'
import { doctor, patient } from '@bedside/react/testing'
import { createMemoryHistory } from '@tanstack/react-router'
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { App } from '../../app.tsx'
import { createFakeSession, listOf } from '../../testing/fake-session.ts'
import { checkedTexts, MAX_CHARACTERS } from './checked-texts.ts'

afterEach(() => {
  cleanup()
  sessionStorage.clear()
})

const admin: Profile = { ...doctor, id: 'desk', role: 'admin', displayName: 'Marta', specialty: null }

const text: Consent = {
  version: 2,
  texts: { en: 'What we agree on.\n\nYour rights.', es: 'Lo que acordamos.' },
  publishedAt: '2026-11-01T10:00:00Z',
  acceptedAt: null,
  acceptedLocale: null,
}

/** `consent` null: it cannot be loaded. */
function open(consent: (() => Consent) | null = () => text, as: Profile = admin, path = '/consent/publish') {
  const session = createFakeSession(
    {
      lists: { upcoming: listOf([]), past: listOf([]) },
      rooms: {},
      accounts: {},
      ...(consent && { consent }),
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

function chatOf(session: Session) {
  if (session.current.is !== 'signed-in') throw new Error(session.current.is)
  return session.current.chat
}

const heading = (name: string) => screen.findByRole('heading', { level: 1, name })
const button = (name: string) => screen.getByRole('button', { name })
const field = (name: string) => screen.findByLabelText<HTMLTextAreaElement>(name)
const write = async (name: string, value: string) =>
  fireEvent.change(await field(name), { target: { value } })
const look = () => fireEvent.click(button('See it as patients do'))

describe('U82 publishing what patients agree to', () => {
  test('U82 is led to from an administrator’s account, and is nobody else’s', async () => {
    open(undefined, admin, '/account')
    fireEvent.click(await screen.findByRole('link', { name: 'Publish a new version' }))
    await heading('Consent text')
    cleanup()
    for (const as of [patient, doctor]) {
      open(undefined, as, '/account')
      await heading('Your account')
      expect(screen.queryByRole('link', { name: 'Publish a new version' })).toBeNull()
      cleanup()
      open(undefined, as)
      await heading('There is no page at this address.')
      cleanup()
    }
  })

  test('U82 shows the text in force, its date and languages, and begins with it, each in its direction', async () => {
    open()
    await heading('Consent text')
    const inForce = (await screen.findByRole('heading', { name: 'In force now' })).closest('section')
    expect(inForce?.textContent).toMatch(/Version 2, of .*November.*English and Spanish/)
    const fields = await Promise.all(['English', 'Spanish', 'French', 'Arabic'].map(field))
    expect(fields.map(each => [each.value, each.lang, each.dir])).toEqual([
      [text.texts.en, 'en', 'ltr'],
      [text.texts.es, 'es', 'ltr'],
      ['', 'fr', 'ltr'],
      ['', 'ar', 'rtl'],
    ])
  })

  test('U82 is looked at and explained before it is done, and done once', async () => {
    const session = open()
    const publish = vi.spyOn(chatOf(session), 'publishConsent')
    await write('Arabic', ' ما نتفق عليه الآن. ')
    await write('Spanish', ' \n')
    look()
    const preview = await screen.findByRole('heading', { name: 'This is how patients will read it' })
    await waitFor(() => expect(document.activeElement).toBe(preview))
    expect(screen.getByText('What we agree on.').closest('[lang]')?.getAttribute('lang')).toBe('en')
    fireEvent.change(screen.getByLabelText('Language of this text'), { target: { value: 'ar' } })
    const shown = screen.getByText('ما نتفق عليه الآن.').closest('[lang]')
    expect([shown?.getAttribute('lang'), shown?.getAttribute('dir')]).toEqual(['ar', 'rtl'])
    expect(screen.getByText(/Without a text: Spanish and French\..* the text in English/)).toBeTruthy()
    expect(screen.getByText(/asked again before their next message/)).toBeTruthy()
    expect(publish).not.toHaveBeenCalled()
    const step = button('Publish version 3')
    fireEvent.click(step)
    fireEvent.click(step)
    const done = await screen.findByText('Version 3 is published')
    await waitFor(() => expect(document.activeElement?.contains(done)).toBe(true))
    expect(publish).toHaveBeenCalledExactlyOnceWith({ en: text.texts.en, ar: 'ما نتفق عليه الآن.' })
    expect(sessionStorage.length).toBe(0)
  })

  test('U82 says in place what is missing, and publishes nothing of it', async () => {
    open()
    await field('English')
    look()
    const same = await screen.findByRole('alert')
    expect(same.textContent).toContain('This is the text in force')
    await waitFor(() => expect(document.activeElement).toBe(same))
    await write('English', ' ')
    await write('Spanish', '')
    look()
    await waitFor(() => expect(screen.getByRole('alert').textContent).toContain('at least one language'))
    await write('Spanish', 'x'.repeat(MAX_CHARACTERS + 2))
    look()
    const spanish = await field('Spanish')
    await waitFor(() => expect(document.activeElement).toBe(spanish))
    expect(spanish.getAttribute('aria-invalid')).toBe('true')
    const described = document.getElementById(spanish.getAttribute('aria-describedby') ?? '')
    expect(described?.textContent).toBe('2 characters too long. Shorten it.')
    expect(screen.queryByRole('button', { name: /^Publish version/ })).toBeNull()
  })

  test('U82 that failed is told in place, can be tried again, and loses nothing on the way back', async () => {
    const session = open()
    vi.spyOn(chatOf(session), 'publishConsent').mockRejectedValueOnce(new ChatError('offline'))
    await write('French', 'Ce que nous convenons.')
    look()
    fireEvent.click(await screen.findByRole('button', { name: 'Publish version 3' }))
    const problem = await screen.findByRole('alert')
    expect(problem.textContent).toMatch(/It was not published.*You are offline/)
    fireEvent.click(button('Go on writing'))
    expect((await field('French')).value).toBe('Ce que nous convenons.')
    await waitFor(() => expect(document.activeElement?.textContent).toBe('New version'))
    look()
    fireEvent.click(await screen.findByRole('button', { name: 'Publish version 3' }))
    await screen.findByText('Version 3 is published')
  })

  test('U82 does not replace what somebody else published meanwhile without its having been seen', async () => {
    let inForce = text
    const session = open(() => inForce)
    const publish = vi.spyOn(chatOf(session), 'publishConsent')
    await write('English', 'Mine.')
    look()
    inForce = { ...text, version: 3, texts: { en: 'Theirs.' } }
    fireEvent.click(await screen.findByRole('button', { name: 'Publish version 3' }))
    expect((await screen.findByRole('alert')).textContent).toContain('Version 3 was published meanwhile')
    expect(publish).not.toHaveBeenCalled()
    expect((await field('English')).value).toBe('Mine.')
    const section = screen.getByRole('heading', { name: 'In force now' }).closest('section')
    expect(within(section as HTMLElement).getByText('Theirs.')).toBeTruthy()
    look()
    fireEvent.click(await screen.findByRole('button', { name: 'Publish version 4' }))
    await screen.findByText('Version 4 is published')
  })

  test('U82 keeps what was written for as long as the tab is open, until it begins again', async () => {
    open()
    await write('English', 'Half of it')
    cleanup()
    open()
    expect((await field('English')).value).toBe('Half of it')
    cleanup()
    // Another administrator in this tab has their own.
    open(undefined, { ...admin, id: 'other' })
    expect((await field('English')).value).toBe(text.texts.en)
    cleanup()
    open(() => ({ ...text, version: 5 }))
    expect((await screen.findByRole('alert')).textContent).toContain('Version 5 was published meanwhile')
    fireEvent.click(button('Start again from the text in force'))
    expect((await field('English')).value).toBe(text.texts.en)
    expect(screen.queryByText(/published meanwhile/)).toBeNull()
    expect(sessionStorage.length).toBe(0)
  })

  test('U82 a clinic that asks for nothing begins with empty fields', async () => {
    open(() => ({ ...text, version: 0, texts: {}, publishedAt: null }))
    await screen.findByText('No text is in force: patients are asked for nothing.')
    expect((await field('English')).value).toBe('')
  })

  test('U82 a text in force that cannot be loaded can be tried again', async () => {
    open(null)
    expect((await screen.findByRole('alert')).textContent).toContain('could not be loaded')
    expect(button('Try again')).toBeTruthy()
  })

  test('U82 counts letters as the database does', () => {
    const faces = '🙂'.repeat(MAX_CHARACTERS)
    expect(checkedTexts({ en: faces }, {}).is).toBe('good')
    expect(checkedTexts({ en: `${faces}a` }, {})).toEqual({ is: 'too-long', over: { en: 1 } })
    expect(checkedTexts({ en: ' a ', fr: '' }, { en: 'a\n' }).is).toBe('same')
    expect(checkedTexts({ en: 'a' }, { en: 'a', fr: 'b' }).is).toBe('good')
  })
})
