// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { StringsProvider } from '../strings/strings-provider.tsx'
import { MessageInput } from './message-input.tsx'

beforeEach(() => {
  sessionStorage.clear()
  vi.stubGlobal('matchMedia', () => ({ matches: true, addEventListener() {}, removeEventListener() {} }))
})
afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

async function open(locale = 'en') {
  const onSend = vi.fn()
  render(
    <StringsProvider locale={locale} timeZone="UTC">
      <MessageInput label="Message" initialText="ab" onSend={onSend} />
    </StringsProvider>,
  )
  const field = await screen.findByLabelText<HTMLTextAreaElement>('Message')
  field.setSelectionRange(1, 1)
  const button = screen.getAllByRole('button')[0] as HTMLElement
  fireEvent.click(button)
  const search = await screen.findByRole('searchbox', {}, { timeout: 4_000 })
  return {
    onSend,
    field,
    button,
    search,
    press: (key: string) => fireEvent.keyDown(document.activeElement ?? search, { key }),
  }
}
const focusedEmoji = () => document.activeElement?.textContent

describe('U74 the emoji picker', () => {
  test('puts what was found where the cursor was, and the cursor behind it', async () => {
    const { onSend, field, search, press } = await open()
    expect(document.activeElement).toBe(search)
    fireEvent.change(search, { target: { value: 'red heart' } })
    press('Enter')
    expect(field.value).toBe('a❤️b')
    expect(field.selectionStart).toBe('a❤️'.length)
    expect(document.activeElement).toBe(field)
    expect(onSend).not.toHaveBeenCalled()
    expect(screen.queryByRole('searchbox')).toBeNull()
  })

  test('is walked through with the arrows, a row at a time up and down, and stops at its ends', async () => {
    const { press } = await open()
    const all = [...screen.getByRole('grid').querySelectorAll('button')].map(each => each.textContent)
    press('ArrowDown')
    const walk = [
      'ArrowRight',
      'ArrowDown',
      'End',
      'ArrowLeft',
      'Home',
      'ArrowUp',
      'ArrowUp',
      'ArrowLeft',
    ].map(key => {
      press(key)
      return all.indexOf(focusedEmoji() ?? '')
    })
    expect(walk).toEqual([1, 9, 15, 14, 8, 0, 0, 0])
    expect([...screen.getByRole('grid').querySelectorAll('button[tabindex="0"]')]).toHaveLength(1)
  })

  test('follows the arrows as they look in Arabic, and says that the names are English', async () => {
    const { press } = await open('ar')
    expect(screen.getByText('أسماء الرموز وكلمات البحث بالإنجليزية.')).toBeTruthy()
    press('ArrowDown')
    const first = focusedEmoji()
    press('ArrowLeft')
    expect(focusedEmoji()).not.toBe(first)
    press('ArrowRight')
    expect(focusedEmoji()).toBe(first)
  })

  test('closes on Escape and gives the focus back, with nothing put in', async () => {
    const { field, button, press } = await open()
    press('ArrowDown')
    press('Escape')
    expect(screen.queryByRole('searchbox')).toBeNull()
    expect(document.activeElement).toBe(field)
    expect(field.value).toBe('ab')
    expect(button.getAttribute('aria-expanded')).toBe('false')
  })

  test('remembers the skin tone for this visit', async () => {
    const { field, search } = await open()
    fireEvent.change(screen.getByLabelText('Skin tone'), { target: { value: '4' } })
    fireEvent.change(search, { target: { value: 'thumbs up' } })
    fireEvent.keyDown(search, { key: 'Enter' })
    expect(field.value).toBe('a👍🏾b')
    cleanup()
    await open()
    expect(screen.getByLabelText<HTMLSelectElement>('Skin tone').value).toBe('4')
  })

  test('says so when nothing is found', async () => {
    const { search } = await open()
    fireEvent.change(search, { target: { value: 'no such thing' } })
    expect(await screen.findByText('No emoji for these words. Try another word.')).toBeTruthy()
  })
})
