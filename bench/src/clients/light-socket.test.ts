import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { WebSocketServer } from 'ws'
import { BINARY, openSocket, TEXT } from './light-socket.ts'

it('reads and writes frames of every length as ws does, and hears of the end', async () => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false })
  await once(server, 'listening')
  server.on('connection', socket =>
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary })),
  )
  const frames: [number, string][] = []
  let isClosed = false
  const socket = await openSocket({
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    onFrame: (opcode, payload) => frames.push([opcode, payload.toString()]),
    onClose: () => {
      isClosed = true
    },
  })
  const texts = [0, 1, 125, 126, 3_000, 65_535].map(length => 'ä'.repeat(length / 2))
  for (const text of texts) socket.send(text)
  await expect.poll(() => frames).toEqual(texts.map(text => [TEXT, text]))
  for (const client of server.clients) client.send(Buffer.alloc(70_000, 'y'))
  await expect.poll(() => frames.at(-1)).toEqual([BINARY, 'y'.repeat(70_000)])
  for (const client of server.clients) client.terminate()
  await expect.poll(() => isClosed).toBe(true)
  server.close()
})

it('rejects where the server refuses', async () => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, verifyClient: () => false })
  await once(server, 'listening')
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`
  await expect(openSocket({ url, onFrame: () => {} })).rejects.toThrow('refused with 401')
  server.close()
})
