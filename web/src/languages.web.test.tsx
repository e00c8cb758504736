// @vitest-environment happy-dom
import type { Profile } from '@bedside/core'
import { languageNames } from '@bedside/react'
import { appointment, patient } from '@bedside/react/testing'
import { createMemoryHistory } from '@tanstack/react-router'
import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { App } from './app.tsx'
import { Localized } from './layout/localized.tsx'
import { PageBroken } from './layout/page-broken.tsx'
import { StartFailed } from './layout/start-failed.tsx'
import { createFakeSession, listOf } from './testing/fake-session.ts'
import { type Scene, scenes } from './testing/scenes.ts'

let browserLanguages: string[]

beforeEach(() => {
  browserLanguages = ['en-GB']
  vi.spyOn(navigator, 'languages', 'get').mockImplementation(() => browserLanguages)
})

afterEach(() => {
  cleanup()
  vi.restoreAllMocks()
})

function open(scene: Scene) {
  const session = createFakeSession(scene.clinic, scene.signedInAs)
  render(
    <App
      session={session}
      config={{ url: '', key: '', demoAccounts: scene.demoAccounts ?? [], passwordReset: true, idle: {} }}
      history={createMemoryHistory({ initialEntries: [scene.path] })}
    />,
  )
  return session
}

const page = () => [document.documentElement.lang, document.documentElement.dir]
const heading = (name: string) => screen.findByRole('heading', { level: 1, name })

function appointmentsOf(profile: Profile | null): Scene {
  const lists = { upcoming: listOf([appointment()]), past: listOf([]) }
  return { path: '/appointments', signedInAs: profile, clinic: { lists, rooms: {}, accounts: {} } }
}

describe('U30 the language', () => {
  test.each([
    ['ar-MA', 'المواعيد', 'rtl'],
    ['fr-CA', 'Rendez-vous', 'ltr'],
    ['es-MX', 'Citas', 'ltr'],
  ])('is the profile’s: %s', async (locale, title, dir) => {
    open(appointmentsOf({ ...patient, locale }))
    await heading(title)
    expect(page()).toEqual([locale, dir])
  })

  test('is the browser’s before signing in, the first of its languages that there is', async () => {
    browserLanguages = ['de-DE', 'ar', 'en']
    open(appointmentsOf(null))
    await heading('تسجيل الدخول')
    expect(page()).toEqual(['ar', 'rtl'])
  })

  test('is the browser’s too where the profile’s has no table', async () => {
    browserLanguages = ['fr-BE']
    open(appointmentsOf({ ...patient, locale: 'pl' }))
    await heading('Rendez-vous')
    expect(page()).toEqual(['fr-BE', 'ltr'])
  })

  test('changes together with the direction when one signs out', async () => {
    const session = open(appointmentsOf({ ...patient, locale: 'ar-MA' }))
    await heading('المواعيد')
    await act(() => session.signOut())
    await heading('Sign in')
    expect(page()).toEqual(['en-GB', 'ltr'])
  })

  test('is that of the start that failed', async () => {
    render(
      <Localized locales={['ar']} timeZone="Asia/Amman">
        <StartFailed />
      </Localized>,
    )
    await heading('تعذّر فتح الصفحة.')
    expect(page()).toEqual(['ar', 'rtl'])
  })
})

describe('U51 nothing is said outside of the tables', () => {
  const GIVEN = 'displayName specialty body location reason statusReason label role note'.split(' ')
  const SPOKEN = ['aria-label', 'aria-description', 'title', 'placeholder', 'alt']

  /** What people and clinics have written: it is shown as it is. */
  function given(value: unknown, found: string[] = []): string[] {
    if (typeof value !== 'object' || value === null) return found
    for (const [key, each] of Object.entries(value)) {
      if (typeof each === 'string' && GIVEN.includes(key)) found.push(each)
      else given(each, found)
    }
    return found
  }

  /** A language is called what those who read it call it, and said to be in it. */
  const isOwnName = (element: Element | null) =>
    element !== null &&
    Object.entries(languageNames).some(
      ([language, name]) => element.getAttribute('lang') === language && element.textContent === name,
    )

  function everyText(): string[] {
    const texts = [document.title]
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const { parentElement } = node
      if (parentElement?.closest('.bs-avatar') || isOwnName(parentElement)) continue
      texts.push(node.textContent ?? '')
    }
    // Emoji have no Arabic names in the data; the picker says so, and in which language they are.
    for (const element of document.body.querySelectorAll('*')) {
      if (element.getAttribute('lang') === 'en' && element.closest('.bs-emoji-grid')) continue
      for (const name of SPOKEN) texts.push(element.getAttribute(name) ?? '')
    }
    return texts
  }

  function expectArabic(written: string[]) {
    const longestFirst = [...written].sort((a, b) => b.length - a.length)
    for (const text of everyText()) {
      if (written.some(each => each.includes(text.trim()))) continue
      const rest = longestFirst.reduce((left, each) => left.replaceAll(each, ''), text)
      expect(rest.replaceAll(/Bedside|Enter|Shift|Escape/g, ''), text).not.toMatch(/\p{Script=Latin}/u)
    }
  }

  test.each(Object.entries(scenes()))('on the page "%s", in Arabic', async (_name, scene) => {
    browserLanguages = ['ar']
    open({ ...scene, signedInAs: scene.signedInAs && { ...scene.signedInAs, locale: 'ar-MA' } })
    await screen.findByRole('heading', { level: 1 })
    await waitFor(() => expect(document.title).toMatch(/\p{Script=Arabic}/u))
    const written = [...given(scene), ...Object.values(scene.clinic.consent?.().texts ?? {})]
    expectArabic(written)
    // What opens on a press, a few of each: the hundredth message has the same menu as the first.
    const closed = [...document.querySelectorAll<HTMLElement>('[aria-expanded="false"]')].slice(-4)
    for (const button of closed) fireEvent.click(button)
    expectArabic(written)
  })

  test.each([
    ['broken', PageBroken],
    ['failed at its start', StartFailed],
  ])('on the page that is %s', async (_name, Page) => {
    document.title = ''
    render(
      <Localized locales={['ar']} timeZone="Asia/Amman">
        <Page />
      </Localized>,
    )
    await screen.findByRole('heading', { level: 1 })
    expectArabic([])
  })
})
