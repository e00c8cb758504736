/** The stack in a process of its own, so that it can be killed. The line before PostgreSQL is the parent's. */
import { startLocal } from '@bedside/local'

/** From this process. */
export type FromServer =
  | { is: 'database'; port: number }
  | { is: 'serving'; url: string; publishableKey: string; superuserUrl: string; jwtSecret: string }
  | { is: 'postgres'; pid: number | null }
/** To this process. */
export type ToServer = { is: 'database-line'; port: number } | { is: 'postgres?' } | { is: 'stop' }

const tell = (message: FromServer) => process.send?.(message)
const { port, dataDir } = JSON.parse(process.argv[2] ?? '{}') as { port: number; dataDir: string }

const local = await startLocal({
  port,
  dataDir,
  log: () => {},
  databaseVia: databasePort =>
    new Promise(resolve => {
      process.on('message', (message: ToServer) => {
        if (message.is === 'database-line') resolve(message.port)
      })
      tell({ is: 'database', port: databasePort })
    }),
})
const { url, publishableKey, superuserUrl, jwtSecret } = local
let isStopping = false
async function end(): Promise<void> {
  if (isStopping) return
  isStopping = true
  await local.stop()
  process.exit(0)
}
process.on('message', async (message: ToServer) => {
  if (message.is === 'postgres?') tell({ is: 'postgres', pid: await local.postgresPid() })
  if (message.is === 'stop') await end()
})
process.on('disconnect', () => void end())
tell({ is: 'serving', url, publishableKey, superuserUrl, jwtSecret })
