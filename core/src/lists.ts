/** What the lists are made of. */
import type { AppointmentScope, SingleAppointmentState } from './api.ts'
import type { Cache } from './cache.ts'
import type { ChatError } from './chat-error.ts'
import type { Page, Row } from './paged-list.ts'
import type { Appointment, AppointmentDetail, AppointmentPage, ListedRoom, RoomPage } from './records.ts'
import type { ListSource } from './shared-list.ts'
import type { Transport } from './transport.ts'

export function appointmentsOf(
  transport: Transport,
  cache: Cache,
  scope: AppointmentScope,
): ListSource<Appointment, AppointmentPage> {
  return {
    cached: cachedUnder(cache, `appointments-${scope}`),
    async load(after, pageSize) {
      const { appointments, hasMore } = await transport.listAppointments({ scope, after, pageSize })
      for (const { id, room } of appointments) if (room === null) cache.dropRoom(id)
      return { rows: appointments, hasMore }
    },
    show: ({ rows, hasMore }) => ({ appointments: [...rows], hasMore }),
  }
}

/** A list of one, or of none. It keeps nothing on the device: what the lists and the room keep is found there. */
export function appointmentOf(
  transport: Transport,
  cache: Cache,
  appointmentId: string,
): ListSource<AppointmentDetail, NonNullable<SingleAppointmentState['page']>> {
  return {
    cached: {
      async read() {
        const kept = await cache.readRoom(appointmentId)
        const lists = await Promise.all(
          SCOPES.map(scope => cachedUnder<Appointment>(cache, `appointments-${scope}`).read()),
        )
        const listed = lists.flatMap(page => page?.rows ?? []).find(({ id }) => id === appointmentId)
        const appointment = listed ?? kept?.appointment
        return appointment
          ? { rows: [{ ...appointment, role: null, chat: kept?.room ?? null }], hasMore: false }
          : null
      },
      keep() {},
    },
    async load() {
      const detail = await transport.getAppointment({ appointmentId }).catch((error: ChatError) => {
        // What is no id at all is the id of nothing.
        if (error.kind === 'not-found' || error.kind === 'invalid') return null
        throw error
      })
      if (!detail?.room) cache.dropRoom(appointmentId)
      return { rows: detail ? [detail] : [], hasMore: false }
    },
    show: ({ rows: [detail = null] }) => ({ detail }),
  }
}

const SCOPES: AppointmentScope[] = ['upcoming', 'past', 'inbox']

export function roomsOf(transport: Transport, cache: Cache): ListSource<ListedRoom, RoomPage> {
  return {
    cached: cachedUnder(cache, 'rooms'),
    async load(after, pageSize) {
      const { rooms, hasMore } = await transport.listRooms({ after, pageSize })
      if (after === null && !hasMore) cache.keepOnly(new Set(rooms.map(each => each.appointmentId)))
      return { rows: rooms, hasMore }
    },
    show: ({ rows, hasMore }) => ({ rooms: [...rows], hasMore }),
  }
}

function cachedUnder<R extends Row>(cache: Cache, name: string): ListSource<R, unknown>['cached'] {
  return {
    read: () => cache.readList<Page<R>>(name),
    keep: page => cache.keepList(name, page),
  }
}
