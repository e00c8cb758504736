import { expect, it } from 'vitest'
import { DatabaseGoneError, type LiteInstance, replaceableLite } from './replaceable.ts'

const request = new Request('http://gateway/')
const context = { peerAddress: '' }

it('L12 a request whose connection died is given up, and the next one gets a new instance', async () => {
  const built: { die: () => void; isEnded: boolean }[] = []
  const lite = replaceableLite(onDeath => {
    const record = { die: onDeath, isEnded: false }
    const number = built.push(record)
    const instance: LiteInstance = {
      // The first never answers, as a query that waits for a connection which is not coming back.
      fetch: () => (number === 1 ? new Promise(() => {}) : Promise.resolve(new Response(String(number)))),
      end: async () => {
        record.isEnded = true
      },
    }
    return instance
  })
  const stuck = lite.fetch(request, context)
  expect(built).toHaveLength(1)
  built[0]?.die()
  await expect(stuck).rejects.toBeInstanceOf(DatabaseGoneError)
  expect(await (await lite.fetch(request, context)).text()).toBe('2')
  expect(built[0]?.isEnded).toBe(true)
  expect(await (await lite.fetch(request, context)).text()).toBe('2')
  await lite.close()
  expect(built[1]?.isEnded).toBe(true)
})
