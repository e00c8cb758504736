/** A process that runs the stack until it is killed. First argument: `LocalOptions` as JSON. Prints one line of JSON. */
import { startLocal } from '../start-local.ts'

const stack = await startLocal(JSON.parse(process.argv[2] ?? '{}'))
process.stdout.write(`${JSON.stringify({ url: stack.url, postgresPid: await stack.postgresPid() })}\n`)
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    stack.stop().then(() => process.exit(0))
  })
}
