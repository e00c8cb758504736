/** The usual call of every function through the gateway, by everybody. */
import type { Catalog } from '../catalog.ts'
import { expectedOf } from '../cells/functions.ts'
import { FUNCTIONS } from '../expectations/functions.ts'
import { PERSONAS } from '../personas.ts'
import type { FoundCell } from '../results.ts'
import type { Session } from '../session.ts'
import { type Ask, EXPIRED, wordOf } from './gateway.ts'

export async function functionsOverTheWire(
  ask: Ask,
  session: Session,
  catalog: Catalog,
  restore: () => Promise<void>,
): Promise<FoundCell[]> {
  const found: FoundCell[] = []
  for (const fn of catalog.functions) {
    const expectation = FUNCTIONS[fn.signature]
    if (!expectation) continue
    if (expectation.given) await session.query(expectation.given)
    for (const persona of PERSONAS) {
      const expected = persona === 'expired' ? EXPIRED : expectedOf(expectation, persona)
      const actual = wordOf(await ask(persona, 'POST', `rpc/${fn.name}`, expectation.args))
      found.push({
        ...{ section: 'Functions', line: fn.signature, column: persona },
        ...{ expected, actual, isRight: expected === actual },
      })
      // A refusal changes nothing: that is part of what is proven by going on without a new world.
      if (actual !== 'ok' || !fn.isVolatile) continue
      await restore()
      if (expectation.given) await session.query(expectation.given)
    }
    await restore()
  }
  return found
}
