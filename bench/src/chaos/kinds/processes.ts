/** What happens to the processes: PostgreSQL, the gateway, the tab; and to the way between the first two. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Kind } from './kind.ts'

const PAUSES_MS: [number, number] = [1_000, 2_500]
/** One in so many is the long one of the promise. */
const LONG_PAUSE_EVERY = 25
const LONG_PAUSE_MS = 10_000

export const processKinds: readonly Kind[] = [
  {
    name: 'kill -9 PostgreSQL',
    batch: 1,
    async inflict({ stack, chance }) {
      await delay(chance.between(50, 500))
      return { points: 1, goneMs: [await stack.killPostgres()] }
    },
  },
  {
    name: 'PostgreSQL paused',
    batch: 1,
    async inflict({ stack, chance }) {
      await delay(chance.between(50, 300))
      await stack.pausePostgres(
        chance.isLucky(1 / LONG_PAUSE_EVERY) ? LONG_PAUSE_MS : chance.between(...PAUSES_MS),
      )
      return { points: 1 }
    },
  },
  {
    name: 'kill -9 gateway',
    batch: 1,
    async inflict({ stack, chance }) {
      await delay(chance.between(50, 300))
      const killedAt = performance.now()
      await stack.killGateway()
      return { points: 1, goneMs: [performance.now() - killedAt] }
    },
  },
  {
    name: 'database line cut',
    batch: 3,
    async inflict({ stack, chance }, points) {
      for (let point = 0; point < points; point++) {
        await delay(chance.between(50, 300))
        const how = chance.pick(['reset', 'closed'] as const)
        if (chance.isLucky(0.5)) stack.databaseLine.cut(how)
        else stack.databaseLine.cutAfter(chance.between(1, 400), how)
      }
      await delay(100)
      stack.databaseLine.cutAtLast()
      return { points }
    },
  },
  {
    name: 'database gone (6-12 s)',
    batch: 1,
    isLong: true,
    async inflict({ stack, chance }) {
      await delay(chance.between(50, 300))
      stack.databaseLine.refuse(true)
      stack.databaseLine.cut('reset')
      await delay(chance.between(6_000, 12_000))
      stack.databaseLine.refuse(false)
      return { points: 1 }
    },
  },
  {
    name: 'tab killed',
    batch: 3,
    async inflict({ devices, chance }, points) {
      await delay(chance.between(200, 500))
      const left = [...devices]
      for (let point = 0; point < points; point++) {
        const [device] = left.splice(chance.between(0, left.length - 1), 1)
        await delay(chance.between(10, 150))
        device?.killTab()
      }
      await delay(chance.between(0, 400))
      await Promise.all(devices.map(device => device.open()))
      return { points }
    },
  },
  {
    name: 'second tab of a browser',
    batch: 2,
    async inflict(world, points) {
      const { chance, devices } = world
      await delay(chance.between(100, 300))
      for (let point = 0; point < points; point++) {
        // Opens on what the first one has not sent yet; then one of them dies.
        const first = chance.pick(devices)
        first.line.set({ is: 'late', minMs: 50, maxMs: 300 })
        const second = await world.addDevice(
          `${first.name} tab ${devices.length}`,
          first.person,
          first.visits,
          first.disk,
        )
        await second.open()
        await delay(chance.between(100, 500))
        first.line.set({ is: 'calm' })
        const dying = chance.pick([first, second])
        dying.killTab()
        await world.removeDevice(dying)
      }
      return { points }
    },
  },
]
