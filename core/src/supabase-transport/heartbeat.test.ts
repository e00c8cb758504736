import { describe, expect, it } from 'vitest'
import type { AbortSignalLike } from '../api.ts'
import { createVirtualEnv } from '../testing/index.ts'
import { createApiFetch } from './bounded-fetch.ts'
import { ANSWER_WITHIN_MS, watchHeartbeat } from './heartbeat.ts'

type Status = Parameters<Parameters<Parameters<typeof watchHeartbeat>[1]['onHeartbeat']>[0]>[0]

function watched() {
  const env = createVirtualEnv()
  let tell: (status: Status) => void = () => {}
  let change: (isOpen: boolean) => void = () => {}
  let silences = 0
  const stop = watchHeartbeat(
    env,
    {
      onHeartbeat(callback) {
        tell = status => callback(status)
      },
    },
    {
      onChange(listener) {
        change = listener
        return () => {
          change = () => {}
        }
      },
    },
    () => void silences++,
  )
  return {
    env,
    stop,
    tell: (status: Status) => tell(status),
    change: (isOpen: boolean) => change(isOpen),
    silences: () => silences,
  }
}

describe('CR21: a socket that does not answer', () => {
  it('is given five seconds', async () => {
    const { env, tell, silences } = watched()
    tell('sent')
    await env.advance(ANSWER_WITHIN_MS - 1)
    expect(silences()).toBe(0)
    await env.advance(1)
    expect(silences()).toBe(1)
    await env.advance(60_000)
    expect(silences()).toBe(1)
  })

  it('is none where the answer came, the socket is another one, or nobody watches any more', async () => {
    for (const after of ['ok', 'disconnected', 'error', 'timeout'] as const) {
      const { env, tell, silences } = watched()
      tell('sent')
      tell(after)
      await env.advance(60_000)
      expect(silences()).toBe(0)
    }
    for (const isOpen of [true, false]) {
      const { env, tell, change, silences } = watched()
      tell('sent')
      change(isOpen)
      await env.advance(60_000)
      expect(silences()).toBe(0)
    }
    const { env, tell, stop, silences } = watched()
    tell('sent')
    stop()
    await env.advance(60_000)
    expect(silences()).toBe(0)
    expect(env.timerCount).toBe(0)
  })

  it('takes the requests with it that are under way, and no later ones', async () => {
    const env = createVirtualEnv()
    env.network.fetch = (_, { signal }) =>
      new Promise((_, reject) => {
        ;(signal as AbortSignalLike).addEventListener('abort', () => reject(new TypeError('aborted')))
      })
    const open = new Set<() => void>()
    const fetch = createApiFetch(env, open)
    const ends: string[] = []
    const ask = (name: string) =>
      fetch(`https://clinic.example/${name}`).then(
        () => ends.push(`${name} was answered`),
        (error: Error) => ends.push(`${name}: ${error.message}`),
      )
    void ask('first')
    for (const giveUp of [...open]) giveUp()
    void ask('second')
    await env.advance(1)
    expect(ends).toEqual(['first: unreachable'])
    await env.advance(60_000)
    expect(ends).toEqual(['first: unreachable', 'second: too-late'])
    expect(open.size).toBe(0)
  })
})
