/** Thousands of sockets that say nothing, on one kind of server or another. */
import type { BedsideFacts } from '../servers/bedside.ts'
import { joinAs, type Member } from './light-member.ts'
import { type LightSocket, openSocket } from './light-socket.ts'
import type { Room } from './population.ts'

export interface Crowd {
  readonly size: number
  cut(): void
}

/** How many come at a time. */
const AT_ONCE = 20

export interface IdlePerson {
  readonly id: string
  readonly token: string
  readonly room: Room
}

/** Both people of each room. */
export function peopleOf(rooms: readonly Room[]): IdlePerson[] {
  return rooms.flatMap(room => [room.patient, room.doctor].map(person => ({ ...person, room })))
}

/** On their own topic; `onBroadcast` gets the payload of whatever they are told there. */
export function joinIdle(
  facts: BedsideFacts,
  person: IdlePerson,
  onBroadcast: (payload: Buffer) => void = () => {},
): Promise<Member> {
  const { url, publishableKey: key } = facts
  return joinAs({ url, key, token: person.token, topic: `user:${person.id}`, onBroadcast })
}

export async function connectIdle(facts: BedsideFacts, rooms: readonly Room[]): Promise<Crowd> {
  const people = peopleOf(rooms)
  const members = await some(people.length, async i => {
    const person = people[i]
    if (!person) throw new Error('The bench names a person that it did not make.')
    return joinIdle(facts, person)
  })
  return {
    size: members.length,
    cut() {
      for (const member of members) member.cut()
    },
  }
}

export const connectBare = (url: string, count: number): Promise<Crowd> =>
  connectSockets(count, () => openSocket({ url, onFrame: () => {} }))

/** Engine.IO's and Socket.IO's handshakes, and an answer to each ping, by hand. */
export const connectSocketIo = (url: string, count: number): Promise<Crowd> =>
  connectSockets(count, async () => {
    const address = `${url.replace(/^http/, 'ws')}/socket.io/?EIO=4&transport=websocket`
    let connected: () => void = () => {}
    const done = new Promise<void>(resolve => {
      connected = resolve
    })
    let opened: () => void = () => {}
    const open = new Promise<void>(resolve => {
      opened = resolve
    })
    const socket = await openSocket({
      url: address,
      onFrame(_, payload) {
        const text = payload.toString()
        if (text.startsWith('0')) opened()
        else if (text.startsWith('40')) connected()
        else if (text === '2') socket.send('3')
      },
    })
    await open
    socket.send('40')
    await done
    return socket
  })

async function connectSockets(count: number, open: () => Promise<LightSocket>): Promise<Crowd> {
  const sockets = await some(count, open)
  return {
    size: sockets.length,
    cut() {
      for (const socket of sockets) socket.destroy()
    },
  }
}

async function some<T>(count: number, make: (i: number) => Promise<T>): Promise<T[]> {
  const made: T[] = []
  for (let i = 0; i < count; i += AT_ONCE) {
    const now = Math.min(AT_ONCE, count - i)
    made.push(...(await Promise.all(Array.from({ length: now }, (_, n) => make(i + n)))))
  }
  return made
}
