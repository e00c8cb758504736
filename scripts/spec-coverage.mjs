// Fails when a rule of docs/spec.md has no test whose title starts with its id, or a test names a rule that is not there.
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { root } from './ensure-installed.mjs'

const RULE = /^- \*\*([A-Z]+\d+)\*\*/gm
const TITLE =
  /\b(?:it|test|describe)(?:\.\w+(?:\((?:[^()]|\([^()]*\))*\))?)?\(\s*['"`]((?:[A-Z]+\d+[,\s]+)*[A-Z]+\d+)\b/g

const rules = new Set(
  [...readFileSync(path.join(root, 'docs/spec.md'), 'utf8').matchAll(RULE)].map(match => match[1]),
)
const tested = new Set()
for (const file of testFiles(root)) {
  for (const match of readFileSync(file, 'utf8').matchAll(TITLE)) {
    for (const id of match[1].split(/[,\s]+/)) tested.add(id)
  }
}
const untested = [...rules].filter(id => !tested.has(id))
const unknown = [...tested].filter(id => !rules.has(id))
if (untested.length) console.error(`Rules without a test: ${untested.join(', ')}`)
if (unknown.length) console.error(`Tests of rules that docs/spec.md does not have: ${unknown.join(', ')}`)
console.log(`${rules.size} rules, ${rules.size - untested.length} with a test`)
process.exit(untested.length || unknown.length || rules.size === 0 ? 1 : 0)

function testFiles(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    if (entry.name.startsWith('.') || ['node_modules', 'dist', 'artefacts'].includes(entry.name)) return []
    const file = path.join(folder, entry.name)
    if (entry.isDirectory()) return testFiles(file)
    return /\.(test|e2e)\.tsx?$/.test(entry.name) ? [file] : []
  })
}
