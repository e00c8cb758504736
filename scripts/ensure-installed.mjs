// Installs the project's packages when they are missing or not the ones that package-lock.json names, and does
// nothing, without network, when they are right.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))

const MINIMUM_NODE = [20, 19]

export function ensureInstalled() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major < MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor < MINIMUM_NODE[1])) {
    stop(`Bedside needs Node ${MINIMUM_NODE.join('.')} or newer; this is ${process.versions.node}.`)
  }
  if (isInstalled()) return
  console.log('Installing packages …')
  const npm = process.env.npm_execpath
    ? [process.execPath, process.env.npm_execpath]
    : [process.platform === 'win32' ? 'npm.cmd' : 'npm']
  const [command, ...args] = [...npm, 'ci', '--no-audit', '--no-fund', '--loglevel=error']
  // `npm start --omit=dev` and NODE_ENV=production must not leave the build tools out.
  const run = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, NODE_ENV: 'development', npm_config_omit: '' },
  })
  if (run.status !== 0) {
    stop('The packages could not be installed. Once npm can reach its registry, run the same command again.')
  }
}

function isInstalled() {
  const wanted = readLock('package-lock.json')
  const present = readLock('node_modules/.package-lock.json')
  if (!wanted || !present) return false
  return Object.entries(wanted).every(
    ([place, entry]) =>
      !place.includes('node_modules/') ||
      entry.optional ||
      entry.link ||
      present[place]?.version === entry.version,
  )
}

function readLock(file) {
  try {
    return JSON.parse(readFileSync(path.join(root, file), 'utf8')).packages
  } catch (error) {
    if (error.code === 'ENOENT') return null
    throw error
  }
}

/** Says what is wrong and what to do, without a stack that helps nobody, and ends the process. */
export function stop(message) {
  console.error(`\n${message}`)
  process.exit(1)
}
