// Writes sw.js into the build: the worker beside this file, told which files there are and by which version they go.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

const here = import.meta.dirname
const publicDir = path.join(here, '../public')

/** @returns {import('vite').Plugin} */
export function serviceWorker() {
  return {
    name: 'bedside-service-worker',
    apply: 'build',
    generateBundle: {
      // index.html is the last to be made.
      order: 'post',
      handler(_, bundle) {
        const built = Object.entries(bundle)
          .filter(([, file]) => !isRarelyWanted(file))
          .map(([name, file]) => [name, file.code ?? file.source])
        const copied = readdirSync(publicDir, { recursive: true, withFileTypes: true })
          .filter(entry => entry.isFile())
          .map(entry => path.join(entry.parentPath, entry.name))
          .map(file => [path.relative(publicDir, file).replaceAll(path.sep, '/'), readFileSync(file)])
        const files = [...built, ...copied].sort(([a], [b]) => (a < b ? -1 : 1))
        const worker = readFileSync(path.join(here, 'sw.js'))
        const hash = createHash('sha256').update(worker)
        for (const [name, content] of files) hash.update(`${name}\0`).update(content)
        const shell = { version: hash.digest('hex').slice(0, 16), files: files.map(([name]) => `/${name}`) }
        this.emitFile({
          type: 'asset',
          fileName: 'sw.js',
          source: `const SHELL = ${JSON.stringify(shell)}\n${worker}`,
        })
      },
    },
  }
}

/** The names of emoji in three languages weigh more than the whole app: whoever opens the picker fetches one of them. */
function isRarelyWanted(file) {
  return file.type === 'chunk' && file.moduleIds.some(id => id.includes('/emojibase-data/'))
}
