import { randomUUID } from 'node:crypto'
import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import { WebSocket } from 'ws'
import type { TestStack } from './test-stack.ts'

export interface TestAccount {
  id: string
  email: string
  password: string
  /** An unmodified supabase-js, not signed in. */
  client: SupabaseClient
}

/** Somebody who may sign in, and is of no clinic. */
export async function testAccount(stack: TestStack): Promise<TestAccount> {
  // Node 20 has none of its own.
  Object.assign(globalThis, { WebSocket })
  const options = { auth: { persistSession: false, autoRefreshToken: false } }
  const account = { id: randomUUID(), email: 'alice@clinic.example', password: 'correct-horse-1' }
  const admin = createClient(stack.url, stack.secretKey, options).auth.admin
  const { error } = await admin.createUser({ ...account, email_confirm: true })
  if (error) throw error
  return { ...account, client: createClient(stack.url, stack.publishableKey, options) }
}
