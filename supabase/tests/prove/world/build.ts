/** The world in a database of one's own. */
import { readCatalog } from '../catalog.ts'
import { Session } from '../session.ts'
import { worldSql } from './rows.ts'

export async function buildWorld(superuserUrl: string) {
  const session = await Session.open(superuserUrl)
  await session.begin()
  await session.query(worldSql)
  await session.commit()
  return { session, catalog: await readCatalog(session) }
}
