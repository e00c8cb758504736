/** One person's `Transport` to a fake clinic. Counts what is open, so that a test can see what was left behind. */

import type { Cancellable } from '../api.ts'
import { ChatError } from '../chat-error.ts'
import type { Env } from '../env.ts'
import type { Message } from '../records.ts'
import { createStore } from '../store.ts'
import type { AuthChange, MembershipHandlers, Transport } from '../transport.ts'
import type { FakeClinic, Member } from './fake-clinic.ts'

export const PASSWORD = 'a password'

export interface FakeTransport extends Transport {
  /** Topics that are joined or being joined. */
  readonly openTopics: string[]
  readonly calls: { name: string; args: unknown }[]
  readonly socketsDropped: number
  isClosed: boolean
  /** What the server or another tab might do. */
  change(change: AuthChange): void
  readonly authListenerCount: number
}

/** `signedInAs` null: nobody's tokens are on the device. Email addresses are user ids here. */
export function createFakeTransport(clinic: FakeClinic, env: Env, signedInAs: string | null): FakeTransport {
  const user = createStore(signedInAs)
  const listeners = new Set<(change: AuthChange) => void>()
  const topics = new Map<Member | symbol, string>()
  const calls: FakeTransport['calls'] = []
  let socketsDropped = 0

  const offline = () => new ChatError(env.online.current ? 'unavailable' : 'offline')

  function call<T>(
    name: string,
    { signal, ...args }: Cancellable & Record<string, unknown>,
    run: (userId: string) => T,
  ): Promise<T> {
    if (signal?.aborted) return Promise.reject(new ChatError('cancelled'))
    calls.push({ name, args })
    const { faults, clock } = clinic
    return new Promise((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(new ChatError('cancelled')))
      const later = (ms: number | null, then: () => void) =>
        clock.setTimer(ms === null ? fail : then, ms ?? 50)
      const fail = () => reject(offline())
      later(faults.request(name), () => {
        const refusal = clinic.faults.refuse(name)
        const back = clinic.faults.answer(name)
        try {
          if (refusal) throw refusal
          if (user.current === null) throw new ChatError('not-signed-in')
          const result = structuredCopy(run(user.current))
          later(back, () => resolve(result))
        } catch (error) {
          later(back, () => reject(error))
        }
      })
    })
  }

  const tell = (change: AuthChange) => {
    for (const listener of [...listeners]) listener(change)
  }

  function enter(name: string, handlers: MembershipHandlers, ears: Pick<Member, 'hear' | 'hearLive'>) {
    const attempt = Symbol(name)
    topics.set(attempt, name)
    let isOver = false
    let member: Member | null = null
    const end = () => {
      isOver = true
      topics.delete(attempt)
      if (member && clinic.members.delete(member)) clinic.tellPresence(name)
    }
    const lose = (error: ChatError) => {
      if (isOver) return
      end()
      handlers.onLost(error)
    }
    clinic.clock.setTimer(() => {
      if (isOver) return
      if (!clinic.faults.isSocketUp()) return lose(offline())
      if (user.current === null) return lose(new ChatError('not-signed-in'))
      if (!clinic.mayJoin(user.current, name)) return lose(new ChatError('forbidden', { detail: 'socket' }))
      member = { userId: user.current, topic: name, lose, ...ears }
      clinic.members.add(member)
      handlers.onJoined()
      clinic.tellPresence(name)
    }, 10)
    return {
      member: () => (isOver ? null : member),
      leave() {
        if (!isOver) end()
      },
    }
  }

  return {
    calls,
    isClosed: false,
    get socketsDropped() {
      return socketsDropped
    },
    get openTopics() {
      return [...topics.values()]
    },
    get authListenerCount() {
      return listeners.size
    },
    change(change) {
      if (change.is === 'signed-out') user.set(null)
      if (change.is === 'signed-in') user.set(change.userId)
      tell(change)
    },
    auth: {
      holder: async () => (user.current === null ? null : { userId: user.current }),
      restore: () => {
        const restored = user.current
        if (restored === null) return Promise.resolve(null)
        return Promise.resolve({ userId: restored })
      },
      signIn(email, password) {
        return new Promise((resolve, reject) => {
          const ms = clinic.faults.request('signIn')
          clinic.clock.setTimer(() => {
            if (ms === null) reject(offline())
            else if (password !== PASSWORD) reject(new ChatError('credentials-refused'))
            else {
              user.set(email)
              tell({ is: 'signed-in', userId: email })
              resolve({ userId: email })
            }
          }, ms ?? 50)
        })
      },
      async endSessions() {
        if (clinic.faults.request('endSessions') === null) throw offline()
        clinic.sessionsEnded += 1
      },
      async signOut() {
        user.set(null)
        tell({ is: 'signed-out' })
      },
      onChange(listener) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    },
    getProfile: () => call('getProfile', {}, userId => clinic.profile(userId)),
    setLocale: locale =>
      call('setLocale', { locale }, userId => {
        clinic.locales.set(userId, locale)
      }),
    editMessage: ({ roomId, messageId, body }) =>
      call('editMessage', { messageId }, userId => clinic.edit(userId, roomId, messageId, body)),
    retractMessage: ({ roomId, messageId }) =>
      call('retractMessage', { messageId }, userId => clinic.retract(userId, roomId, messageId)),
    listMessageVersions: ({ roomId, messageId, signal }) =>
      call('listMessageVersions', { messageId, signal }, userId =>
        clinic.versions(userId, roomId, messageId),
      ),
    listReceipts: ({ roomId, messageId, signal }) =>
      call('listReceipts', { messageId, signal }, userId => clinic.receipts(userId, roomId, messageId)),
    searchMessages: ({ roomId, query, beforeSeq, pageSize, signal }) =>
      call('searchMessages', { beforeSeq, signal }, userId =>
        clinic.search(userId, roomId, query, beforeSeq, pageSize),
      ),
    addParticipant: ({ roomId, userId: whom, role }) =>
      call('addParticipant', { whom, role }, userId => clinic.addTo(userId, roomId, whom, role)),
    removeParticipant: ({ roomId, userId: whom }) =>
      call('removeParticipant', { whom }, userId => clinic.removeFrom(userId, roomId, whom)),
    setRoomStatus: ({ roomId, status }) =>
      call('setRoomStatus', { status }, userId => clinic.setRoomStatus(userId, roomId, status)),
    setPatientMayReply: ({ roomId, mayReply }) =>
      call('setPatientMayReply', { mayReply }, userId => clinic.setPatientMayReply(userId, roomId, mayReply)),
    muteRoom: ({ roomId, until }) =>
      call('muteRoom', { until }, userId => clinic.mute(userId, roomId, until)),
    saveDraft: ({ roomId, body, replyTo }) =>
      call('saveDraft', { body }, userId => clinic.saveDraft(userId, roomId, { body, replyTo })),
    checkReply: ({ roomId, signal }) =>
      call('checkReply', { signal }, userId => clinic.checkReply(userId, roomId)),
    listAccessLog: ({ roomId, beforeN, pageSize, signal }) =>
      call('listAccessLog', { beforeN, signal }, userId =>
        clinic.accessLog(userId, roomId, beforeN, pageSize),
      ),
    setAppointmentStatus: ({ appointmentId, status, reason }) =>
      call('setAppointmentStatus', { appointmentId, status, reason }, userId =>
        clinic.setAppointmentStatus(userId, appointmentId, status, reason),
      ),
    listRooms: ({ after, pageSize }) =>
      call('listRooms', { after, pageSize }, userId => {
        const all = clinic.listedRooms(userId)
        const start = after ? all.findIndex(each => each.id === after.id) + 1 : 0
        const rooms = all.slice(start, start + pageSize)
        return { rooms, hasMore: start + rooms.length < all.length }
      }),
    getClinic: options => call('getClinic', { ...options }, () => clinic.settings),
    getConsent: options => call('getConsent', { ...options }, () => clinic.consent),
    acceptConsent: ({ version, locale }) =>
      call('acceptConsent', { version, locale }, () => clinic.acceptConsent(version, locale)),
    publishConsent: ({ texts }) =>
      call('publishConsent', { texts }, userId => clinic.publishConsent(userId, texts)),
    listColleagues: options =>
      call('listColleagues', { ...options }, () =>
        [...clinic.people.values()].filter(each => each.role === 'doctor'),
      ),
    listQuickReplies: options =>
      call('listQuickReplies', { ...options }, () => [...clinic.quickReplies.values()]),
    saveQuickReply: reply =>
      call('saveQuickReply', { ...reply }, () => {
        clinic.quickReplies.set(reply.id, reply)
        return reply
      }),
    deleteQuickReply: id =>
      call('deleteQuickReply', { id }, () => {
        clinic.quickReplies.delete(id)
      }),
    setOutOfOffice: ({ backAt, startsAt, note }) =>
      call('setOutOfOffice', { backAt }, userId => {
        const absence = { backAt, startsAt: startsAt ?? new Date(clinic.clock.now()).toISOString(), note }
        clinic.absences.set(userId, absence)
        return absence
      }),
    clearOutOfOffice: () =>
      call('clearOutOfOffice', {}, userId => {
        clinic.absences.delete(userId)
      }),
    getOutOfOffice: options =>
      call('getOutOfOffice', { ...options }, userId => clinic.absences.get(userId) ?? null),
    listAppointments: query =>
      call('listAppointments', query, userId => {
        const all = clinic.appointments(userId)
        const start = query.after ? all.findIndex(each => each.id === query.after?.id) + 1 : 0
        const page = all.slice(start, start + query.pageSize)
        return { appointments: page, hasMore: start + page.length < all.length }
      }),
    getAppointment: ({ appointmentId }) =>
      call('getAppointment', { appointmentId }, userId => clinic.appointment(userId, appointmentId)),
    openRoom: appointmentId =>
      call('openRoom', { appointmentId }, userId => clinic.openRoom(userId, appointmentId)),
    sendMessage: message => call('sendMessage', message, userId => clinic.send(userId, message)),
    listMessages: query =>
      call('listMessages', query, userId => {
        const { room, messages } = clinic.list(userId, query.roomId)
        const { afterSeq, beforeSeq, pageSize } = query
        const rows = messages.filter(
          ({ seq }) =>
            (afterSeq === undefined || seq > afterSeq) && (beforeSeq === undefined || seq < beforeSeq),
        )
        const page = afterSeq === undefined ? rows.slice(-pageSize) : rows.slice(0, pageSize)
        return {
          messages: page,
          hasMore: page.length < rows.length,
          lastSeq: messages.length,
          lastChange: room.lastChange,
          epoch: room.epoch,
        }
      }),
    listChanges: query =>
      call('listChanges', query, userId => {
        const { room, messages } = clinic.list(userId, query.roomId)
        const changeOf = (message: Message) => message.change ?? 0
        const rows = messages
          .filter(each => changeOf(each) > query.afterChange)
          .sort((a, b) => changeOf(a) - changeOf(b))
        const page = rows.slice(0, query.pageSize)
        return { messages: page, lastChange: room.lastChange, hasMore: page.length < rows.length }
      }),
    markRead: ({ roomId, readSeq, deliveredSeq }) =>
      call('markRead', { roomId, readSeq, deliveredSeq }, userId => {
        const receipt = clinic.markRead(userId, roomId, readSeq ?? 0, deliveredSeq ?? 0)
        return { readSeq: receipt.readSeq, deliveredSeq: receipt.deliveredSeq }
      }),
    join(topic, handlers) {
      const name = topic.of === 'user' ? `user:${topic.userId}` : `room:${topic.roomId}:${topic.epoch}`
      return enter(name, handlers, { hear: handlers.onEvent, hearLive() {} }).leave
    },
    joinLive({ roomId, epoch }, handlers) {
      const name = `live:${roomId}:${epoch}`
      const { member, leave } = enter(name, handlers, { hear() {}, hearLive: handlers.onEvent })
      return {
        leave,
        tellTyping(isTyping) {
          const from = member()
          if (!from) return
          calls.push({ name: 'tellTyping', args: { isTyping } })
          clinic.tellLive(from, { is: 'typing-told', userId: from.userId, isTyping })
        },
      }
    },
    dropSocket() {
      socketsDropped++
      for (const member of [...clinic.members]) {
        if (member.userId === user.current) member.lose(new ChatError('unavailable', { detail: 'socket' }))
      }
    },
    close() {
      this.isClosed = true
    },
  }
}

/** What went over a wire is nobody else's object. */
function structuredCopy<T>(value: T): T {
  if (value === undefined) return value
  return JSON.parse(JSON.stringify(value)) as T
}
