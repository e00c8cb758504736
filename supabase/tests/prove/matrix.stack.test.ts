/** The same matrix over the wire: real tokens, requests to the gateway, sockets. */
import { testStack } from '@bedside/local/testing'
import { afterAll, expect, it } from 'vitest'
import { type FoundCell, report, wrongOf } from './results.ts'
import { functionsOverTheWire } from './wire/functions.ts'
import { asking, credentialsFrom } from './wire/gateway.ts'
import { keepCopy } from './wire/restore.ts'
import { tablesOverTheWire } from './wire/tables.ts'
import { topicsOverTheWire } from './wire/topics.ts'
import { buildWorld } from './world/build.ts'

const stack = await testStack()
const { session, catalog } = await buildWorld(stack.database.superuserUrl)
const credentialsOf = credentialsFrom(stack)
const ask = asking(stack, credentialsOf)
const restore = await keepCopy(session, catalog)
const found: FoundCell[] = []

afterAll(async () => {
  report('wire', { cells: found })
  await session.close()
})

function keep(cells: FoundCell[], atLeast: number) {
  found.push(...cells)
  expect(wrongOf(cells)).toEqual([])
  expect(cells.length).toBeGreaterThan(atLeast)
}

it('A12 topics on real sockets', { timeout: 120_000 }, async () => {
  keep(await topicsOverTheWire(stack.realtimeUrl, credentialsOf, session), 400)
})

it('A12 tables by HTTP', { timeout: 120_000 }, async () => {
  keep(await tablesOverTheWire(ask, session, catalog, restore), 1000)
})

it('A12 functions by HTTP', { timeout: 240_000 }, async () => {
  keep(await functionsOverTheWire(ask, session, catalog, restore), 500)
})

it('A12 what is private is nowhere to be had by HTTP', async () => {
  for (const persona of ['anon', 'patient', 'grantedAdmin', 'service'] as const) {
    for (const path of ['audit_heads', 'file_permits', 'objects', 'users']) {
      expect((await ask(persona, 'GET', path)).status, `${persona} ${path}`).toBeGreaterThanOrEqual(400)
    }
    for (const name of ['active_uid', 'has_grant', 'audit', 'erase_due_rooms']) {
      expect((await ask(persona, 'POST', `rpc/${name}`, {})).status, `${persona} ${name}`).toBe(404)
    }
  }
})
