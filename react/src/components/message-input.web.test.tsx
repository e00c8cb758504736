// @vitest-environment happy-dom
import { ChatError, createStore, type Draft } from '@bedside/core'
import { act, cleanup, createEvent, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { MessageInput, type MessageInputProps } from './message-input.tsx'

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

/** A desktop has a mouse; a phone has neither hover nor a fine pointer. */
function on(device: 'desktop' | 'phone') {
  vi.stubGlobal('matchMedia', () => ({
    matches: device === 'desktop',
    addEventListener: () => {},
    removeEventListener: () => {},
  }))
}

function compose(props: Partial<MessageInputProps> = {}) {
  const onSend = vi.fn<(body: string) => void>()
  render(<MessageInput label="Message to Dr. Okafor" onSend={onSend} {...props} />)
  const field = screen.getByLabelText<HTMLTextAreaElement>('Message to Dr. Okafor')
  const type = (text: string) => fireEvent.change(field, { target: { value: text } })
  const press = () => fireEvent.click(screen.getByRole('button', { name: 'Send' }))
  return { onSend, field, type, press }
}

describe('the composer', () => {
  test('U35 says that one types, and that one has cleared the text or left it', () => {
    const onTyping = vi.fn<(isTyping: boolean) => void>()
    const { field, type } = compose({ onTyping })
    type('G')
    type('Go')
    type('')
    type('Good')
    fireEvent.blur(field)
    expect(onTyping.mock.calls.map(([isTyping]) => isTyping)).toEqual([true, true, false, true, false])
  })

  describe('U38 what was being written', () => {
    const kept = (body: string | null) =>
      createStore<Draft | null>(body === null ? null : { body, replyTo: null })

    test('is there again, as soon as it is known', () => {
      const draft = kept(null)
      const { field } = compose({ draft })
      expect(field.value).toBe('')
      act(() => draft.set({ body: 'Since Monday my', replyTo: null }))
      expect(field.value).toBe('Since Monday my')
    })

    test('does not take the place of what is being written here', () => {
      const draft = kept(null)
      const onDraft = vi.fn<(body: string) => void>()
      const { field, type } = compose({ draft, onDraft })
      type('Good mor')
      act(() => draft.set({ body: 'of another device', replyTo: null }))
      expect(field.value).toBe('Good mor')
      type('')
      act(() => draft.set({ body: 'of another device', replyTo: null }))
      expect(field.value).toBe('')
      expect(onDraft.mock.calls.flat()).toEqual(['Good mor', ''])
    })

    test('is gone once it was sent', () => {
      on('desktop')
      const draft = kept('Half a thought')
      const { onSend, field } = compose({ draft })
      fireEvent.keyDown(field, { key: 'Enter' })
      expect(onSend).toHaveBeenCalledWith('Half a thought')
      expect(field.value).toBe('')
    })
  })

  test('U1 sends on Enter and is empty afterwards', () => {
    on('desktop')
    const { onSend, field, type } = compose()
    type('Good morning')
    fireEvent.keyDown(field, { key: 'Enter' })
    expect(onSend).toHaveBeenCalledExactlyOnceWith('Good morning')
    expect(field.value).toBe('')
  })

  test('U1 starts a new line on Shift+Enter, and while an input method composes', () => {
    on('desktop')
    const { onSend, field, type } = compose()
    type('Good morning')
    fireEvent.keyDown(field, { key: 'Enter', shiftKey: true })
    fireEvent.keyDown(field, { key: 'Enter', isComposing: true })
    expect(onSend).not.toHaveBeenCalled()
  })

  test('U1 leaves Enter to the keyboard of a phone; the button sends', () => {
    on('phone')
    const { onSend, field, type, press } = compose()
    type('Good morning')
    const enter = createEvent.keyDown(field, { key: 'Enter' })
    fireEvent(field, enter)
    expect(enter.defaultPrevented).toBe(false)
    expect(onSend).not.toHaveBeenCalled()
    press()
    expect(onSend).toHaveBeenCalledExactlyOnceWith('Good morning')
  })

  test('U2 keeps the words when sending fails, and says why', () => {
    on('desktop')
    const { field, type, press } = compose({
      onSend: () => {
        throw new ChatError('unavailable')
      },
    })
    type('Good morning')
    press()
    expect(field.value).toBe('Good morning')
    expect(screen.getByRole('alert').textContent).toMatch(/cannot be reached/)
    expect(document.activeElement).toBe(field)
    type('Good morning!')
    expect(screen.getByRole('alert').textContent).toBe('')
  })

  test('U2 says what is missing when there is nothing to send', () => {
    on('desktop')
    const { press } = compose({
      onSend: () => {
        throw new ChatError('message-empty')
      },
    })
    press()
    expect(screen.getByRole('alert').textContent).toMatch(/Write something first/)
  })

  test('U3 counts only near the limit, and says by how much a text is too long', () => {
    on('desktop')
    const { field, type } = compose()
    type('x'.repeat(3_000))
    expect(screen.queryByRole('status')).toBeNull()
    type('x'.repeat(3_999))
    expect(screen.getByRole('status').textContent).toBe('1 character left')
    type('x'.repeat(4_002))
    expect(screen.getByRole('status').textContent).toMatch(/^2 characters too long/)
    expect(field.getAttribute('aria-invalid')).toBe('true')
  })

  test('U4 says offline that the message will be sent later', () => {
    on('desktop')
    compose({ isOffline: true })
    expect(screen.getByText(/will be sent when you are connected again/)).toBeTruthy()
  })
})
