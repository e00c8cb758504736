import { expect, it } from 'vitest'
import { createRequestReader } from './requests.ts'

const post = (path: string, body: string) =>
  `POST ${path} HTTP/1.1\r\nhost: x\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`

it('CH1: requests of one connection are found whole, however their bytes were cut', () => {
  const texts = [post('/rest/v1/rpc/send_message', '{"body":"¿qué?"}'), 'GET /a HTTP/1.1\r\nhost: x\r\n\r\n']
  const bytes = Buffer.from(texts.join('') + texts.join(''))
  for (const piece of [1, 5, 60, bytes.length]) {
    const read = createRequestReader()
    const found = []
    for (let at = 0; at < bytes.length; at += piece) found.push(...read(bytes.subarray(at, at + piece)))
    expect(found.map(({ method, path }) => [method, path])).toEqual([
      ['POST', '/rest/v1/rpc/send_message'],
      ['GET', '/a'],
      ['POST', '/rest/v1/rpc/send_message'],
      ['GET', '/a'],
    ])
    expect(found.map(each => each.bytes.toString())).toEqual([...texts, ...texts])
  }
})
