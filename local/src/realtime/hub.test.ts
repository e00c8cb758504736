import { expect, test } from 'vitest'
import type { RoomMessage } from './frames/server-message.ts'
import { Hub, type RoomMember } from './hub.ts'

interface TestMember extends RoomMember {
  readonly got: string[]
}

function member(onDeliver: () => void = () => {}): TestMember {
  const got: string[] = []
  return {
    got,
    version: '2.0.0',
    accepts: audience => audience === 'broadcast',
    deliver(frame) {
      got.push(frame.toString())
      onDeliver()
    },
  }
}

function message(text: string): RoomMessage {
  return { frame: () => Buffer.from(text) }
}

function fail(error: unknown): never {
  throw error
}

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise(resolve => setImmediate(resolve))
}

test('R80 rooms far larger than one turn get everything, in order, with turns in between', async () => {
  const hub = new Hub(fail)
  const members = Array.from({ length: 2_500 }, () => member())
  const large = members.map(each => hub.enter('large', false, each))[0]
  const only = member()
  const small = hub.enter('small', false, only)
  if (!large) throw new Error('no room')
  for (const text of ['a', 'b', 'c']) hub.publish(large, message(text), 'broadcast')
  hub.publish(small, message('d'), 'broadcast')
  expect(members.filter(({ got }) => got.length > 0).length).toBe(1_000)

  let waited = 0
  for (; only.got.length === 0; waited++) await turns(1)
  expect(waited).toBeGreaterThanOrEqual(7)
  for (const { got } of members) expect(got).toEqual(['a', 'b', 'c'])
})

test('R81 a message goes to those who accept its kind, but for its sender', () => {
  const hub = new Hub(fail)
  const [sender, other] = [member(), member()]
  const room = hub.enter('topic', true, sender)
  hub.enter('topic', true, other)
  hub.publish(room, message('x'), 'broadcast', sender)
  hub.publish(room, message('y'), 'presence')
  expect([sender.got, other.got]).toEqual([[], ['x']])
})

test('R82 an empty room is forgotten, and one made anew under its name is another', () => {
  const hub = new Hub(fail)
  const [first, second] = [member(), member()]
  const old = hub.enter('topic', false, first)
  expect(hub.find('topic', true)).toBe(undefined)
  hub.leave(old, first)
  expect(hub.find('topic', false)).toBe(undefined)
  const fresh = hub.enter('topic', false, second)
  hub.leave(old, first)
  expect(hub.find('topic', false)).toBe(fresh)
})

test('R83 sources are told when too much is waiting, and when it is over', async () => {
  const hub = new Hub(fail)
  const members = Array.from({ length: 100 }, () => member())
  const room = members.map(each => hub.enter('topic', false, each))[0]
  if (!room) throw new Error('no room')
  let isRelieved = false
  for (let i = 0; i < 1_100; i++) hub.publish(room, message(String(i)), 'broadcast')
  expect(hub.isCongested).toBe(true)
  hub.whenRelieved(() => {
    isRelieved = true
  })
  expect(isRelieved).toBe(false)
  await turns(120)
  expect([hub.isCongested, isRelieved]).toEqual([false, true])
  expect(members[99]?.got).toHaveLength(1_100)
})

test('R84 what a delivery sets off comes after it; a delivery that fails costs the others nothing', () => {
  const errors: unknown[] = []
  const hub = new Hub(error => errors.push(error))
  const broken = member(() => {
    throw new Error('gone')
  })
  let isFirst = true
  const chain = member(() => {
    if (isFirst) hub.publish(room, message('second'), 'broadcast')
    isFirst = false
  })
  const last = member()
  const room = hub.enter('topic', false, broken)
  hub.enter('topic', false, chain)
  hub.enter('topic', false, last)
  hub.publish(room, message('first'), 'broadcast')
  expect(last.got).toEqual(['first', 'second'])
  expect(errors).toHaveLength(2)
})
