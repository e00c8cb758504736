// @vitest-environment happy-dom
import { ChatError, type Message, type ReadyChat, verbsThrough } from '@bedside/core'
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { doctor, message, patient, readyChat, room } from '../testing/clinic.ts'
import { layOut } from '../testing/layout.ts'
import { ChatInterface } from './chat-interface.tsx'

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

const theirs = message(1, doctor.id, 'Does it hurt at night?')
const mine = message(2, patient.id, 'Only on the left')

function show(change: Partial<ReadyChat> = {}) {
  const edit = vi.fn<(id: string, body: string) => Promise<Message>>(async () => mine)
  const retract = vi.fn<(id: string) => Promise<Message>>(async () => mine)
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
    edit,
    retract,
  }
  const view = (now: Partial<ReadyChat>) => (
    <ChatInterface chat={readyChat({ messages: [theirs, mine], ...now })} actions={actions} />
  )
  const { rerender } = render(view(change))
  layOut()
  return { actions, edit, retract, change: (now: Partial<ReadyChat>) => rerender(view(now)) }
}

const toggles = () => screen.getAllByRole('button', { name: /^What to do with the message/ })
const open = (index: 0 | 1) => fireEvent.click(toggles()[index] as HTMLElement)
const press = (name: string) => fireEvent.click(screen.getByRole('button', { name }))
const names = () => [...document.querySelectorAll('.bs-actions button')].map(each => each.textContent)
const field = () => screen.getByRole<HTMLTextAreaElement>('textbox')
const type = (text: string) => fireEvent.change(field(), { target: { value: text } })
const settled = () => act(async () => {})

describe('U39 what can be done with a message', () => {
  test('is offered by whose it is, and by whether one may write', () => {
    vi.stubGlobal('navigator', { clipboard: { writeText: async () => {} } })
    show()
    open(0)
    expect(names()).toEqual(['Reply', 'Copy'])
    open(0)
    open(1)
    expect(names()).toEqual(['Reply', 'Copy', 'Edit', 'Remove'])
    cleanup()
    show({ room: room({ replyBlock: 'room_closed' }) })
    open(1)
    expect(names()).toEqual(['Copy', 'Remove'])
    cleanup()
    show({ freshness: 'cached' })
    expect(screen.queryAllByRole('button', { name: /^What to do/ })).toEqual([])
    cleanup()
    show({ messages: [{ ...mine, body: null, retractedAt: mine.createdAt }] })
    expect(screen.queryAllByRole('button', { name: /^What to do/ })).toEqual([])
  })

  test('closes on Escape', () => {
    show()
    open(0)
    expect(toggles()[0]?.getAttribute('aria-expanded')).toBe('true')
    fireEvent.keyDown(screen.getByRole('button', { name: 'Reply' }), { key: 'Escape' })
    expect(names()).toEqual([])
    expect(toggles()[0]?.getAttribute('aria-expanded')).toBe('false')
    expect(document.activeElement).toBe(toggles()[0])
    open(0)
    fireEvent.keyDown(toggles()[0] as HTMLElement, { key: 'Escape' })
    expect(names()).toEqual([])
  })

  test('copies the text as it was written', async () => {
    const writeText = vi.fn(async () => {})
    vi.stubGlobal('navigator', { clipboard: { writeText } })
    show()
    open(0)
    press('Copy')
    await settled()
    expect(writeText).toHaveBeenCalledWith('Does it hurt at night?')
    expect(names()).toContain('Copied')
  })
})

describe('U40 an answer', () => {
  test('shows what it answers, and is sent with it, once', () => {
    const { actions } = show()
    open(0)
    press('Reply')
    expect(screen.getByText('Reply to', { exact: false }).textContent).toContain('Dr. Amara Okafor')
    expect(document.activeElement).toBe(field())
    type('Yes, it does')
    press('Send')
    expect(actions.send).toHaveBeenCalledWith({ body: 'Yes, it does', replyTo: theirs.id })
    type('And in the morning')
    press('Send')
    expect(actions.send).toHaveBeenLastCalledWith({ body: 'And in the morning', replyTo: null })
  })

  test('is a new message after all, when cancelled or when what it answers was removed', () => {
    const { actions, change } = show()
    open(0)
    press('Reply')
    type('Yes')
    press('Write without answering this message')
    expect(field().value).toBe('Yes')
    open(0)
    press('Reply')
    fireEvent.keyDown(field(), { key: 'Escape' })
    expect(screen.queryByText('Reply to', { exact: false })).toBeNull()
    open(0)
    press('Reply')
    change({ messages: [{ ...theirs, body: null, retractedAt: theirs.createdAt }, mine] })
    press('Send')
    expect(actions.send).toHaveBeenCalledWith({ body: 'Yes', replyTo: null })
  })
})

describe('U41 an edit', () => {
  test('begins with the text as it is, and leaves what was being written alone', async () => {
    const { edit, actions } = show()
    type('a new thought')
    open(1)
    press('Edit')
    expect(field().value).toBe('Only on the left')
    expect(document.activeElement).toBe(field())
    type('Only on the right')
    press('Save')
    await settled()
    expect(edit).toHaveBeenCalledWith(mine.id, 'Only on the right')
    expect(field().value).toBe('a new thought')
    expect(actions.send).not.toHaveBeenCalled()
    expect(actions.saveDraft.mock.calls.flat()).toEqual([{ body: 'a new thought', replyTo: null }])
  })

  test('that is refused says why, and keeps the words', async () => {
    const { edit } = show()
    edit.mockRejectedValueOnce(new ChatError('conflict', { word: 'edit_window_over', detail: '15' }))
    open(1)
    press('Edit')
    type('too late')
    press('Save')
    await settled()
    expect(screen.getByRole('alert').textContent).toMatch(/The time to change it is over/)
    expect(field().value).toBe('too late')
    press('Leave it as it was')
    expect(field().value).toBe('')
  })

  test('of the last one begins with the arrow up in an empty field only', () => {
    show()
    type('x')
    fireEvent.keyDown(field(), { key: 'ArrowUp' })
    expect(field().value).toBe('x')
    type('')
    fireEvent.keyDown(field(), { key: 'ArrowUp' })
    expect(field().value).toBe('Only on the left')
    expect(field().selectionStart).toBe('Only on the left'.length)
    fireEvent.keyDown(field(), { key: 'Escape' })
    expect(field().value).toBe('')
  })
})

describe('U42 removing', () => {
  test('asks first, and says so when it did not work', async () => {
    const { retract } = show()
    open(1)
    press('Remove')
    expect(retract).not.toHaveBeenCalled()
    expect(document.activeElement?.textContent).toBe('Keep it')
    press('Keep it')
    expect(names()).toEqual([])
    expect(document.activeElement).toBe(toggles()[1])
    retract.mockRejectedValueOnce(new ChatError('offline'))
    open(1)
    press('Remove')
    press('Yes, remove it')
    await settled()
    expect(document.querySelector('.bs-actions [role=status]')?.textContent).toMatch(/You are offline/)
    open(1)
    open(1)
    press('Remove')
    press('Yes, remove it')
    await settled()
    expect(retract).toHaveBeenCalledTimes(2)
    expect(names()).toEqual([])
    expect(document.activeElement?.className).toBe('bs-row')
    expect(document.activeElement?.textContent).toContain('Only on the left')
  })
})
