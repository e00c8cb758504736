/** Several people's devices at one fake clinic, and what they leave behind when they are put away. */
import type { ChatRoom, ChatService, ReadyChat } from '../api.ts'
import { openChatService } from '../chat-service.ts'
import type { OutboxStorage } from '../env.ts'
import { calm, createFakeClinic, type FakeClinic } from './fake-clinic.ts'
import { createFakeTransport, type FakeTransport } from './fake-transport.ts'
import { createVirtualClock, createVirtualEnv, type VirtualClock, type VirtualEnv } from './virtual-env.ts'

export interface Device {
  env: VirtualEnv
  transport: FakeTransport
  chat: ChatService
}

export interface Devices {
  readonly clock: VirtualClock
  readonly clinic: FakeClinic
  /** `storage`: that of an earlier visit. */
  open(userId: string, storage?: OutboxStorage): Device
  /** Closes everything and names what is still there: nothing, if all is well. */
  leftovers(): Promise<string[]>
}

export function createDevices(): Devices {
  const clock = createVirtualClock()
  const clinic = createFakeClinic(clock)
  const devices: Device[] = []
  return {
    clock,
    clinic,
    open(userId, storage) {
      const env = createVirtualEnv(devices.length + 1, clock)
      if (storage) env.storage = storage
      const transport = createFakeTransport(clinic, env, userId)
      const device = { env, transport, chat: openChatService({ env, transport }, userId) }
      devices.push(device)
      return device
    },
    async leftovers() {
      clinic.faults = calm
      for (const { chat } of devices) chat.close()
      await clock.settle()
      const counts: [string, number][] = [
        ['topics joined', clinic.members.size],
        ['timers', clock.timerCount()],
        ...devices.flatMap(({ env, transport }): [string, number][] => [
          ['listeners to the environment', env.listenerCount],
          ['topics', transport.openTopics.length],
          ['listeners to auth', transport.authListenerCount],
        ]),
      ]
      return counts.filter(([, count]) => count > 0).map(([what, count]) => `${count} ${what}`)
    },
  }
}

export function ready(room: ChatRoom): ReadyChat {
  if (room.current.is !== 'ready') throw new Error(`the room is ${room.current.is}`)
  return room.current
}

export function bodiesOf(room: ChatRoom): (string | null)[] {
  return ready(room).messages.map(message => message.body)
}
