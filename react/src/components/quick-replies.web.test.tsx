// @vitest-environment happy-dom
import { ChatError, type QuickReply } from '@bedside/core'
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { MessageInput } from './message-input.tsx'
import { QuickReplies } from './quick-replies.tsx'

afterEach(cleanup)

const reply = (title: string, body: string, locale: string | null = null): QuickReply => ({
  ...{ id: title, title, body, locale, isShared: true },
})
const replies = [reply('Card', 'Please bring your card.', 'en'), reply('Agua', 'Beba agua.', 'es')]

function show(load = vi.fn(async (): Promise<QuickReply[]> => replies)) {
  const onDraft = vi.fn<(body: string) => void>()
  render(
    <MessageInput
      label="Message"
      onSend={() => {}}
      onDraft={onDraft}
      tools={insert => <QuickReplies load={load} onChoose={insert} />}
    />,
  )
  const press = (name: RegExp | string) =>
    act(async () => fireEvent.click(screen.getByRole('button', { name })))
  return { load, onDraft, press, field: screen.getByRole<HTMLTextAreaElement>('textbox') }
}

describe('U45 quick replies', () => {
  test('are put where the cursor is, to be read before they are sent', async () => {
    const { field, press, onDraft } = show()
    fireEvent.change(field, { target: { value: 'Good morning. Goodbye.' } })
    field.setSelectionRange(13, 14)
    await press('Quick replies')
    await press(/Please bring/)
    expect(field.value).toBe('Good morning.Please bring your card.Goodbye.')
    expect(onDraft).toHaveBeenLastCalledWith(field.value)
    expect(document.activeElement).toBe(field)
    expect(screen.queryByRole('list')).toBeNull()
  })

  test('are asked for when they are wanted; each is spoken in its own language', async () => {
    const { load, press } = show()
    expect(load).not.toHaveBeenCalled()
    await press('Quick replies')
    expect(screen.getByText('Agua').closest('li')?.lang).toBe('es')
    fireEvent.keyDown(screen.getByText('Agua'), { key: 'Escape' })
    expect(screen.queryByRole('list')).toBeNull()
    expect(document.activeElement?.textContent).toBe('Quick replies')
  })

  test('say so when there are none, and when they cannot be had', async () => {
    const { load, press } = show(vi.fn(async () => []))
    await press('Quick replies')
    expect(screen.getAllByRole('status')[0]?.textContent).toBe('There are no quick replies yet.')
    await press('Quick replies')
    load.mockRejectedValueOnce(new ChatError('offline'))
    await press('Quick replies')
    expect(screen.getAllByRole('status')[0]?.textContent).toMatch(/You are offline/)
  })
})
