/** What requests are answered, whatever becomes of their messages: statuses, words, headers, health. */

import { describe, expect, test } from 'vitest'
import { AS_KEY, post, postBatch } from '../testing/post-broadcast.ts'
import { SECRET_KEY, signToken } from '../testing/test-server.ts'
import { useRealtime } from '../testing/use-realtime.ts'

const realtime = useRealtime()

const said = async (answer: Response) => [answer.status, await answer.json()]

describe('R163 1.8 HTTP: answers', () => {
  test('1.8 a key or a token is needed, else 401; the token outranks the key', async () => {
    const batch = [{ topic: 'any', event: 'n', payload: {} }]
    const expired = await signToken({ sub: 'ada' }, -10)
    const refusals: Record<string, string>[] = [
      {},
      { apikey: 'sb_publishable_other' },
      { apikey: 'rubbish' },
      { ...AS_KEY, authorization: 'Bearer rubbish' },
      { ...AS_KEY, authorization: `Bearer ${expired}` },
    ]
    for (const headers of refusals) {
      const unauthorized = [401, { message: 'Unauthorized' }]
      expect(await said(await postBatch(realtime.server, batch, headers))).toEqual(unauthorized)
      expect(await said(await post(realtime.server, '/any/events/n', '{}', headers))).toEqual(unauthorized)
    }
    const token = await signToken({ sub: 'ada' })
    for (const headers of [
      AS_KEY,
      { authorization: `Bearer ${token}` },
      { authorization: `Bearer ${SECRET_KEY}` },
    ]) {
      expect((await postBatch(realtime.server, batch, headers)).status).toBe(202)
    }
  })

  test('1.8 422 tells what is wrong with each message, by its place', async () => {
    const good = { topic: 't', event: 'n', payload: {} }
    const { payload: _, ...blank } = good
    const wrong = async (messages: unknown) => said(await postBatch(realtime.server, messages))
    const blanks = ["can't be blank"]
    expect(await wrong([blank, good])).toEqual([422, { errors: { messages: [{ payload: blanks }, {}] } }])
    expect(await wrong([good, {}])).toEqual([
      422,
      { errors: { messages: [{}, { topic: blanks, event: blanks, payload: blanks }] } },
    ])
    for (const payload of [[1], 'text', 7, true]) {
      expect(await wrong([{ ...good, payload }])).toEqual([
        422,
        { errors: { messages: [{ payload: ['is invalid'] }] } },
      ])
    }
    expect(await wrong([{ ...good, private: 'yes' }])).toEqual([
      422,
      { errors: { messages: [{ private: ['is invalid'] }] } },
    ])
    expect(await wrong([])).toEqual([422, { errors: { messages: blanks } }])
    expect(await wrong('x')).toEqual([422, { errors: { messages: ['is invalid'] } }])
  })

  test('1.8 other types of content are 415, what is no JSON 400', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp']) {
      expect(
        (await post(realtime.server, '/t/events/n', '{}', { ...AS_KEY, 'content-type': type })).status,
      ).toBe(415)
    }
    const charset = { ...AS_KEY, 'content-type': 'application/json; charset=utf-8' }
    expect((await post(realtime.server, '/t/events/n', '{}', charset)).status).toBe(202)
    for (const path of ['', '/t/events/n']) expect((await post(realtime.server, path, '{')).status).toBe(400)
  })

  test('1.8 a payload above the limit is 422, a body above that of a frame 413', async () => {
    const to = await realtime.start({ limits: { maxPayloadBytes: 100, maxFrameBytes: 1_000 } })
    const batch = (size: number) =>
      postBatch(to, [{ topic: 't', event: 'n', payload: { text: 'x'.repeat(size) } }])
    expect((await batch(80)).status).toBe(202)
    expect(await said(await batch(100))).toEqual([
      422,
      { errors: { messages: [{ payload: [expect.any(String)] }] } },
    ])
    expect((await batch(1_000)).status).toBe(413)
    const one = (size: number) => post(to, '/t/events/n', JSON.stringify('x'.repeat(size)))
    expect((await one(98)).status).toBe(202)
    expect(await said(await one(99))).toEqual([422, { message: expect.any(String) }])
    expect((await one(1_000)).status).toBe(413)
  })

  test('1.8 more messages than the rate allows are 429; every answer tells the rate', async () => {
    const to = await realtime.start({ limits: { maxHttpBroadcastsPerSecond: 3 } })
    const batch = (size: number) => postBatch(to, Array(size).fill({ topic: 't', event: 'n', payload: {} }))
    const rates = ({ headers }: Response) =>
      ['x-rate-rolling', 'x-rate-limit', 'x-rate-limit-remaining'].map(name => headers.get(name))
    const tooLarge = await batch(4)
    expect(await said(tooLarge)).toEqual([
      429,
      { message: 'Too many messages to broadcast, please reduce the batch size' },
    ])
    expect(rates(tooLarge)).toEqual(['0', '3', '3'])
    let answer = await batch(1)
    expect(rates(answer)).toEqual(['0', '3', '3'])
    for (let n = 0; n < 1_000 && answer.status === 202; n++) answer = await batch(1)
    expect(await said(answer)).toEqual([429, { message: 'You have exceeded your rate limit' }])
    expect(rates(answer)).toEqual(['2', '3', '1'])
    // The mean of a while ago may have sunk meanwhile.
    let one = await post(to, '/t/events/n', '{}')
    for (let n = 0; n < 1_000 && one.status === 202; n++) one = await post(to, '/t/events/n', '{}')
    expect([one.status, ...rates(one)]).toEqual([429, '2', '3', '1'])
  })

  test('1.8 any origin may read every answer, and the headers that tell the rate', async () => {
    const good = [{ topic: 't', event: 'n', payload: {} }]
    const answers = [
      await postBatch(realtime.server, good),
      await postBatch(realtime.server, good, {}),
      await postBatch(realtime.server, []),
      await post(realtime.server, '/t/events/n', 'x'),
      await fetch(`${realtime.server.url}/realtime/v1/api/nothing`),
    ]
    expect(answers.map(({ status }) => status)).toEqual([202, 401, 422, 400, 404])
    for (const { headers } of answers) {
      expect(headers.get('access-control-allow-origin')).toBe('*')
      expect(headers.get('access-control-expose-headers')).toContain('x-rate-limit-remaining')
    }
  })

  test('1.8 other paths are 404, other methods 405', async () => {
    for (const path of ['/t', '/t/events', '/t/events/n/x'])
      expect((await post(realtime.server, path, '{}')).status).toBe(404)
    for (const path of ['', '/t/events/n']) {
      const answer = await fetch(`${realtime.server.url}/realtime/v1/api/broadcast${path}`, {
        headers: AS_KEY,
      })
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST'])
    }
  })

  test('1.8 /healthcheck and /api/ping answer anybody', async () => {
    for (const path of ['/healthcheck', '/api/ping']) {
      expect((await fetch(`${realtime.server.url}/realtime/v1${path}`)).status).toBe(200)
    }
  })

  test('1.8 the health of a tenant is told with a key or a token, by GET and HEAD', async () => {
    // The file's server loses its stream when others start on its database.
    const { url: base } = await realtime.start()
    const url = `${base}/realtime/v1/api/tenants/any/health`
    const answer = await fetch(url, { headers: { authorization: `Bearer ${SECRET_KEY}` } })
    expect(await said(answer)).toEqual([
      200,
      {
        data: {
          healthy: true,
          db_connected: true,
          replication_connected: true,
          connected_cluster: 0,
          region: expect.any(String),
          node: expect.any(String),
        },
      },
    ])
    const head = await fetch(url, { method: 'HEAD', headers: AS_KEY })
    expect([head.status, await head.text()]).toEqual([200, ''])
    expect(await said(await fetch(url))).toEqual([401, { message: 'Unauthorized' }])
  })
})
