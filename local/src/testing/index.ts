/**
 * For test files (`*.pg.test.ts`, `*.stack.test.ts`) of the whole project:
 *
 *   const db = await testDatabase({ seed: true })        // at the top of the file
 *   await db.as(signedIn(userId), 'select … where id = $1', [id])
 *
 *   const stack = await testStack({ seed: true })        // the same with a gateway and Realtime
 *   createClient(stack.url, stack.publishableKey)
 */
export { migrate } from '../database/migrations.ts'
export { type TestAccount, testAccount } from './test-account.ts'
export { signedIn, type TestClaims, type TestDatabase, testDatabase } from './test-database.ts'
export { type TestStack, testStack } from './test-stack.ts'
