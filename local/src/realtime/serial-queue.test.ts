import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SerialQueue } from './serial-queue.ts'

function fail(error: unknown): never {
  throw error
}

test('R85 tasks run one at a time in the order they came, failing ones too', async () => {
  const kinds = fc.array(fc.constantFrom('now', 'later', 'throws', 'rejects'), { maxLength: 30 })
  await fc.assert(
    fc.asyncProperty(kinds, async tasks => {
      const log: string[] = []
      const errors: unknown[] = []
      let running = 0
      const idle = new Promise<void>(resolve => {
        const queue = new SerialQueue(
          error => errors.push(error),
          () => {
            if (log.length === tasks.length) resolve()
          },
        )
        tasks.forEach((kind, index) => {
          queue.push(() => {
            expect(running).toBe(0)
            log.push(`${index}`)
            if (kind === 'throws') throw new Error(kind)
            if (kind === 'now') return
            running++
            return new Promise((done, reject) =>
              setImmediate(() => {
                running--
                if (kind === 'later') done()
                else reject(new Error(kind))
              }),
            )
          })
        })
        if (tasks.length === 0) resolve()
      })
      await idle
      expect(log).toEqual(tasks.map((_, index) => `${index}`))
      expect(errors).toHaveLength(tasks.filter(kind => kind === 'throws' || kind === 'rejects').length)
    }),
  )
})

test('R85 an idle queue runs a task at once, and what the task adds after it', () => {
  const log: string[] = []
  const queue = new SerialQueue(fail, () => log.push('idle'))
  queue.push(() => {
    queue.push(() => {
      log.push('inner')
    })
    log.push('outer')
  })
  expect(log).toEqual(['outer', 'inner', 'idle'])
  expect(queue.isIdle).toBe(true)
})
