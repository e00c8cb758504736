// @vitest-environment happy-dom
import { doctor, otherDoctor, participant, patient, readyChat, room } from '@bedside/react/testing'
import { createMemoryHistory } from '@tanstack/react-router'
import { cleanup, render, screen } from '@testing-library/react'
import { afterEach, describe, expect, test } from 'vitest'
import { App } from '../../app.tsx'
import { createFakeSession, listOf } from '../../testing/fake-session.ts'

afterEach(cleanup)

async function open(present: readonly string[]) {
  const participants = [patient, doctor, otherDoctor].map(each => participant(each))
  const session = createFakeSession(
    {
      lists: { upcoming: listOf([]), past: listOf([]) },
      rooms: { a1: readyChat({ room: room({ participants }) }) },
      ...{ accounts: {}, present },
    },
    patient,
  )
  const history = createMemoryHistory({ initialEntries: ['/appointments/a1/chat'] })
  const config = { url: '', key: '', demoAccounts: [], passwordReset: true, idle: {} }
  render(<App session={session} config={config} history={history} />)
  const heading = await screen.findByRole('heading', { level: 1 })
  return { header: heading.parentElement as HTMLElement }
}
const marks = (within: ParentNode) => [...within.querySelectorAll<HTMLElement>('.bs-presence')]

describe('U77 who has the chat open', () => {
  test('U77 has a mark at their name, in words too', async () => {
    const { header } = await open([doctor.id])
    const [mark] = marks(header)
    expect([mark?.textContent, mark?.title]).toEqual(['In the chat now', 'In the chat now'])
    const named = marks(document).map(each => each.closest('li')?.textContent ?? 'header')
    expect(named).toEqual([
      'header',
      // Beside the chat, of three participants.
      expect.stringContaining('Dr. Amara Okafor In the chat now'),
    ])
  })

  test('U77 the one in the header is the other’s, not a colleague’s', async () => {
    const { header } = await open([otherDoctor.id])
    expect(marks(header)).toEqual([])
    expect(marks(document).map(each => each.closest('li')?.textContent)).toEqual([
      expect.stringContaining('Dr. Luis Ortega In the chat now'),
    ])
  })

  test('U77 of who has not there is none', async () => {
    await open([])
    expect(marks(document)).toEqual([])
  })
})
