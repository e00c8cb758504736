// @vitest-environment happy-dom
import type { ChatRoom, ChatService, ChatState, Session } from '@bedside/core'
import {
  APPOINTMENT,
  createFakeClinic,
  createFakeTransport,
  createVirtualClock,
  createVirtualEnv,
  DOCTOR,
  type FakeClinic,
  type FakeTransport,
  openChatService,
  openSession,
  PATIENT,
  type VirtualClock,
  type VirtualEnv,
} from '@bedside/core/testing'
import { act, cleanup, renderHook } from '@testing-library/react'
import { StrictMode } from 'react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useAppointments } from './use-appointments.ts'
import { useChat } from './use-chat.ts'
import { useClinic } from './use-clinic.ts'
import { useConnection } from './use-connection.ts'
import { usePresence } from './use-presence.ts'
import { useRooms } from './use-rooms.ts'
import { useSession } from './use-session.ts'
import { useTyping } from './use-typing.ts'

let clock: VirtualClock
let clinic: FakeClinic
let env: VirtualEnv
let transport: FakeTransport
let chat: ChatService
let baseline: { timers: number; listeners: number }
/** Who listens to the connection of `chat`. */
let watchers: number

const advance = (ms: number) => act(() => clock.advance(ms))
const calls = (name: string) => transport.calls.filter(call => call.name === name).length

/** Frames of the virtual clock, 60 a second, that somebody waits for. */
const frames = new Map<number, () => void>()
function stubFrames(): void {
  let count = 0
  vi.stubGlobal('requestAnimationFrame', (run: (at: number) => void) => {
    const id = ++count
    const clear = clock.setTimer(() => {
      frames.delete(id)
      run(clock.now())
    }, 16)
    frames.set(id, clear)
    return id
  })
  vi.stubGlobal('cancelAnimationFrame', (id: number) => {
    frames.get(id)?.()
    frames.delete(id)
  })
}

beforeEach(async () => {
  clock = createVirtualClock()
  stubFrames()
  clinic = createFakeClinic(clock)
  env = createVirtualEnv(1, clock)
  transport = createFakeTransport(clinic, env, PATIENT)
  chat = watched(openChatService({ env, transport }, PATIENT))
  await clock.advance(1_000)
  baseline = { timers: clock.timerCount(), listeners: env.listenerCount }
})

afterEach(async () => {
  cleanup()
  expect(frames.size).toBe(0)
  await clock.advance(0)
  // The service is still open: what is gone now went with the components.
  expect({ timers: clock.timerCount(), listeners: env.listenerCount }).toEqual(baseline)
  expect(transport.openTopics).toEqual([`user:${PATIENT}`])
  expect(watchers).toBe(0)
  chat.close()
  await clock.settle()
  expect({
    timers: clock.timerCount(),
    listeners: env.listenerCount,
    topics: transport.openTopics,
    listenersToAuth: transport.authListenerCount,
  }).toEqual({ timers: 0, listeners: 0, topics: [], listenersToAuth: 0 })
  vi.unstubAllGlobals()
})

function watched(service: ChatService): ChatService {
  const { connection } = service
  watchers = 0
  return {
    ...service,
    connection: {
      get current() {
        return connection.current
      },
      subscribe(listener) {
        const unsubscribe = connection.subscribe(listener)
        watchers++
        return () => {
          watchers--
          unsubscribe()
        }
      },
    },
  }
}

describe('C28: a burst', () => {
  const burst = (n: number) => {
    const { id: roomId } = clinic.room(APPOINTMENT)
    for (let i = 1; i <= n; i++)
      clinic.send(DOCTOR, { id: `burst-${i}`, roomId, body: `${i}`, replyTo: null })
  }
  const shown = (state: ChatState) => (state.is === 'ready' ? state.messages.length : -1)

  // On a busy machine the real time after which no frame is waited for would pass meanwhile.
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('of a hundred messages renders at most once a frame, and ends with all of them', async () => {
    let renders = 0
    const { result } = renderHook(() => {
      renders++
      return useChat(chat, APPOINTMENT)
    })
    await advance(1_000)
    const before = renders
    burst(100)
    await advance(15)
    expect(renders - before).toBeLessThanOrEqual(1)
    let frames = 1
    for (; shown(result.current.state) < 100; frames++) await advance(16)
    expect(renders - before).toBeLessThanOrEqual(frames)
    await advance(1_000)
    expect(shown(result.current.state)).toBe(100)
  })

  it('that is still being told when the component goes leaves nothing behind', async () => {
    const { unmount } = renderHook(() => useChat(chat, APPOINTMENT), { wrapper: StrictMode })
    await advance(1_000)
    burst(10)
    await advance(5)
    expect(frames.size).toBe(1)
    unmount()
    expect(frames.size).toBe(0)
    await clock.advance(1_000)
  })

  it('reaches a hidden page, which has no frames', async () => {
    vi.stubGlobal('requestAnimationFrame', () => 0)
    const { result } = renderHook(() => useChat(chat, APPOINTMENT))
    await advance(1_000)
    await act(() => vi.advanceTimersByTimeAsync(100))
    burst(10)
    await advance(1_000)
    await act(() => vi.advanceTimersByTimeAsync(100))
    expect(shown(result.current.state)).toBe(10)
    cleanup()
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('C20: useChat, under StrictMode', () => {
  const start = (appointmentId = APPOINTMENT) =>
    renderHook(({ id }) => useChat(chat, id), { initialProps: { id: appointmentId }, wrapper: StrictMode })

  it('opens the room once, shows what comes in, and sends', async () => {
    const { result } = start()
    expect(result.current.state).toEqual({ is: 'loading' })
    await advance(1_000)
    const { actions } = result.current
    act(() => {
      actions.send({ body: 'hello' })
    })
    expect(result.current.state).toMatchObject({ is: 'ready', outgoing: [{ body: 'hello' }] })
    await advance(1_000)
    clinic.send(DOCTOR, { id: 'm2', roomId: clinic.room(APPOINTMENT).id, body: 'hi', replyTo: null })
    await advance(1_000)
    expect(result.current.state).toMatchObject({
      messages: [{ body: 'hello' }, { body: 'hi' }],
      outgoing: [],
    })
    expect(result.current.actions).toBe(actions)
    expect(transport.openTopics).toHaveLength(3)
    // Once to open, once more when the topic was joined.
    expect(calls('openRoom')).toBe(2)
  })

  it('leaves one room and enters the other', async () => {
    const { result, rerender } = start()
    await advance(1_000)
    rerender({ id: 'appointment-2' })
    expect(result.current.state).toEqual({ is: 'loading' })
    await advance(1_000)
    expect(result.current.state).toMatchObject({ is: 'ready', appointment: { id: 'appointment-2' } })
    const { id } = clinic.room('appointment-2')
    expect(transport.openTopics.sort()).toEqual([`live:${id}:1`, `room:${id}:1`, `user:${PATIENT}`])
  })

  it('two components share one room', async () => {
    const first = start()
    const second = start()
    await advance(1_000)
    expect(calls('openRoom')).toBe(2)
    first.unmount()
    await advance(1_000)
    act(() => {
      second.result.current.actions.send({ body: 'still here' })
    })
    await advance(1_000)
    expect(second.result.current.state).toMatchObject({ messages: [{ body: 'still here' }] })
  })

  it('does not swallow words when there is no room', async () => {
    const { result, unmount } = start()
    await advance(1_000)
    const { actions } = result.current
    unmount()
    expect(() => actions.send({ body: 'into nothing' })).toThrow('unavailable: room-not-open')
    actions.markRead(1)
    await actions.loadOlder()
  })
})

describe('C26: useChat’s verbs, under StrictMode', () => {
  it('reach the room while there is one, and reject before and after', async () => {
    const { result, unmount } = renderHook(() => useChat(chat, APPOINTMENT), { wrapper: StrictMode })
    const { actions } = result.current
    await advance(1_000)
    let id = ''
    act(() => {
      id = actions.send({ body: 'wrogn' })
      actions.saveDraft({ body: 'next' })
    })
    await advance(1_000)
    const editing = actions.edit(id, 'wrong')
    await advance(1_000)
    expect(await editing).toMatchObject({ body: 'wrong' })
    expect(result.current.state).toMatchObject({ messages: [{ body: 'wrong' }] })
    expect(result.current.actions).toBe(actions)
    unmount()
    await clock.advance(1_000)
    await expect(actions.edit(id, 'never')).rejects.toMatchObject({ kind: 'unavailable' })
    await expect(actions.canReply()).rejects.toMatchObject({ detail: 'room-not-open' })
    actions.setTyping(true)
    actions.saveDraft({ body: 'to nobody' })
    expect(clinic.room(APPOINTMENT).drafts.get(PATIENT)?.body).toBe('next')
    expect(calls('editMessage')).toBe(1)
  })
})

describe('C27: who types and who is there, under StrictMode', () => {
  let doctor: ChatService
  let theirs: ChatRoom
  let others: VirtualEnv

  beforeEach(async () => {
    others = createVirtualEnv(2, clock)
    doctor = openChatService({ env: others, transport: createFakeTransport(clinic, others, DOCTOR) }, DOCTOR)
    theirs = doctor.openRoom(APPOINTMENT)
    await clock.advance(1_000)
  })

  afterEach(async () => {
    cleanup()
    doctor.close()
    await clock.advance(1_000)
  })

  it('useTyping and usePresence follow the room, and leave it', async () => {
    const typing = renderHook(() => useTyping(chat, APPOINTMENT), { wrapper: StrictMode })
    const presence = renderHook(() => usePresence(chat, APPOINTMENT), { wrapper: StrictMode })
    expect([typing.result.current, presence.result.current]).toEqual([[], []])
    await advance(1_000)
    expect(presence.result.current).toEqual([DOCTOR])
    theirs.setTyping(true)
    await advance(100)
    expect(typing.result.current).toEqual([DOCTOR])
    // One room for both.
    expect(transport.openTopics).toHaveLength(3)
    typing.unmount()
    await advance(10_000)
    expect(presence.result.current).toEqual([DOCTOR])
    presence.unmount()
    await advance(1_000)
    expect(transport.openTopics).toEqual([`user:${PATIENT}`])
  })

  it('somebody’s keystroke renders who shows it, and not the chat', async () => {
    const renders = { chat: 0, typing: 0 }
    renderHook(() => {
      renders.chat++
      return useChat(chat, APPOINTMENT)
    })
    const typing = renderHook(() => {
      renders.typing++
      return useTyping(chat, APPOINTMENT)
    })
    await advance(1_000)
    const before = { ...renders }
    for (let stroke = 0; stroke < 20; stroke++) {
      theirs.setTyping(true)
      await advance(200)
    }
    expect(typing.result.current).toEqual([DOCTOR])
    expect({ chat: renders.chat - before.chat, typing: renders.typing - before.typing }).toEqual({
      chat: 0,
      typing: 1,
    })
  })

  it('another appointment is another room', async () => {
    const { result, rerender } = renderHook(({ id }) => usePresence(chat, id), {
      initialProps: { id: APPOINTMENT },
      wrapper: StrictMode,
    })
    await advance(1_000)
    expect(result.current).toEqual([DOCTOR])
    rerender({ id: 'appointment-2' })
    expect(result.current).toEqual([])
    await advance(1_000)
    expect(result.current).toEqual([])
    const { id } = clinic.room('appointment-2')
    expect(transport.openTopics.sort()).toEqual([`live:${id}:1`, `room:${id}:1`, `user:${PATIENT}`])
  })
})

describe('C21: the other hooks, under StrictMode', () => {
  it('useAppointments lists and follows', async () => {
    clinic.room(APPOINTMENT)
    const { result } = renderHook(() => useAppointments(chat, 'upcoming'), { wrapper: StrictMode })
    expect(result.current.state.isLoading).toBe(true)
    await advance(1_000)
    expect(result.current.state).toMatchObject({
      isLoading: false,
      page: { appointments: [{ id: APPOINTMENT }] },
    })
    clinic.send(DOCTOR, { id: 'm1', roomId: clinic.room(APPOINTMENT).id, body: 'x', replyTo: null })
    await advance(1_000)
    expect(result.current.state.page?.appointments[0]?.room?.unread).toBe(1)
    const reloading = result.current.reload()
    await advance(1_000)
    await reloading
  })

  it('useRooms lists and follows', async () => {
    clinic.room(APPOINTMENT)
    const { result } = renderHook(() => useRooms(chat), { wrapper: StrictMode })
    expect(result.current.state.isLoading).toBe(true)
    await advance(1_000)
    expect(result.current.state).toMatchObject({
      isLoading: false,
      page: { rooms: [{ appointmentId: APPOINTMENT, unread: 0 }], hasMore: false },
    })
    clinic.send(DOCTOR, { id: 'm1', roomId: clinic.room(APPOINTMENT).id, body: 'x', replyTo: null })
    await advance(1_000)
    expect(result.current.state.page?.rooms[0]?.unread).toBe(1)
    const asked = [result.current.reload(), result.current.loadMore()]
    await advance(1_000)
    await Promise.all(asked)
    expect(calls('listRooms')).toBeGreaterThan(2)
  })

  it('useConnection tells of the connection', async () => {
    const { result } = renderHook(() => useConnection(chat), { wrapper: StrictMode })
    expect(result.current).toEqual({ is: 'live' })
    act(() => env.online.set(false))
    expect(result.current).toEqual({ is: 'offline' })
    act(() => env.online.set(true))
    await advance(1_000)
    expect(result.current).toEqual({ is: 'live' })
  })

  it('useClinic knows the clinic, and asks again when the connection is back', async () => {
    const { result } = renderHook(() => useClinic(chat), { wrapper: StrictMode })
    expect(result.current).toBeNull()
    await advance(1_000)
    expect(result.current).toMatchObject({ name: 'The clinic' })
    const asked = calls('getClinic')
    act(() => env.online.set(false))
    await advance(1_000)
    act(() => env.online.set(true))
    await advance(1_000)
    expect(calls('getClinic')).toBeGreaterThan(asked)
  })

  it('useSession tells who is signed in', async () => {
    const other = createVirtualEnv(2, clock)
    const session: Session = openSession({
      env: other,
      transport: createFakeTransport(clinic, other, DOCTOR),
    })
    const { result, unmount } = renderHook(() => useSession(session), { wrapper: StrictMode })
    expect(result.current).toEqual({ is: 'loading' })
    await advance(1_000)
    expect(result.current).toMatchObject({ is: 'signed-in', profile: { id: DOCTOR } })
    await act(() => session.signOut())
    expect(result.current).toEqual({ is: 'signed-out', reason: 'signed-out' })
    unmount()
    session.close()
    expect(other.listenerCount).toBe(0)
  })
})
