/** People in rooms of two, and a way to the other one: through the product, or through the peer. */
import { io, type Socket } from 'socket.io-client'
import type { SocketIoFacts, SocketIoMessage } from '../../peers/socket-io/server.ts'
import type { BedsideFacts } from '../servers/bedside.ts'
import { createLightHttp } from './light-http.ts'
import { joinAs, type Member } from './light-member.ts'
import type { Room } from './population.ts'

/** Two a room: 0 is the patient, 1 the doctor. */
export interface Way {
  /** Resolves when it is acknowledged. */
  send(room: number, person: number, id: string, body: string): Promise<void>
  close(): void
}

export interface Ear {
  /** `lane`: whose ears; `seq`: the place that the database gave it. */
  onDelivered(lane: string, id: string, seq: number): void
}

export async function bedsideWay(facts: BedsideFacts, rooms: readonly Room[], ear: Ear): Promise<Way> {
  const common = { url: facts.url, key: facts.publishableKey }
  const members: Member[] = []
  for (const room of rooms) {
    for (const person of [room.patient, room.doctor]) {
      const onBroadcast = (payload: Buffer) => {
        const { message } = JSON.parse(payload.toString()) as {
          message?: { id: string; seq: number; sender_id: string }
        }
        // Their own comes back to them too.
        if (message && message.sender_id !== person.id) {
          ear.onDelivered(person.id, message.id, message.seq)
        }
      }
      members.push(await joinAs({ ...common, token: person.token, topic: room.topic, onBroadcast }))
    }
  }
  const http = createLightHttp(common)
  return {
    async send(index, person, id, body) {
      const room = rooms[index]
      if (!room) throw new Error('The bench names a room that it did not make.')
      const { token } = person === 0 ? room.patient : room.doctor
      await http.call(token, 'send_message', { id, room_id: room.id, body })
    },
    close() {
      for (const member of members) member.cut()
      http.close()
    },
  }
}

export async function socketIoWay(facts: SocketIoFacts, rooms: readonly Room[], ear: Ear): Promise<Way> {
  const sockets: Socket[] = []
  for (const room of rooms) {
    for (const person of [room.patient, room.doctor]) {
      const socket = io(facts.url, { transports: ['websocket'], forceNew: true, reconnection: false })
      await new Promise<void>(resolve => socket.on('connect', resolve))
      await socket.emitWithAck('join', room.id)
      socket.on('message', (message: SocketIoMessage) =>
        ear.onDelivered(person.id, message.id, Number(message.seq)),
      )
      sockets.push(socket)
    }
  }
  return {
    async send(room, person, id, body) {
      const message: SocketIoMessage = { id, room: rooms[room]?.id ?? '', body }
      await sockets[2 * room + person]?.emitWithAck('message', message)
    },
    close() {
      for (const socket of sockets) socket.disconnect()
    },
  }
}
