/** What happens to a session, a clock and a disk. */
import { createHmac } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { Device } from '../devices/device.ts'
import type { Chance } from '../random.ts'
import type { World } from '../world.ts'
import type { Kind } from './kind.ts'

/** A token that ends in a moment, in a session that thinks it has an hour: the device slept, or its clock is slow. */
function shortenToken(device: Device, jwtSecret: string, seconds: number): void {
  for (const [key, value] of device.disk.tokens) {
    const session = JSON.parse(value) as { access_token?: string }
    const [head = '', body = ''] = session.access_token?.split('.') ?? []
    if (!body) continue
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, unknown>
    claims.exp = Math.floor(Date.now() / 1000) + seconds
    const content = `${head}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`
    const access_token = `${content}.${createHmac('sha256', jwtSecret).update(content).digest('base64url')}`
    device.disk.tokens.set(key, JSON.stringify({ ...session, access_token }))
  }
}

async function expire({ devices, stack, chance }: World, points: number): Promise<Device[]> {
  const hit = [...devices]
  while (hit.length > points) hit.splice(chance.between(0, hit.length - 1), 1)
  for (const device of hit) {
    shortenToken(device, stack.jwtSecret, 2)
    // The socket takes its token when it joins.
    device.line.cut('reset')
  }
  return hit
}

/** Shifts the clock of every client: this process has no server in it. */
async function withClock(ms: number, run: () => Promise<void>): Promise<void> {
  const RealDate = Date
  class ShiftedDate extends RealDate {
    constructor(...given: [] | [number | string | Date]) {
      if (given.length === 0) super(RealDate.now() + ms)
      else super(...given)
    }
    static override now(): number {
      return RealDate.now() + ms
    }
  }
  globalThis.Date = ShiftedDate as DateConstructor
  try {
    await run()
  } finally {
    globalThis.Date = RealDate
  }
}

const DAY_MS = 24 * 3_600_000

function clock(name: string, ms: number): Kind {
  return {
    name,
    batch: 7,
    async inflict({ devices, chance }, points) {
      await withClock(ms, async () => {
        const hit = chance.some(devices, points / devices.length)
        for (const device of hit) {
          await delay(chance.between(0, 100))
          if (chance.isLucky(0.5)) device.killTab()
          else device.line.cut('reset')
        }
        await Promise.all(devices.map(device => device.open()))
        await delay(chance.between(1_000, 2_000))
      })
      return { points }
    },
  }
}

export const sessionKinds: readonly Kind[] = [
  {
    name: 'token expired',
    batch: 7,
    async inflict(world, points) {
      const hit = await expire(world, points)
      await delay(3_100)
      return { points: hit.length }
    },
  },
  {
    name: 'refresh failing (4-8 s)',
    batch: 7,
    async inflict(world, points) {
      const hit = await expire(world, points)
      for (const device of hit) device.isRefreshBlocked = true
      await delay(3_000 + world.chance.between(1_000, 5_000))
      for (const device of hit) device.isRefreshBlocked = false
      return { points: hit.length }
    },
  },
  clock('clock +24 h', DAY_MS),
  clock('clock -24 h', -DAY_MS),
  {
    name: 'disk of the device full',
    batch: 7,
    async inflict(world, points) {
      const { chance, devices } = world
      const hit = [...devices]
      while (hit.length > points) hit.splice(chance.between(0, hit.length - 1), 1)
      await delay(chance.between(100, 400))
      for (const device of hit) device.disk.isFull = true
      await delay(chance.between(300, 600))
      await Promise.all(hit.map(device => sayFull(world, device, chance)))
      for (const device of hit) device.disk.isFull = false
      for (const device of hit)
        for (const room of device.rooms.values())
          if (room.current.is === 'ready')
            for (const { id, state } of room.current.outgoing) if (state.is === 'failed') room.retry(id)
      return { points: hit.length }
    },
  },
]

/** One more message than the disk takes: it stays on the screen, and says why. */
async function sayFull({ ledger }: World, device: Device, chance: Chance): Promise<void> {
  const [roomId, room] = chance.pick([...device.rooms])
  if (room.current.is !== 'ready') return
  const body = `${device.name} on a full disk ${chance.next()}`
  const id = room.send({ body })
  ledger.type({ id, roomId, device: device.name, body })
  await delay(200)
  const shown = room.current.outgoing.find(each => each.id === id)
  if (shown?.state.is !== 'failed' || shown.state.error.detail !== 'outbox-full')
    ledger.violated(`${device.name} does not say that its disk is full`)
}
