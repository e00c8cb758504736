// Finds a Chromium for the end-to-end tests: the one named by CHROMIUM_PATH, one on the machine, Playwright's own, or
// one from the system's packages where this user may install them.
import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import path from 'node:path'
import { root, stop } from './ensure-installed.mjs'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const PLACES = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome']

export async function ensureChromium() {
  if (process.env.CHROMIUM_PATH) {
    if (isExecutable(process.env.CHROMIUM_PATH)) return process.env.CHROMIUM_PATH
    stop('CHROMIUM_PATH names no file that can be run.')
  }
  const found = onMachine() ?? (await playwrights())
  if (found) return found

  console.log('Installing a Chromium for the end-to-end tests …')
  const cli = path.join(root, 'node_modules/playwright-core/cli.js')
  if (
    spawnSync(process.execPath, [cli, 'install', 'chromium'], { stdio: 'ignore', timeout: 180_000 })
      .status === 0
  ) {
    const downloaded = await playwrights()
    if (downloaded) return downloaded
  }
  if (process.getuid?.() === 0 && isExecutable('/usr/bin/apt-get')) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    for (const args of [['update'], ['install', '-y', '--no-install-recommends', 'chromium']]) {
      const run = spawnSync('apt-get', ['-q', ...args], { env, encoding: 'utf8' })
      if (run.status !== 0) console.error(run.stderr)
    }
    const installed = onMachine()
    if (installed) return installed
  }
  stop('No Chromium was found and none could be installed. Install one and set CHROMIUM_PATH to its program.')
}

function onMachine() {
  const folders = (process.env.PATH ?? '').split(path.delimiter)
  const candidates = [...NAMES.flatMap(name => folders.map(folder => path.join(folder, name))), ...PLACES]
  return candidates.find(isExecutable)
}

async function playwrights() {
  const { chromium } = await import('playwright-core')
  const file = chromium.executablePath()
  return isExecutable(file) ? file : undefined
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
