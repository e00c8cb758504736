/**
 * One direction of one connection: bytes that wait for their turn, and what the line does to them on the way. Order is
 * TCP's: whatever happens, what came first leaves first.
 */
import type { Socket } from 'node:net'
import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises'

/** What happens to every byte of a line. */
export type ByteFault =
  | { is: 'calm' }
  /** Each piece waits between so many milliseconds. */
  | { is: 'late'; minMs: number; maxMs: number }
  /** Nothing moves until the line is another one. */
  | { is: 'held' }
  /** One byte a segment. */
  | { is: 'dripping' }
  | { is: 'narrow'; bytesPerSecond: number }

export interface Conditions {
  readonly bytes: ByteFault
  random(): number
  /** Resolves with the next change of `bytes`. */
  changed(): Promise<void>
}

const NARROW_TICK_MS = 50

export interface Way {
  put(bytes: Buffer): void
  /** After what waits. */
  end(): void
  /** Swallows everything from now on, and never ends. */
  deaden(): void
}

export function createWay(to: Socket, conditions: Conditions): Way {
  const waiting: Buffer[] = []
  let isRunning = false
  let isEnding = false
  let isDead = false

  const write = (bytes: Buffer) => {
    if (!isDead && to.writable) to.write(bytes)
  }

  async function run(): Promise<void> {
    if (isRunning) return
    isRunning = true
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await pass(next)
    isRunning = false
    if (isEnding && !isDead) to.end()
  }

  async function pass(bytes: Buffer): Promise<void> {
    while (conditions.bytes.is === 'held' && !isDead) await conditions.changed()
    const fault = conditions.bytes
    switch (fault.is) {
      case 'late':
        await delay(fault.minMs + conditions.random() * (fault.maxMs - fault.minMs))
        break
      case 'dripping':
        for (let at = 0; at < bytes.length; at++) {
          if (isDead || conditions.bytes.is !== 'dripping') return write(bytes.subarray(at))
          write(bytes.subarray(at, at + 1))
          await turn()
        }
        return
      case 'narrow': {
        const size = Math.max(1, Math.round((fault.bytesPerSecond * NARROW_TICK_MS) / 1_000))
        for (let at = 0; at < bytes.length; at += size) {
          if (isDead || conditions.bytes.is !== 'narrow') return write(bytes.subarray(at))
          write(bytes.subarray(at, at + size))
          await delay(NARROW_TICK_MS)
        }
        return
      }
      case 'calm':
      case 'held':
        break
    }
    write(bytes)
  }

  return {
    put(bytes) {
      if (isDead) return
      waiting.push(bytes)
      void run()
    },
    end() {
      isEnding = true
      if (!isRunning && !isDead) to.end()
    },
    deaden() {
      isDead = true
      waiting.length = 0
    },
  }
}
