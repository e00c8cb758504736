/**
 * A process that runs the stack until it is killed. First argument: `LocalOptions` as JSON; second: a file for the mails,
 * one line of JSON each. Prints one line of JSON.
 */
import { appendFileSync } from 'node:fs'
import type { LocalMail } from '../gateway/mail.ts'
import { startLocal } from '../start-local.ts'

const [options = '{}', mailFile] = process.argv.slice(2)
const stack = await startLocal({
  ...JSON.parse(options),
  ...(mailFile && {
    onMail: (mail: LocalMail) => appendFileSync(mailFile, `${JSON.stringify(mail)}\n`, { mode: 0o600 }),
  }),
})
const { url, publishableKey, superuserUrl } = stack
const postgresPid = await stack.postgresPid()
process.stdout.write(`${JSON.stringify({ url, postgresPid, publishableKey, superuserUrl })}\n`)
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    stack.stop().then(() => process.exit(0))
  })
}
