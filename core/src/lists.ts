/** What the lists are made of. */
import type { AppointmentScope } from './api.ts'
import type { Appointment, AppointmentPage, ListedRoom, RoomPage } from './records.ts'
import type { ListSource } from './shared-list.ts'
import type { Transport } from './transport.ts'

export function appointmentsOf(
  transport: Transport,
  scope: AppointmentScope,
): ListSource<Appointment, AppointmentPage> {
  return {
    async load(after, pageSize) {
      const { appointments, hasMore } = await transport.listAppointments({ scope, after, pageSize })
      return { rows: appointments, hasMore }
    },
    show: ({ rows, hasMore }) => ({ appointments: [...rows], hasMore }),
  }
}

export function roomsOf(transport: Transport): ListSource<ListedRoom, RoomPage> {
  return {
    async load(after, pageSize) {
      const { rooms, hasMore } = await transport.listRooms({ after, pageSize })
      return { rows: rooms, hasMore }
    },
    show: ({ rows, hasMore }) => ({ rooms: [...rows], hasMore }),
  }
}
