import { describe, expect, it } from 'vitest'
import type { AbortSignalLike } from '../api.ts'
import { createVirtualEnv } from '../testing/index.ts'
import { createApiFetch, createLine } from './bounded-fetch.ts'
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

  describe('and the requests', () => {
    const asked: { name: string; at: number }[] = []
    function start() {
      asked.length = 0
      const env = createVirtualEnv()
      const began = env.now()
      let isDead = true
      env.network.fetch = (url, { signal }) => {
        asked.push({ name: url.slice(-1), at: env.now() - began })
        if (!isDead) {
          const text = async () => 'here'
          return Promise.resolve({ ok: true, status: 200, headers: { get: () => null }, text, json: text })
        }
        return new Promise((_, reject) => {
          ;(signal as AbortSignalLike).addEventListener('abort', () => reject(new TypeError('aborted')))
        })
      }
      const line = createLine(env)
      const fetch = createApiFetch(env, line)
      const ends: string[] = []
      const ask = (name: string) =>
        void fetch(`https://clinic.example/${name}`).then(
          () => ends.push(`${name} was answered`),
          (error: Error) => ends.push(`${name}: ${error.message}`),
        )
      return { env, line, ask, ends, revive: () => (isDead = false) }
    }

    it('that are under way go with it; what is asked next is soon asked again, and has the same end', async () => {
      const { env, line, ask, ends } = start()
      ask('1')
      await env.advance(1_000)
      line.doubt()
      ask('2')
      await env.advance(14_999)
      expect(ends).toEqual(['1: unreachable'])
      await env.advance(1)
      expect(ends).toEqual(['1: unreachable', '2: too-late'])
      expect(asked.map(({ name, at }) => `${name} ${at}`)).toEqual(['1 0', '2 1000', '2 2500', '2 7000'])
      expect(line.open.size).toBe(0)
      expect(env.timerCount).toBe(0)
    })

    it('find another connection within two seconds', async () => {
      const { env, line, ask, ends, revive } = start()
      line.doubt()
      ask('1')
      await env.advance(1_499)
      revive()
      await env.advance(1)
      expect(ends).toEqual(['1 was answered'])
      expect(asked).toHaveLength(2)
      expect(env.timerCount).toBe(0)
    })

    it('are asked once again when the doubt is over', async () => {
      const { env, line, ask, ends } = start()
      line.doubt()
      await env.advance(30_000)
      ask('1')
      await env.advance(15_000)
      expect(ends).toEqual(['1: too-late'])
      expect(asked).toHaveLength(1)
    })
  })
})
