/** The hooks over the wire: React, core, unmodified supabase-js, the gateway, Realtime, PostgreSQL. */
import {
  type ChatService,
  createSession,
  createStore,
  type Env,
  type HttpResponse,
  type NetworkEnv,
  type Session,
} from '@bedside/core'
import {
  createMemoryCache,
  createMemoryDrafts,
  createMemoryOutbox,
  createSingleTab,
} from '@bedside/core/memory'
import { Window } from 'happy-dom'
import { v7 as uuidv7 } from 'uuid'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { signedIn, testStack } from '../../../local/src/testing/index.ts'

const stack = await testStack({ seed: true })
const ROSA = 'rosa.delgado@bedside.example'
const INES_ID = 'd0000000-0000-4000-8000-000000000001'
const APPOINTMENT = 'b0000000-0000-4000-8000-000000000001'
const WITHIN = { timeout: 10_000, interval: 10 }

// React asks for a page as soon as it is imported. The network stays Node's own.
const page = new Window()
for (const [name, value] of Object.entries({
  window: page,
  document: page.document,
  navigator: page.navigator,
  requestAnimationFrame: page.requestAnimationFrame.bind(page),
  cancelAnimationFrame: page.cancelAnimationFrame.bind(page),
}))
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true })
const { act, cleanup, renderHook } = await import('@testing-library/react')
const { StrictMode } = await import('react')
const { useAppointments } = await import('./use-appointments.ts')
const { useChat } = await import('./use-chat.ts')
const { useConnection } = await import('./use-connection.ts')
const { usePresence } = await import('./use-presence.ts')
const { useRooms } = await import('./use-rooms.ts')
const { useSession } = await import('./use-session.ts')
const { useTyping } = await import('./use-typing.ts')

/** What is running and listened to at this moment. */
const open = { timers: 0, listeners: 0, topics: new Set<string>() }

function counted(initial: boolean): Env['online'] {
  const store = createStore(initial)
  return {
    get current() {
      return store.current
    },
    subscribe(listener) {
      const unsubscribe = store.subscribe(listener)
      open.listeners++
      return () => {
        open.listeners--
        unsubscribe()
      }
    },
  }
}

/** Follows which topics are joined and left, by the frames that leave. */
class WatchedSocket extends WebSocket {
  override send(data: string | Buffer) {
    const [, , topic, event] = JSON.parse(String(data)) as [unknown, unknown, string, string]
    if (event === 'phx_join') open.topics.add(topic)
    if (event === 'phx_leave') open.topics.delete(topic)
    super.send(data)
  }
}

const tokens = new Map<string, string>()
const env: Env = {
  now: () => Date.now(),
  setTimer(run, ms) {
    open.timers++
    const end = () => {
      open.timers -= isOver ? 0 : 1
      isOver = true
    }
    let isOver = false
    const timer = setTimeout(() => {
      end()
      run()
    }, ms)
    return () => {
      clearTimeout(timer)
      end()
    }
  },
  randomId: () => uuidv7(),
  random: () => Math.random(),
  storage: createMemoryOutbox(),
  cache: createMemoryCache(),
  drafts: createMemoryDrafts(),
  tabs: createSingleTab(),
  online: counted(true),
  visible: counted(true),
  network: {
    fetch: async (url, request) => (await fetch(url, request as RequestInit)) as HttpResponse,
    WebSocket: WatchedSocket as unknown as NetworkEnv['WebSocket'],
    heartbeatWorkerUrl: null,
    tokens: {
      getItem: key => tokens.get(key) ?? null,
      setItem: (key, value) => {
        tokens.set(key, value)
      },
      removeItem: key => {
        tokens.delete(key)
      },
    },
  },
}

let session: Session
let resting: { timers: number; listeners: number }
let chat: ChatService
const until = (check: () => void) => act(() => vi.waitFor(check, WITHIN))
const says = (body: string, id = uuidv7()) =>
  stack.database.as(
    signedIn(INES_ID),
    'select public.send_message($1, (select id from public.chat_rooms where appointment_id = $2), $3)',
    [id, APPOINTMENT, body],
    { commit: true },
  )

beforeAll(async () => {
  session = createSession({ url: stack.url, key: stack.publishableKey, env })
  await session.signIn(ROSA, 'bedside-demo')
  if (session.current.is !== 'signed-in') throw new Error(session.current.is)
  chat = session.current.chat
  await vi.waitFor(() => expect(chat.connection.current).toEqual({ is: 'live' }), WITHIN)
  // The socket's watch.
  await vi.waitFor(() => expect(open.timers).toBe(1), WITHIN)
  resting = { timers: open.timers, listeners: open.listeners }
})

afterEach(async () => {
  cleanup()
  // The service is still open: it listens to its own topic and watches its socket. All else went with the components.
  await vi.waitFor(() => {
    expect([...open.topics]).toEqual([expect.stringMatching(/^realtime:user:/)])
    expect(open).toMatchObject(resting)
  }, WITHIN)
})

afterAll(() => {
  session.close()
  expect(open).toMatchObject({ timers: 0, listeners: 0 })
})

describe('C30: over the wire, under StrictMode', () => {
  it('useChat shows the room, what comes in, and what is sent', async () => {
    const { result } = renderHook(() => useChat(chat, APPOINTMENT), { wrapper: StrictMode })
    await until(() => expect(result.current.state).toMatchObject({ connection: { is: 'live' } }))
    await says('how is the arm today?')
    const last = () =>
      result.current.state.is === 'ready' ? result.current.state.messages.at(-1) : undefined
    await until(() => expect(last()?.body).toBe('how is the arm today?'))
    act(() => {
      result.current.actions.send({ body: 'better, thank you' })
    })
    await until(() => expect(last()?.body).toBe('better, thank you'))
    expect(result.current.state).toMatchObject({ outgoing: [] })
    await act(() => result.current.actions.edit(last()?.id ?? '', 'much better, thank you'))
    await until(() => expect(last()?.body).toBe('much better, thank you'))
  })

  it('useRooms and useAppointments follow what happens', async () => {
    const rooms = renderHook(() => useRooms(chat), { wrapper: StrictMode })
    const visits = renderHook(() => useAppointments(chat, 'upcoming'), { wrapper: StrictMode })
    const unread = () =>
      rooms.result.current.state.page?.rooms.find(each => each.appointmentId === APPOINTMENT)?.unread
    await until(() => expect(unread()).toBeDefined())
    const before = unread() ?? 0
    await says('one more thing')
    await until(() => expect(unread()).toBe(before + 1))
    await until(() => {
      const visit = visits.result.current.state.page?.appointments.find(each => each.id === APPOINTMENT)
      expect(visit?.room?.unread).toBe(before + 1)
    })
  })

  it('usePresence, useTyping, useConnection and useSession tell what is so', async () => {
    const hooks = renderHook(
      () => ({
        presence: usePresence(chat, APPOINTMENT),
        typing: useTyping(chat, APPOINTMENT),
        connection: useConnection(chat),
        session: useSession(session),
      }),
      { wrapper: StrictMode },
    )
    await until(() => expect(open.topics.size).toBe(3))
    expect(hooks.result.current).toMatchObject({
      ...{ presence: [], typing: [], connection: { is: 'live' } },
      session: { is: 'signed-in', profile: { displayName: 'Rosa Delgado' } },
    })
  })

  it('opened and closed twenty times, a room leaves nothing behind', async () => {
    for (let i = 0; i < 20; i++) {
      const { unmount } = renderHook(() => useChat(chat, APPOINTMENT), { wrapper: StrictMode })
      await act(() => new Promise(resolve => setTimeout(resolve, i * 5)))
      unmount()
    }
  })
})
