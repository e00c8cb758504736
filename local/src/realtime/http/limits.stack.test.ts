import { expect, test } from 'vitest'
import { testStack } from '../../testing/index.ts'

const stack = await testStack({
  realtime: { limits: { maxHttpBroadcastsPerSecond: 3, maxPayloadBytes: 100, maxFrameBytes: 1_000 } },
})

function post(path: string, body: unknown): Promise<Response> {
  return fetch(`${stack.url}/realtime/v1/api/broadcast${path}`, {
    method: 'POST',
    headers: { apikey: stack.publishableKey, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}

const said = async (answer: Response) => [answer.status, await answer.json()]

test('R104: 1.8 a payload above the limit is 422, a body far above it 413', async () => {
  const batch = (size: number) => ({
    messages: [{ topic: 'ward', event: 'n', payload: { text: 'x'.repeat(size) } }],
  })
  expect(await said(await post('', batch(100)))).toEqual([
    422,
    { errors: { messages: [{ payload: ['exceeds the size limit'] }] } },
  ])
  expect(await said(await post('/ward/events/n', 'x'.repeat(100)))).toEqual([
    422,
    { message: 'Payload size exceeds the limit' },
  ])
  expect((await post('', batch(2_000))).status).toBe(413)
  expect((await post('/ward/events/n', 'x'.repeat(2_000))).status).toBe(413)
  expect((await post('', batch(50))).status).toBe(202)
})

test('R105: 1.8 more than so many a second are 429; the headers tell how many are left', async () => {
  const batch = (size: number) => ({ messages: Array(size).fill({ topic: 'ward', event: 'n', payload: {} }) })
  expect(await said(await post('', batch(4)))).toEqual([
    429,
    { message: 'Too many messages to broadcast, please reduce the batch size' },
  ])
  let answer = await post('/ward/events/n', {})
  for (let i = 0; i < 100 && answer.status === 202; i++) answer = await post('/ward/events/n', {})
  expect(await said(answer)).toEqual([429, { message: 'You have exceeded your rate limit' }])
  const headers = ['x-rate-rolling', 'x-rate-limit', 'x-rate-limit-remaining'].map(name =>
    answer.headers.get(name),
  )
  expect(headers).toEqual(['2', '3', '1'])
})
