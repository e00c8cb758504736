/** What a network does to the way between a device and the gateway; and, at the end, what only a faulty hop does. */
import { setTimeout as delay } from 'node:timers/promises'
import { NOTICES_CUT_WITHIN_MS } from '../devices/device.ts'
import type { FrameFault } from '../network/frame-fault.ts'
import type { ByteFault } from '../network/way.ts'
import type { World } from '../world.ts'
import type { Kind } from './kind.ts'

function cutting(how: 'reset' | 'closed'): Kind {
  return {
    name: how === 'reset' ? 'cut (reset)' : 'cut (closed)',
    batch: 5,
    async inflict({ devices, chance }, points) {
      for (let point = 0; point < points; point++) {
        await delay(chance.between(20, 250))
        const { line } = chance.pick(devices)
        // Between two pieces of bytes, or in the middle of an answer or a frame.
        if (chance.isLucky(0.5)) line.cut(how)
        else line.cutAfter(chance.between(1, 600), how)
      }
      await delay(100)
      for (const { line } of devices) line.cutAtLast()
      return { points }
    },
  }
}

/** Some lines at once, for a while. A line is a point. */
function worse(name: string, fault: (world: World) => ByteFault, ms: [number, number], batch = 4): Kind {
  return {
    name,
    batch,
    async inflict(world, points) {
      const { chance } = world
      const lines = world.devices.map(device => device.line)
      while (lines.length > points) lines.splice(chance.between(0, lines.length - 1), 1)
      for (const line of lines) {
        line.set(fault(world))
        await delay(chance.between(0, 100))
      }
      await delay(chance.between(...ms))
      for (const line of lines) line.set({ is: 'calm' })
      return { points: lines.length }
    },
  }
}

/** A heartbeat, its answer that does not come, and a busy machine. Until then nobody can know. */
const MUST_SAY_MS = 16_000
/** realtime-js lets go of a dead socket for some seconds more before it opens another. */
const MUST_BE_BACK_MS = 22_000

/** As after a NAT that forgot, or a phone that changed networks: what stands is dead, what is new goes through. */
const halfOpen: Kind = {
  name: 'half-open',
  batch: 7,
  async inflict({ devices, chance, ledger }, points) {
    const hit = [...devices]
    while (hit.length > points) hit.splice(chance.between(0, hit.length - 1), 1)
    const noticedMs: number[] = []
    await Promise.all(
      hit.map(async device => {
        await delay(chance.between(0, 1_000))
        device.noticesWithinMs = MUST_SAY_MS
        device.line.deaden()
        const began = performance.now()
        // A new socket is the proof that the old one was given up.
        while (!device.line.hasSocket && performance.now() - began < MUST_BE_BACK_MS) await delay(20)
        if (!device.line.hasSocket) ledger.violated(`${device.name} has not noticed that its line is dead`)
        noticedMs.push(performance.now() - began)
        device.noticesWithinMs = NOTICES_CUT_WITHIN_MS
      }),
    )
    return { points: hit.length, noticedMs }
  },
}

function frames(name: string, fault: FrameFault): Kind {
  return {
    name,
    batch: 20,
    inflict: (world, points) => untilHit(world, points, line => line.setFrames(fault)),
  }
}

const repeated: Kind = {
  name: 'request repeated',
  batch: 20,
  inflict: (world, points) =>
    untilHit(world, points, line =>
      // Both are promised to be the same however often they are asked.
      line.repeat(
        ({ method, path }) => method === 'POST' && /\/rpc\/(send_message|mark_read)$/.test(path),
        800,
      ),
    ),
}

type Line = World['devices'][number]['line']
async function untilHit({ devices }: World, points: number, begin: (line: Line) => void) {
  const lines = devices.map(device => device.line)
  const hits = () => lines.reduce((sum, line) => sum + line.hits, 0)
  const before = hits()
  for (const line of lines) begin(line)
  while (hits() - before < points) await delay(10)
  for (const line of lines) {
    line.setFrames('none')
    line.repeat(null, 0)
  }
  return { points: hits() - before }
}

export const networkKinds: readonly Kind[] = [
  // The longest first, so that the others fill up the time beside it.
  halfOpen,
  cutting('reset'),
  cutting('closed'),
  worse('late (0.1-1 s jitter)', () => ({ is: 'late', minMs: 100, maxMs: 1_000 }), [500, 1_500]),
  worse('held (0.5-4 s)', () => ({ is: 'held' }), [500, 4_000], 7),
  worse('one byte a segment', () => ({ is: 'dripping' }), [500, 1_500]),
  worse(
    'narrow (4-20 KB/s)',
    ({ chance }) => ({ is: 'narrow', bytesPerSecond: chance.between(4_000, 20_000) }),
    [500, 2_000],
  ),
  frames('frames doubled', 'doubled'),
  frames('frames swapped', 'swapped'),
  repeated,
]
