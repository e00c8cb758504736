/** Between a server and its PostgreSQL: can make replication connections as silent as a network that lost them. */

import type { AddressInfo } from 'node:net'
import { connect, createServer, type Socket } from 'node:net'

export interface ReplicationProxy {
  readonly port: number
  /** Nothing gets through on the replication connections of now, and neither end is told. Others go on. */
  freeze(): void
  close(): Promise<void>
}

export async function startReplicationProxy(target: {
  host: string
  port: number
}): Promise<ReplicationProxy> {
  const sockets = new Set<Socket>()
  const replications = new Set<[Socket, Socket]>()
  const proxy = createServer(near => {
    const far = connect(target.port, target.host)
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => {})
    }
    const isFrozen = () => near.isPaused() && far.isPaused()
    near.once('data', startup => {
      if (startup.includes('replication')) replications.add([near, far])
    })
    near.on('data', data => far.write(data))
    far.on('data', data => near.write(data))
    near.on('close', () => isFrozen() || far.destroy())
    far.on('close', () => isFrozen() || near.destroy())
  })
  await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve))
  return {
    port: (proxy.address() as AddressInfo).port,
    freeze() {
      for (const pair of replications) for (const socket of pair) socket.pause()
      replications.clear()
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise(resolve => proxy.close(resolve))
    },
  }
}
