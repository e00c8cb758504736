// `npm start`: install what is missing, build the web app if it is stale, start the embedded stack, say where it is.
import path from 'node:path'
import { buildWeb } from './build-web.mjs'
import { ensureInstalled, root, stop } from './ensure-installed.mjs'

const DEFAULT_PORT = 3000
const DEMO_PASSWORD = 'bedside-demo'
const DEMO_ACCOUNTS = [
  { role: 'patient', label: 'Rosa Delgado', email: 'rosa.delgado@bedside.example' },
  { role: 'patient', label: 'Henry Whitfield', email: 'henry.whitfield@bedside.example' },
  { role: 'patient', label: 'Camille Moreau', email: 'camille.moreau@bedside.example' },
  { role: 'patient', label: 'ليلى ناصر', email: 'layla.nasser@bedside.example' },
  { role: 'doctor', label: 'Dr. Inés Castellano', email: 'ines.castellano@bedside.example' },
  { role: 'doctor', label: 'Dr. Samuel Okafor', email: 'samuel.okafor@bedside.example' },
  { role: 'admin', label: 'Marta Lindqvist', email: 'front.desk@bedside.example' },
].map(account => ({ ...account, password: DEMO_PASSWORD }))

const startedAt = performance.now()
const port = portFrom(process.env.PORT)
ensureInstalled()

const { register } = await import('tsx/esm/api')
register()
const { startLocal } = await import('../local/src/index.ts')
const { startWorker } = await import('../worker/src/index.ts')

const built = buildWeb({ onStart: () => say('Building the web app') })
try {
  const [local] = await Promise.all([
    startLocal({
      port,
      dataDir: path.resolve(root, process.env.BEDSIDE_DATA_DIR || '.bedside'),
      webDir: path.join(root, 'web/dist'),
      seed: true,
      demoAccounts: DEMO_ACCOUNTS,
      trustedProxies: proxiesFrom(process.env.BEDSIDE_TRUSTED_PROXIES),
      onMail: ({ to, subject, link }) => console.log(`\nMail to ${to}: ${subject}\n  ${link}\n`),
      onProgress: ({ title }) => say(title),
    }),
    built,
  ])
  const worker = await startWorker({
    databaseUrl: local.databaseUrl,
    onFailure: task => say(`Task failed: ${task}`),
  })
  stopOnSignal(local, worker)
  announce(local)
} catch (error) {
  // Half a build would be served by whoever else runs here.
  await Promise.allSettled([built])
  stop(error.hint ? `${error.message}\n${error.hint}` : (error.stack ?? String(error)))
}

function portFrom(text) {
  if (text === undefined || text === '') return DEFAULT_PORT
  const number = Number(text)
  if (/^\d+$/.test(text) && number > 0 && number < 65536) return number
  return stop(`PORT is "${text}"; it must be a whole number from 1 to 65535.`)
}

function proxiesFrom(text) {
  if (text === undefined || text === '') return 0
  if (/^\d$/.test(text)) return Number(text)
  return stop(
    `BEDSIDE_TRUSTED_PROXIES is "${text}"; it must be the number of proxies before this server, 0 to 9.`,
  )
}

function say(step) {
  console.log(`${((performance.now() - startedAt) / 1000).toFixed(1).padStart(5)} s  ${step}`)
}

function announce(local) {
  say('Ready')
  console.log(`\nBedside is at ${local.url}\n\nDemo accounts, one click away on the sign-in page:`)
  for (const { label, role, email } of DEMO_ACCOUNTS) {
    console.log(`  ${role.padEnd(8)} ${label.padEnd(22)} ${email}`)
  }
  console.log(`  Password of all of them: ${DEMO_PASSWORD}\n\nCtrl+C stops it. Its data stays in .bedside/.`)
}

function stopOnSignal(local, worker) {
  let isStopping = false
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, async () => {
      // A second Ctrl+C does not wait; PostgreSQL ends with this process all the same.
      if (isStopping) process.exit(1)
      isStopping = true
      await worker.stop()
      await local.stop()
      process.exit(0)
    })
  }
}
