/** What the lists are made of. */
import type { AppointmentScope } from './api.ts'
import type { Cache } from './cache.ts'
import type { Page, Row } from './paged-list.ts'
import type { Appointment, AppointmentPage, ListedRoom, RoomPage } from './records.ts'
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
