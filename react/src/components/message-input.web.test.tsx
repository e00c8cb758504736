// @vitest-environment happy-dom
import { ChatError, createStore, type Draft } from '@bedside/core'
import { act, cleanup, createEvent, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { en } from '../strings/en.ts'
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

const shownCount = () => document.querySelector('.bs-count')?.textContent
const spokenCount = () => screen.getAllByRole('status')[0]?.textContent
const note = () => screen.getAllByRole('status')[1]?.textContent

function paste(field: HTMLTextAreaElement, text: string, files: readonly File[] = []) {
  const clipboardData = { getData: (type: string) => (type === 'text/plain' ? text : ''), files }
  const event = createEvent.paste(field, { clipboardData })
  fireEvent(field, event)
  return event
}

function dropOn(target: Element, types: readonly string[]) {
  const event = createEvent.drop(target, { dataTransfer: { types, files: [] } })
  fireEvent(target, event)
  return event
}

describe('the composer', () => {
  test('U71 leaves a pasted text that fits to the browser, line breaks and all', () => {
    const { field } = compose()
    expect(paste(field, 'first line\nsecond line').defaultPrevented).toBe(false)
    expect(note()).toBe('')
  })

  test('U71 cuts a pasted text that does not fit, where it was pasted, and says so until more is written', () => {
    const onDraft = vi.fn<(body: string) => void>()
    const { field, type } = compose({ onDraft })
    type('before after')
    field.setSelectionRange(7, 7)
    const event = paste(field, 'x\n'.repeat(2_000))
    expect(event.defaultPrevented).toBe(true)
    expect(field.value).toHaveLength(4_000)
    expect(field.value.startsWith('before x\nx')).toBe(true)
    expect(field.value.endsWith('after')).toBe(true)
    expect(field.selectionStart).toBe(4_000 - 'after'.length)
    expect(onDraft).toHaveBeenLastCalledWith(field.value)
    expect(note()).toBe(
      'The text was too long: its last 12 characters were left out. Send this part, then the rest.',
    )
    type('shorter')
    expect(note()).toBe('')
  })

  test('U72 says in place that a pasted file cannot be sent, and keeps the draft', () => {
    const { field, type } = compose({ noFiles: en.composer.noFilesForStaff })
    type('My report')
    const file = new File(['%PDF'], 'report.pdf', { type: 'application/pdf' })
    expect(paste(field, '', [file]).defaultPrevented).toBe(true)
    expect(field.value).toBe('My report')
    expect(note()).toBe(en.composer.noFilesForStaff)
    type('My report says')
    expect(note()).toBe('')
    expect(paste(field, 'words with a picture of them', [file]).defaultPrevented).toBe(false)
    expect(note()).toBe('')
  })

  test('U72 keeps a file that is dropped anywhere from taking the place of the page', () => {
    const { field, type } = compose()
    type('My report')
    expect(dropOn(document.body, ['Files']).defaultPrevented).toBe(true)
    expect(field.value).toBe('My report')
    expect(note()).toBe(en.composer.noFilesForPatient)
    cleanup()
    const other = compose()
    expect(dropOn(other.field, ['text/plain']).defaultPrevented).toBe(false)
    expect(note()).toBe('')
    cleanup()
    expect(dropOn(document.body, ['Files']).defaultPrevented).toBe(false)
  })

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
    expect(shownCount()).toBeUndefined()
    type('x'.repeat(3_999))
    expect(shownCount()).toBe('1 character left')
    type('x'.repeat(4_002))
    expect(shownCount()).toMatch(/^2 characters too long/)
    expect(field.getAttribute('aria-invalid')).toBe('true')
  })

  test('U73 speaks the count at a few marks, not with every keystroke', () => {
    const { type } = compose()
    const said = [3_600, 3_601, 3_602, 3_700, 3_900, 3_901, 3_979, 3_980, 3_990, 4_000, 4_001, 4_002].map(
      length => {
        type('x'.repeat(length))
        return spokenCount()
      },
    )
    expect([...new Set(said)]).toEqual([
      '',
      '399 characters left',
      '100 characters left',
      '20 characters left',
      '1 character too long. Shorten it, or send it in two parts.',
    ])
    expect(shownCount()).toMatch(/^2 characters too long/)
  })

  test('U73 sends once, however often and fast it is asked to', async () => {
    on('desktop')
    const { onSend, field, type, press } = compose()
    type('Good morning')
    fireEvent.keyDown(field, { key: 'Enter' })
    press()
    fireEvent.keyDown(field, { key: 'Enter' })
    expect(onSend.mock.calls.filter(([body]) => body === 'Good morning')).toHaveLength(1)
    cleanup()
    let answer = () => {}
    const onSlowSend = vi.fn(() => new Promise<void>(resolve => (answer = resolve)))
    const slow = compose({ onSend: onSlowSend })
    slow.type('Good morning')
    act(() => {
      for (let i = 0; i < 3; i++) slow.field.form?.requestSubmit()
    })
    expect(onSlowSend).toHaveBeenCalledTimes(1)
    expect(screen.getByRole('button', { name: 'Saving…' })).toBeTruthy()
    await act(async () => answer())
    expect(slow.field.value).toBe('')
  })

  test('U4 says offline that the message will be sent later', () => {
    on('desktop')
    compose({ notice: en.composer.queuedHint })
    expect(screen.getByText(/will be sent when you are connected again/)).toBeTruthy()
  })
})
