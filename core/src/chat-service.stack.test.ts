/** The whole of core over the wire: unmodified supabase-js, the gateway, Realtime, PostgreSQL. */
import { v7 as uuidv7 } from 'uuid'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { signedIn as claimsOf, testStack } from '../../local/src/testing/index.ts'
import type { ChatRoom, ChatService, ReadyChat, Session } from './api.ts'
import type { Env, HttpRequest, HttpResponse, NetworkEnv } from './env.ts'
import { createMemoryCache } from './memory-cache.ts'
import { createMemoryDrafts } from './memory-drafts.ts'
import { createMemoryOutbox } from './memory-outbox.ts'
import { openSession } from './session.ts'
import { createSingleTab } from './single-tab.ts'
import { createStore, type WritableStore } from './store.ts'
import { createSupabaseTransport } from './supabase-transport.ts'

const stack = await testStack({ seed: true })
const ROSA = 'rosa.delgado@bedside.example'
const INES = 'ines.castellano@bedside.example'
const AMIRA = 'amira.haddad@bedside.example'
const DOCTOR = 'd0000000-0000-4000-8000-000000000001'
const COLLEAGUE = 'd0000000-0000-4000-8000-000000000002'
const ADMIN = 'c0000000-0000-4000-8000-000000000001'
const PASSWORD = 'bedside-demo'
const APPOINTMENT = 'b0000000-0000-4000-8000-000000000001'
const WITHIN = { timeout: 10_000, interval: 10 }

interface Device {
  session: Session
  env: Env & { online: WritableStore<boolean> }
  sockets: WebSocket[]
  /** Stands between core and the network. */
  fetch: NetworkEnv['fetch']
  chat(): ChatService
  room(): Promise<ChatRoom>
}

let devices: Device[] = []

function device(tokens = new Map<string, string>()): Device {
  const sockets: WebSocket[] = []
  const made: Device = {
    sockets,
    fetch: async (url, request) => (await fetch(url, request as RequestInit)) as HttpResponse,
    env: {
      now: () => Date.now(),
      setTimer(run, ms) {
        const timer = setTimeout(run, ms)
        return () => clearTimeout(timer)
      },
      randomId: () => uuidv7(),
      random: () => Math.random(),
      storage: createMemoryOutbox(),
      cache: createMemoryCache(),
      drafts: createMemoryDrafts(),
      tabs: createSingleTab(),
      online: createStore(true),
      visible: createStore(true),
      network: {
        fetch: (url: string, request: HttpRequest) => made.fetch(url, request),
        WebSocket: class extends WebSocket {
          constructor(url: string, protocols?: string | string[]) {
            super(url, protocols)
            sockets.push(this)
          }
        } as unknown as NetworkEnv['WebSocket'],
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
    },
    session: undefined as unknown as Session,
    chat() {
      if (made.session.current.is !== 'signed-in') throw new Error(made.session.current.is)
      return made.session.current.chat
    },
    async room() {
      const room = made.chat().openRoom(APPOINTMENT)
      await vi.waitFor(() => expect(ready(room).connection).toEqual({ is: 'live' }), WITHIN)
      return room
    },
  }
  const { env } = made
  const transport = createSupabaseTransport({ url: stack.url, key: stack.publishableKey, env })
  made.session = openSession({ env, transport })
  devices.push(made)
  return made
}

async function signedIn(email: string): Promise<Device> {
  const made = device()
  await made.session.signIn(email, PASSWORD)
  return made
}

function ready(room: ChatRoom): ReadyChat {
  if (room.current.is !== 'ready') throw new Error(`the room is ${JSON.stringify(room.current)}`)
  return room.current
}
const bodies = (room: ChatRoom) => ready(room).messages.map(each => each.body)
const newest = (room: ChatRoom, count: number) => bodies(room).slice(-count)
const has = (room: ChatRoom, ...last: (string | null)[]) =>
  vi.waitFor(() => expect(newest(room, last.length)).toEqual(last), WITHIN)

/** What this client has no verb for yet, by SQL as that person. */
async function does(userId: string, call: string, ...params: unknown[]): Promise<unknown> {
  const { rows } = await stack.database.as<{ answer: unknown }>(
    claimsOf(userId),
    `select ${call} as answer`,
    params,
    { commit: true },
  )
  return rows[0]?.answer
}

/** A participant's program that is not ours. */
async function forgerOn(topic: string, token: string) {
  const query = `apikey=${stack.publishableKey}&vsn=1.0.0`
  const socket = new WebSocket(`${stack.url.replace(/^http/u, 'ws')}/realtime/v1/websocket?${query}`)
  const put = (event: string, payload: unknown) =>
    socket.send(JSON.stringify({ topic: `realtime:${topic}`, event, payload, ref: '2', join_ref: '1' }))
  const isJoined = new Promise<void>((resolve, reject) => {
    socket.on('message', data => {
      const { event, payload } = JSON.parse(String(data)) as { event: string; payload: { status?: string } }
      if (event !== 'phx_reply') return
      if (payload.status === 'ok') resolve()
      else reject(new Error(JSON.stringify(payload)))
    })
    socket.on('error', reject)
  })
  await new Promise(resolve => socket.on('open', resolve))
  const presence = { key: 'nobody', enabled: true }
  put('phx_join', { config: { private: true, broadcast: {}, presence }, access_token: token })
  await isJoined
  return { put, close: () => socket.close() }
}

const written = vi.spyOn(console, 'error')
const warned = vi.spyOn(console, 'warn')
const logged = vi.spyOn(console, 'log')
beforeEach(() => {
  for (const each of [written, warned, logged]) each.mockClear()
})
afterEach(() => {
  for (const { session } of devices) session.close()
  devices = []
  for (const each of [written, warned, logged])
    expect(each, 'supabase-js wrote to the console').not.toHaveBeenCalled()
})

describe('two people, over the wire', () => {
  it('CM19: talk both ways, and see what the other has received and read', async () => {
    const rosa = await (await signedIn(ROSA)).room()
    const ines = await (await signedIn(INES)).room()
    const start = ready(rosa).messages.length
    rosa.send({ body: 'hello from Rosa' })
    await has(ines, 'hello from Rosa')
    expect(ready(ines).messages.at(-1)?.senderId).toBe(ready(rosa).me)
    const [question] = ready(ines).messages.slice(-1)
    ines.send({ body: 'hello from Inés', replyTo: question?.id ?? null })
    await has(rosa, 'hello from Rosa', 'hello from Inés')
    const seqs = ready(rosa).messages.map(each => each.seq)
    expect(seqs).toEqual(seqs.map((_, index) => index + 1))
    expect(seqs).toHaveLength(start + 2)
    rosa.markRead(start + 2)
    const { me } = ready(rosa)
    await vi.waitFor(() => {
      const mine = ready(ines).room.participants.find(each => each.id === me)
      expect(mine).toMatchObject({ readSeq: start + 2, deliveredSeq: start + 2 })
    }, WITHIN)
    expect(ready(rosa).outgoing).toEqual([])
  })

  it('CM20: a burst arrives once and in order', async () => {
    const rosa = await (await signedIn(ROSA)).room()
    const ines = await (await signedIn(INES)).room()
    const texts = Array.from({ length: 20 }, (_, index) => `burst ${index}`)
    for (const body of texts) rosa.send({ body })
    await has(ines, ...texts)
    await has(rosa, ...texts)
  })

  it('CM29: a burst beyond what the server takes at once arrives as well, once and in order', async () => {
    const patient = await signedIn(ROSA)
    const rosa = await patient.room()
    const ines = await (await signedIn(INES)).room()
    const pass = patient.fetch
    const answers: { status: number; waits: string | null }[] = []
    patient.fetch = async (url, request) => {
      const response = await pass(url, request)
      if (url.endsWith('/send_message'))
        answers.push({ status: response.status, waits: response.headers.get('retry-after') })
      return response
    }
    const { rows } = await stack.database.query<{ burst: number; per_minute: string }>(
      `select burst, per_minute from private.rate_limits where action = 'send'`,
    )
    const limit = (burst: unknown, perMinute: unknown) =>
      stack.database.query(
        `update private.rate_limits set burst = $1, per_minute = $2 where action = 'send'`,
        [burst, perMinute],
      )
    await limit(3, 120)
    try {
      const texts = Array.from({ length: 7 }, (_, index) => `limited ${index}`)
      for (const body of texts) rosa.send({ body })
      await has(ines, ...texts)
      await has(rosa, ...texts)
      expect(ready(rosa).outgoing).toEqual([])
    } finally {
      await limit(rows[0]?.burst, rows[0]?.per_minute)
      await stack.database.query('delete from private.rate_buckets')
    }
    // It waited each time as long as it was asked to: nothing was refused twice in a row.
    const refused = answers.filter(each => each.status === 429)
    expect(refused.length).toBeGreaterThanOrEqual(2)
    expect(refused.every(each => each.waits === '1')).toBe(true)
    expect(answers.some(({ status }, index) => status === 429 && answers[index + 1]?.status === 429)).toBe(
      false,
    )
  })

  it('CM27: an edit and a retraction reach the other’s open screen', async () => {
    const rosa = await (await signedIn(ROSA)).room()
    const ines = await (await signedIn(INES)).room()
    const ids = ['wrogn', 'in the wrong room'].map(body => rosa.send({ body }))
    await has(ines, 'wrogn', 'in the wrong room')
    const { me, room } = ready(rosa)
    await does(me, 'edit_message($1, $2, $3)', room.id, ids[0], 'wrong')
    await does(me, 'retract_message($1, $2)', room.id, ids[1])
    for (const each of [rosa, ines]) {
      await vi.waitFor(() => expect(newest(each, 2)).toEqual(['wrong', null]), WITHIN)
      const [edited, retracted] = ready(each).messages.slice(-2)
      expect([edited?.editedAt, retracted?.retractedAt]).toEqual([expect.any(String), expect.any(String)])
    }
  })

  it('CM21: a lost answer doubles nothing', async () => {
    const patient = await signedIn(ROSA)
    const rosa = await patient.room()
    const pass = patient.fetch
    let losses = 1
    patient.fetch = async (url, request) => {
      const response = await pass(url, request)
      if (url.endsWith('/send_message') && losses-- > 0) throw new TypeError('fetch failed')
      return response
    }
    const id = rosa.send({ body: 'said once' })
    await has(rosa, 'said once')
    await vi.waitFor(() => expect(ready(rosa).outgoing).toEqual([]), WITHIN)
    const { rows } = await stack.database.query('select id from chat_messages where body = $1', ['said once'])
    expect(rows).toEqual([{ id }])
  })

  it('CR10: what was said while the socket was cut is fetched when it is back', async () => {
    const doctor = await signedIn(INES)
    const ines = await doctor.room()
    const rosa = await (await signedIn(ROSA)).room()
    for (const socket of doctor.sockets) socket.terminate()
    await vi.waitFor(() => expect(ready(ines).connection.is).toBe('reconnecting'), WITHIN)
    rosa.send({ body: 'said into the gap' })
    await has(rosa, 'said into the gap')
    ines.reconnect()
    await has(ines, 'said into the gap')
    await vi.waitFor(() => expect(ready(ines).connection.is).toBe('live'), WITHIN)
    rosa.send({ body: 'said afterwards' })
    await has(ines, 'said into the gap', 'said afterwards')
  })

  it('CR18: what was edited and retracted while the socket was cut is fetched when it is back', async () => {
    const doctor = await signedIn(INES)
    const ines = await doctor.room()
    const rosa = await (await signedIn(ROSA)).room()
    const ids = ['fisrt', 'for somebody else', 'third'].map(body => rosa.send({ body }))
    await has(ines, 'fisrt', 'for somebody else', 'third')
    for (const socket of doctor.sockets) socket.terminate()
    await vi.waitFor(() => expect(ready(ines).connection.is).toBe('reconnecting'), WITHIN)
    const { me, room } = ready(rosa)
    await does(me, 'edit_message($1, $2, $3)', room.id, ids[0], 'first, at last')
    await does(me, 'edit_message($1, $2, $3)', room.id, ids[0], 'first')
    await does(me, 'retract_message($1, $2)', room.id, ids[1])
    await has(rosa, 'first', null, 'third')
    ines.reconnect()
    await has(ines, 'first', null, 'third')
    await does(me, 'retract_message($1, $2)', room.id, ids[2])
    await has(ines, 'first', null, null)
  })

  it('CR11: after the network was away, a new socket is opened', async () => {
    const doctor = await signedIn(INES)
    const ines = await doctor.room()
    const rosa = await (await signedIn(ROSA)).room()
    doctor.env.online.set(false)
    expect(ready(ines).connection).toEqual({ is: 'offline' })
    rosa.send({ body: 'said meanwhile' })
    await has(rosa, 'said meanwhile')
    doctor.env.online.set(true)
    await vi.waitFor(() => expect(ready(ines).connection).toEqual({ is: 'live' }), WITHIN)
    await has(ines, 'said meanwhile')
    expect(doctor.sockets.length).toBe(2)
  })

  it('C13: closed and opened again at once, a room hears', async () => {
    const doctor = await signedIn(INES)
    const first = await doctor.room()
    first.close()
    const second = await doctor.room()
    second.close()
    await Promise.resolve()
    const third = await doctor.room()
    const rosa = await (await signedIn(ROSA)).room()
    rosa.send({ body: 'still listening?' })
    await has(third, 'still listening?')
  })
})

describe('what one asks for now and then, over the wire', () => {
  it('CM31: one’s own message is edited and taken back, and what it said is kept', async () => {
    const rosa = await (await signedIn(ROSA)).room()
    const ines = await (await signedIn(INES)).room()
    const [first = '', second = ''] = ['frist', 'for somebody else'].map(body => rosa.send({ body }))
    await has(ines, 'frist', 'for somebody else')
    await has(rosa, 'frist', 'for somebody else')
    expect(await rosa.edit(first, 'first')).toMatchObject({
      id: first,
      body: 'first',
      change: expect.any(Number),
    })
    await rosa.retract(second)
    expect(newest(rosa, 2)).toEqual(['first', null])
    await has(ines, 'first', null)
    expect(await ines.versionsOf(first)).toMatchObject([{ version: 1, body: 'frist' }])
    expect(await ines.versionsOf(second)).toEqual([])
    expect(await rosa.versionsOf(second)).toMatchObject([{ body: 'for somebody else' }])
    await expect(ines.edit(first, 'not mine')).rejects.toMatchObject({ kind: 'forbidden', detail: 'author' })
    await expect(rosa.edit(second, 'again')).rejects.toMatchObject({
      kind: 'conflict',
      word: 'message_retracted',
    })
  })

  it('M64: one is told when one’s own message came and when it was read, and nobody else is', async () => {
    const rosa = await (await signedIn(ROSA)).room()
    const ines = await (await signedIn(INES)).room()
    const id = rosa.send({ body: 'tell me when' })
    await has(ines, 'tell me when')
    await has(rosa, 'tell me when')
    const state = ines.current
    ines.markRead(state.is === 'ready' ? state.room.lastSeq : 0)
    const ofInes = async () => (await rosa.receiptsOf(id)).find(each => each.userId === DOCTOR)
    await expect.poll(ofInes).toEqual({
      userId: DOCTOR,
      deliveredAt: expect.any(String),
      readAt: expect.any(String),
    })
    await expect(ines.receiptsOf(id)).rejects.toMatchObject({ kind: 'not-found' })
  })

  it('CM33: words are found, and a search can be given up', async () => {
    const patient = await signedIn(ROSA)
    const rosa = await patient.room()
    rosa.send({ body: 'the ointment for the elbow' })
    await has(rosa, 'the ointment for the elbow')
    const found = await rosa.search('ointments')
    expect(found).toMatchObject({ match: 'words', hasMore: false })
    expect(found.messages.map(each => each.body)).toEqual(['the ointment for the elbow'])
    const pass = patient.fetch
    const givenUp = new AbortController()
    let wasStopped = false
    patient.fetch = (url, request) => {
      if (!url.endsWith('/search_messages')) return pass(url, request)
      const signal = request.signal as AbortSignal
      signal.addEventListener('abort', () => {
        wasStopped = true
      })
      const answer = pass(url, request)
      givenUp.abort()
      return answer
    }
    await expect(rosa.search('ointment', { signal: givenUp.signal })).rejects.toMatchObject({
      kind: 'cancelled',
    })
    expect(wasStopped).toBe(true)
  })

  it('CM36: what one is writing is there on one’s other device', async () => {
    const laptop = await (await signedIn(ROSA)).room()
    await vi.waitFor(() => expect(laptop.draft.current).toEqual({ body: '', replyTo: null }), WITHIN)
    const replyTo = ready(laptop).messages.at(-1)?.id ?? null
    laptop.saveDraft({ body: 'half a ', replyTo })
    laptop.saveDraft({ body: 'half a thought ', replyTo })
    laptop.close()
    const phone = await signedIn(ROSA)
    const draftOf = async () => {
      const room = await phone.room()
      await vi.waitFor(() => expect(room.draft.current).not.toBeNull(), WITHIN)
      const { current } = room.draft
      return { room, current }
    }
    await vi.waitFor(async () => {
      const { room, current } = await draftOf()
      room.close()
      expect(current).toEqual({ body: 'half a thought ', replyTo })
    }, WITHIN)
    const { room } = await draftOf()
    room.send({ body: 'half a thought' })
    await has(room, 'half a thought')
    room.close()
    await vi.waitFor(async () => {
      const again = await (await signedIn(ROSA)).room()
      await vi.waitFor(() => expect(again.draft.current).not.toBeNull(), WITHIN)
      expect(again.draft.current?.body).toBe('')
    }, WITHIN)
  })

  it('CR19, CM34: a clinician keeps the room, and everybody sees it', async () => {
    const rosa = await (await signedIn(ROSA)).room()
    const ines = await (await signedIn(INES)).room()
    const roles = (await ines.addParticipant(COLLEAGUE, 'care_team')).map(each => each.role)
    expect(roles).toContain('care_team')
    await vi.waitFor(() => expect(ready(rosa).room.participants).toHaveLength(roles.length), WITHIN)
    const left = await ines.removeParticipant(COLLEAGUE)
    expect(left.find(each => each.id === COLLEAGUE)?.leftAt).toEqual(expect.any(String))
    await vi.waitFor(() => {
      expect(ready(rosa).connection).toEqual({ is: 'live' })
      expect(ready(rosa).room.epoch).toBe(ready(ines).room.epoch)
    }, WITHIN)
    await ines.setPatientMayReply(false)
    expect(ready(ines).room.patientMayReply).toBe(false)
    await vi.waitFor(() => expect(ready(rosa).room.replyBlock).toBe('patient_may_not_reply'), WITHIN)
    expect(await rosa.canReply()).toMatchObject({ mayReply: false, block: 'patient_may_not_reply' })
    await ines.setPatientMayReply(true)
    await ines.setStatus('closed')
    expect(ready(ines).room.status).toBe('closed')
    await vi.waitFor(
      () => expect(ready(rosa).room).toMatchObject({ status: 'closed', replyBlock: 'room_closed' }),
      WITHIN,
    )
    await expect(rosa.setStatus('open')).rejects.toMatchObject({ kind: 'forbidden' })
    await ines.setStatus('open')
    await vi.waitFor(() => expect(ready(rosa).room.replyBlock).toBeNull(), WITHIN)
    const { entries } = await rosa.accessLog()
    expect(entries.map(each => each.action)).toEqual(
      expect.arrayContaining(['participant_added', 'participant_removed', 'room_closed', 'room_reopened']),
    )
    expect(entries[0]?.actor?.displayName).toBe(ready(rosa).appointment.doctor.displayName)
    const until = new Date(Date.now() + 3_600_000).toISOString()
    await rosa.mute(until)
    expect(ready(rosa).mutedUntil).toBe(until)
    await rosa.mute(null)
  })

  it('C23, C25: rooms, colleagues, settings, quick replies, absence', async () => {
    const doctor = await signedIn(INES)
    const rosa = await (await signedIn(ROSA)).room()
    const { chat } = { chat: doctor.chat() }
    const list = chat.rooms()
    const shown = () => list.current.page?.rooms.find(each => each.appointmentId === APPOINTMENT)
    await vi.waitFor(() => expect(shown()).toBeDefined(), WITHIN)
    const unread = shown()?.unread ?? 0
    rosa.send({ body: 'one more' })
    await vi.waitFor(() => {
      expect(shown()).toMatchObject({ unread: unread + 1, waitingSince: expect.any(String) })
      expect(list.current.page?.rooms[0]?.appointmentId).toBe(APPOINTMENT)
    }, WITHIN)
    list.close()
    expect((await chat.colleagues()).map(each => each.id)).toContain(COLLEAGUE)
    expect(await chat.clinic()).toMatchObject({ editWindowMinutes: expect.any(Number) })
    const saved = await chat.quickReplies.save({
      title: 'Fasting',
      body: 'Eat nothing before.',
      locale: 'en',
    })
    expect(await chat.quickReplies.list()).toContainEqual(saved)
    await chat.quickReplies.delete(saved.id)
    expect(await chat.quickReplies.list()).not.toContainEqual(saved)
    const backAt = new Date(Date.now() + 3_600_000).toISOString()
    const away = await chat.setOutOfOffice({ backAt, note: 'at a congress' })
    expect(Date.parse(away.backAt)).toBe(Date.parse(backAt))
    expect(await chat.outOfOffice()).toEqual(away)
    await chat.clearOutOfOffice()
    expect(await chat.outOfOffice()).toBeNull()
    await expect(chat.setAppointmentStatus(APPOINTMENT, 'confirmed')).resolves.toMatchObject({
      id: APPOINTMENT,
    })
  })
})

describe('what is of no consequence, over the wire', () => {
  it('CT2, CT3: who types and who is there', async () => {
    const patient = await signedIn(ROSA)
    const rosa = await patient.room()
    const ines = await (await signedIn(INES)).room()
    const phone = await (await signedIn(INES)).room()
    const doctor = ready(ines).me
    await vi.waitFor(() => expect(rosa.presence.current).toEqual([doctor]), WITHIN)
    await vi.waitFor(() => expect(ines.presence.current).toEqual([ready(rosa).me]), WITHIN)
    ines.setTyping(true)
    await vi.waitFor(() => expect(rosa.typing.current).toEqual([doctor]), WITHIN)
    ines.send({ body: 'typed' })
    await has(rosa, 'typed')
    await vi.waitFor(() => expect(rosa.typing.current).toEqual([]), WITHIN)
    expect(phone.typing.current).toEqual([])
    ines.close()
    phone.setTyping(true)
    await vi.waitFor(() => expect(rosa.typing.current).toEqual([doctor]), WITHIN)
    expect(rosa.presence.current).toEqual([doctor])
    for (const socket of patient.sockets) socket.terminate()
    await vi.waitFor(() => expect(rosa.presence.current).toEqual([]), WITHIN)
    rosa.reconnect()
    await vi.waitFor(() => expect(rosa.presence.current).toEqual([doctor]), WITHIN)
    phone.close()
    await vi.waitFor(() => expect(rosa.presence.current).toEqual([]), WITHIN)
  })

  it('CT4: nothing that a participant puts on the live topic is taken for anything else', async () => {
    const rosa = await (await signedIn(ROSA)).room()
    const { room, me, messages, appointment } = ready(rosa)
    const doctor = appointment.doctor.id
    const live = await forgerOn(`live:${room.id}:${room.epoch}`, await stack.tokenFor(doctor))
    try {
      live.put('presence', { type: 'presence', event: 'track', payload: { display_name: 'The clinic' } })
      const put = (event: string, payload: unknown) =>
        live.put('broadcast', { type: 'broadcast', event, payload })
      const last = messages.at(-1)
      const forged = { ...last, room_id: room.id, seq: room.lastSeq + 1, body: 'forged', id: uuidv7() }
      const change = {
        room_id: room.id,
        appointment_id: APPOINTMENT,
        epoch: 99,
        last_seq: 99,
        last_change: 9,
      }
      put('message', { message: forged })
      put('message_changed', { message: { ...forged, seq: last?.seq, id: last?.id, change: 99 } })
      put('room_changed', { ...change, status: 'closed', waiting_since: null })
      put('receipt', { room_id: room.id, user_id: doctor, delivered_seq: 99, read_seq: 99 })
      for (const user_id of [me, COLLEAGUE, 'nobody', 7, null]) put('typing', { user_id, is_typing: true })
      put('typing', 'nonsense')
      // Of what comes after all of it the last is true.
      put('typing', { user_id: doctor, is_typing: true })
      await vi.waitFor(() => expect(rosa.typing.current).toContain(doctor), WITHIN)
      expect(rosa.typing.current).toEqual([doctor])
      expect(rosa.presence.current).toEqual([])
      expect(ready(rosa)).toMatchObject({ messages, room: { epoch: room.epoch, status: room.status } })
      expect(ready(rosa).room.participants).toEqual(room.participants)
    } finally {
      live.close()
    }
  })
})

describe('what the clinic does, over the wire', () => {
  it('CM30: is told in the room, each event with what belongs to it', async () => {
    const rosa = await (await signedIn(ROSA)).room()
    const { me, room, messages, appointment } = ready(rosa)
    const doctor = appointment.doctor.id
    const told = () => ready(rosa).messages.slice(messages.length)
    await does(doctor, 'add_participant($1, $2, $3)', room.id, COLLEAGUE, 'care_team')
    await vi.waitFor(
      () => expect(ready(rosa).room.participants.at(-1)).toMatchObject({ id: COLLEAGUE, role: 'care_team' }),
      WITHIN,
    )
    await does(doctor, 'remove_participant($1, $2)', room.id, COLLEAGUE)
    await does(doctor, 'set_patient_may_reply($1, false)', room.id)
    await does(doctor, 'set_patient_may_reply($1, true)', room.id)
    for (const status of ['read_only', 'open', 'closed', 'open'])
      await does(doctor, 'set_room_status($1, $2)', room.id, status)
    await does(ADMIN, 'post_notice($1, $2)', room.id, 'closed on Monday')
    await does(ADMIN, 'lock_room($1, $2)', room.id, 'asked for by the police')
    await vi.waitFor(() => expect(ready(rosa).room.replyBlock).toBe('room_locked'), WITHIN)
    await does(ADMIN, 'unlock_room($1, $2)', room.id, 'they found their man')
    await does(ADMIN, 'start_access($1, $2)', room.id, 'a complaint came in')
    const grant = await does(ADMIN, 'start_access($1, $2, 5)', room.id, 'it takes longer')
    await does(ADMIN, 'end_access($1)', (grant as { id: string }).id)

    const by = (actorId: string, more: object = {}) => ({ actorId, subjectId: null, minutes: null, ...more })
    const expected = [
      { type: 'participant_added', ...by(doctor, { subjectId: COLLEAGUE }) },
      { type: 'participant_removed', ...by(doctor, { subjectId: COLLEAGUE }) },
      { type: 'patient_reply_stopped', ...by(doctor) },
      { type: 'patient_reply_allowed', ...by(doctor) },
      { type: 'room_read_only', ...by(doctor) },
      { type: 'room_reopened', ...by(doctor) },
      { type: 'room_closed', ...by(doctor) },
      { type: 'room_reopened', ...by(doctor) },
      { type: 'notice', ...by(ADMIN) },
      { type: 'room_locked', ...by(ADMIN) },
      { type: 'room_unlocked', ...by(ADMIN) },
      { type: 'access_started', ...by(ADMIN, { minutes: 15 }) },
      { type: 'access_extended', ...by(ADMIN, { minutes: 5 }) },
      { type: 'access_ended', ...by(ADMIN) },
    ]
    await vi.waitFor(() => expect(told().map(each => each.event)).toEqual(expected), WITHIN)
    expect(told().map(each => each.body)).toEqual(
      expected.map(each => (each.type === 'notice' ? 'closed on Monday' : null)),
    )
    await vi.waitFor(
      () => expect(ready(rosa)).toMatchObject({ me, connection: { is: 'live' }, room: { replyBlock: null } }),
      WITHIN,
    )
  })
})

describe('access, over the wire', () => {
  it('CA4: the room of others is not found', async () => {
    const amira = await signedIn(AMIRA)
    const room = amira.chat().openRoom(APPOINTMENT)
    await vi.waitFor(
      () => expect(room.current).toMatchObject({ is: 'failed', error: { kind: 'not-found' } }),
      WITHIN,
    )
  })

  it('CA5: a removed participant loses the room, the other one goes on', async () => {
    const rosa = await (await signedIn(ROSA)).room()
    const ines = await (await signedIn(INES)).room()
    const { me, room } = ready(rosa)
    const change = (left: string) =>
      stack.database.query(
        `update chat_participants set left_at = ${left} where room_id = $1 and user_id = $2`,
        [room.id, me],
      )
    await change('now()')
    await vi.waitFor(() => expect(rosa.current).toEqual({ is: 'revoked' }), WITHIN)
    await vi.waitFor(
      () =>
        expect(ready(ines)).toMatchObject({ connection: { is: 'live' }, room: { epoch: room.epoch + 1 } }),
      WITHIN,
    )
    ines.send({ body: 'only for the doctor' })
    await has(ines, 'only for the doctor')
    await change('null')
  })
})

describe('sessions, over the wire', () => {
  it('C14: a wrong password is refused', async () => {
    await expect(device().session.signIn(ROSA, 'wrong')).rejects.toMatchObject({
      kind: 'credentials-refused',
    })
  })

  it('C15: the same device is still signed in at its next visit, and not after signing out', async () => {
    const tokens = new Map<string, string>()
    const first = device(tokens)
    await first.session.signIn(ROSA, PASSWORD)
    first.session.close()
    const second = device(tokens)
    await vi.waitFor(() => expect(second.session.current.is).toBe('signed-in'), WITHIN)
    await second.session.signOut()
    expect(second.session.current).toEqual({ is: 'signed-out', reason: 'signed-out' })
    expect(tokens.size).toBe(0)
    const third = device(tokens)
    await vi.waitFor(
      () => expect(third.session.current).toEqual({ is: 'signed-out', reason: 'none' }),
      WITHIN,
    )
  })

  it('C15: who signs out everywhere is signed in nowhere once the others renew their token', async () => {
    const tokens = new Map<string, string>()
    const [here, there] = [device(), device(tokens)]
    await here.session.signIn(ROSA, PASSWORD)
    await there.session.signIn(ROSA, PASSWORD)
    there.session.close()
    await here.session.signOutEverywhere()
    expect(here.session.current).toEqual({ is: 'signed-out', reason: 'signed-out' })
    const [[key, stored]] = [...tokens] as [[string, string]]
    const session = JSON.parse(stored)
    session.access_token = await stack.tokenFor(session.user.id, { expiresIn: -60 })
    tokens.set(key, JSON.stringify({ ...session, expires_at: 1 }))
    const again = device(tokens)
    await vi.waitFor(() => expect(again.session.current.is).toBe('signed-out'), WITHIN)
    expect(tokens.size).toBe(0)
  })

  it('C11: the language that one chooses is the next device’s as well', async () => {
    const [here, other] = [await signedIn(AMIRA), await signedIn(ROSA)]
    await here.session.setLocale('ar')
    const there = await signedIn(AMIRA)
    for (const each of [here, there]) {
      expect(each.session.current).toMatchObject({ is: 'signed-in', profile: { locale: 'ar' } })
    }
    await expect(here.session.setLocale('no language')).rejects.toMatchObject({ kind: 'invalid' })
    expect(here.session.current).toMatchObject({ profile: { locale: 'ar' } })
    here.env.online.set(false)
    here.fetch = () => Promise.reject(new TypeError('fetch failed'))
    await expect(here.session.setLocale('en')).rejects.toMatchObject({ kind: 'offline' })
    expect(other.session.current).toMatchObject({ profile: { locale: 'es' } })
    await there.session.setLocale('en')
  })

  it('C16: without a network the failure has its name, and nothing is written to the console', async () => {
    const away = device()
    away.fetch = () => Promise.reject(new TypeError('fetch failed'))
    away.env.online.set(false)
    await expect(away.session.signIn(ROSA, PASSWORD)).rejects.toMatchObject({ kind: 'offline' })
    expect(away.session.current.is).toBe('signed-out')
  })

  it('C18: a token that only the server calls expired is renewed', async () => {
    const tokens = new Map<string, string>()
    const first = device(tokens)
    await first.session.signIn(ROSA, PASSWORD)
    first.session.close()
    const [[key, stored]] = [...tokens] as [[string, string]]
    const session = JSON.parse(stored)
    session.access_token = await stack.tokenFor(session.user.id, { expiresIn: -60 })
    tokens.set(key, JSON.stringify(session))
    const second = device(tokens)
    await vi.waitFor(() => expect(second.session.current.is).toBe('signed-in'), WITHIN)
    expect(ready(await second.room()).connection).toEqual({ is: 'live' })
  })

  it('C17: tokens that the server refuses end the session', async () => {
    const rosa = await signedIn(ROSA)
    const room = await rosa.room()
    const pass = rosa.fetch
    const refused = { ok: false, status: 401, headers: { get: () => null } }
    rosa.fetch = (url, request) =>
      url.includes('/rest/v1/')
        ? Promise.resolve({
            ...refused,
            text: async () => '{"code":"PGRST301","message":"JWT invalid"}',
            json: async () => ({}),
          })
        : pass(url, request)
    room.send({ body: 'never' })
    await vi.waitFor(
      () => expect(rosa.session.current).toEqual({ is: 'signed-out', reason: 'expired' }),
      WITHIN,
    )
  })
})
