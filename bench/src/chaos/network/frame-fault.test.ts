import { setTimeout as delay } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { createFrameDesk, type FrameFault } from './frame-fault.ts'

const text = (letter: string) => Buffer.from([0x81, 1, letter.charCodeAt(0)])
const PING = Buffer.from([0x89, 0])

function desk(frames: FrameFault, isHit: boolean) {
  const sent: string[] = []
  let hits = 0
  const { put } = createFrameDesk(
    frame => sent.push(frame[0] === 0x81 ? String.fromCharCode(frame[2] ?? 0) : 'ping'),
    {
      frames,
      random: () => (isHit ? 0 : 1),
      happened: () => void hits++,
    },
  )
  return { put, sent, hits: () => hits }
}

it('CH1: messages are doubled or swapped, each whole, and nothing else is touched', async () => {
  const doubled = desk('doubled', true)
  for (const frame of [text('a'), PING, text('b')]) doubled.put(frame)
  expect([doubled.sent, doubled.hits()]).toEqual([['a', 'a', 'ping', 'b', 'b'], 2])
  const swapped = desk('swapped', true)
  for (const frame of [text('a'), text('b'), PING, text('c')]) swapped.put(frame)
  expect(swapped.sent).toEqual(['b', 'a', 'ping'])
  // Nothing comes that could be put before it.
  await delay(400)
  expect(swapped.sent).toEqual(['b', 'a', 'ping', 'c'])
  for (const calm of [desk('none', true), desk('doubled', false), desk('swapped', false)]) {
    for (const frame of [text('a'), text('b')]) calm.put(frame)
    expect([calm.sent, calm.hits()]).toEqual([['a', 'b'], 0])
  }
})
