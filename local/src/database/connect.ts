/** One short-lived connection for start-up work. Never used while requests are served. */
import { Client } from 'pg'
import type { LoginRole, Secrets } from '../secrets.ts'

export interface DatabaseAddress {
  host: string
  port: number
  database: string
}

export async function withClient<T>(
  address: DatabaseAddress,
  role: LoginRole,
  secrets: Secrets,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client({ ...address, user: role, password: secrets.passwords[role] })
  client.on('error', () => {
    // The query under way reports it.
  })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

export function databaseUrl(address: DatabaseAddress, role: LoginRole, secrets: Secrets): string {
  return `postgresql://${role}:${encodeURIComponent(secrets.passwords[role])}@${address.host}:${address.port}/${address.database}`
}
