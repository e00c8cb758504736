// @vitest-environment happy-dom
import {
  type Cancellable,
  ChatError,
  type Participant,
  type ReadyChat,
  type ReceiptTimes,
  verbsThrough,
} from '@bedside/core'
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { StringsProvider } from '../strings/strings-provider.tsx'
import {
  doctor,
  message,
  NOW,
  otherDoctor,
  participant,
  patient,
  readyChat,
  room,
} from '../testing/clinic.ts'
import { layOut } from '../testing/layout.ts'
import { ChatInterface } from './chat-interface.tsx'

const theirs = message(1, doctor.id, 'Does it hurt at night?')
const mine = message(2, patient.id, 'Only on the left')

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date(NOW) })
})
afterEach(() => {
  cleanup()
  vi.useRealTimers()
})

const read: Partial<Participant> = { deliveredSeq: 2, readSeq: 2 }
const delivered: Partial<Participant> = { deliveredSeq: 2, readSeq: 1 }

function chatWith(doctors: Partial<Participant>, colleagues: Partial<Participant> = {}): ReadyChat {
  const people = [
    participant(patient),
    participant(doctor, doctors),
    participant(otherDoctor, { role: 'care_team', ...colleagues }),
  ]
  return readyChat({ messages: [theirs, mine], room: room({ participants: people }) })
}

interface Question {
  id: string
  signal: Cancellable['signal']
  answer(times: ReceiptTimes[]): Promise<void>
  fail(): Promise<void>
}

function show(first: ReadyChat, { locale = 'en-GB', timeZone = 'Europe/London' } = {}) {
  const questions: Question[] = []
  const receiptsOf = (id: string, { signal }: Cancellable = {}) =>
    new Promise<ReceiptTimes[]>((resolve, reject) => {
      questions.push({
        id,
        signal,
        answer: times => act(async () => resolve(times)),
        fail: () => act(async () => reject(new ChatError('offline'))),
      })
    })
  const nothing = () => {}
  const actions = {
    ...{ send: () => 'id', retry: nothing, discard: nothing, loadOlder: async () => {}, markRead: nothing },
    ...{ saveDraft: nothing, setTyping: nothing, reconnect: nothing },
    ...verbsThrough(() => Promise.reject(new Error('not in this test'))),
    receiptsOf,
  }
  const view = (chat: ReadyChat) => (
    <StringsProvider locale={locale} timeZone={timeZone}>
      <ChatInterface chat={chat} actions={actions} />
    </StringsProvider>
  )
  const { rerender } = render(view(first))
  layOut()
  return { questions, change: (chat: ReadyChat) => rerender(view(chat)) }
}

const toggle = (index: number) =>
  fireEvent.click(
    screen.getAllByRole('button', { name: /^What to do with the message/ })[index] as HTMLElement,
  )
/** What is written of each of the others, without the marks that keep it together. */
const written = () =>
  [...document.querySelectorAll('.bs-receipts .bs-receipt')].map(each =>
    each.textContent?.replaceAll(/[\u2068\u2069]/g, ''),
  )
const times = (person: { id: string }, deliveredAt: string | null, readAt: string | null): ReceiptTimes => ({
  userId: person.id,
  deliveredAt,
  readAt,
})

describe('U83 the menu of one’s own message', () => {
  test('says who has it and since when, in the reader’s zone, with the day where it was not today', async () => {
    const { questions } = show(chatWith(read, delivered), { timeZone: 'Europe/Madrid' })
    expect(questions).toEqual([])
    toggle(1)
    expect(questions.map(({ id }) => id)).toEqual([mine.id])
    expect(written()).toEqual(['Read', 'Delivered'])
    await questions[0]?.answer([
      times(doctor, '2026-11-23T08:00:00.000Z', '2026-11-23T09:42:00.000Z'),
      times(otherDoctor, '2026-11-22T18:05:00.000Z', null),
    ])
    expect(written()).toEqual(['Read 10:42', 'Delivered yesterday, 19:05'])
    expect(document.querySelector('.bs-receipts [aria-busy], .bs-receipts [role]')).toBeNull()
  })

  test('says it without a time where there is none', async () => {
    const { questions } = show(chatWith(read))
    toggle(1)
    await questions[0]?.answer([
      times(doctor, '2026-11-20T08:00:00.000Z', null),
      times(otherDoctor, null, null),
    ])
    expect(written()).toEqual(['Read', 'Sent'])
  })

  test('names the day of what is longer ago', async () => {
    const { questions } = show(chatWith(read))
    toggle(1)
    await questions[0]?.answer([times(doctor, null, '2026-11-02T09:42:00.000Z')])
    expect(written()[0]).toMatch(/^Read 2 Nov 2026,? (at )?9:42$/)
  })

  test('says nothing of its own when it cannot be known: the words stand', async () => {
    const { questions } = show(chatWith(read, delivered))
    toggle(1)
    await questions[0]?.fail()
    expect(written()).toEqual(['Read', 'Delivered'])
    expect(screen.queryByText(/offline/i)).toBeNull()
    expect(document.querySelector('.bs-actions [role=status]')?.textContent).toBe('')
  })

  test('asks no more once it is closed, and anew when it is opened again', async () => {
    const { questions } = show(chatWith(read))
    toggle(1)
    expect(questions[0]?.signal?.aborted).toBe(false)
    toggle(1)
    expect(questions[0]?.signal?.aborted).toBe(true)
    await questions[0]?.answer([times(doctor, null, '2026-11-23T09:00:00.000Z')])
    toggle(1)
    expect(written()).toEqual(['Read', 'Sent'])
    await questions[1]?.answer([times(doctor, null, '2026-11-23T09:42:00.000Z')])
    expect(written()).toEqual(['Read 9:42', 'Sent'])
  })

  test('asks again when a receipt comes meanwhile, not when anything else does, and keeps what it says', async () => {
    const { questions, change } = show(chatWith(read, delivered))
    toggle(1)
    const answered = [
      times(doctor, null, '2026-11-23T09:42:00.000Z'),
      times(otherDoctor, '2026-11-23T09:43:00.000Z', null),
    ]
    await questions[0]?.answer(answered)
    change(chatWith({ ...read, deliveredSeq: 3, readSeq: 3 }, delivered))
    expect(questions).toHaveLength(1)
    change(chatWith(read, read))
    expect(questions).toHaveLength(2)
    // Until it is known when.
    expect(written()).toEqual(['Read 9:42', 'Read'])
    await questions[1]?.answer([
      times(doctor, null, '2026-11-23T09:42:00.000Z'),
      times(otherDoctor, '2026-11-23T09:43:00.000Z', '2026-11-23T09:50:00.000Z'),
    ])
    expect(written()).toEqual(['Read 9:42', 'Read 9:50'])
  })

  test('keeps to the latest question, whichever is answered first', async () => {
    const { questions, change } = show(chatWith(delivered))
    toggle(1)
    change(chatWith(read))
    await questions[1]?.answer([times(doctor, null, '2026-11-23T09:42:00.000Z')])
    await questions[0]?.answer([times(doctor, '2026-11-23T09:30:00.000Z', null)])
    expect(written()[0]).toBe('Read 9:42')
  })

  test('asks nothing of what somebody else wrote', () => {
    const { questions } = show(chatWith(read))
    toggle(0)
    expect(questions).toEqual([])
  })
})
