/**
 * lite reports failures by `console.error(error)`, and PostgreSQL's errors quote rows. While lite works on a request, its
 * console goes here: what is logged of an error is its code.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { errorLabel, type Log } from '../../log.ts'

interface Listener {
  log: Log
  /** The errors that were reported while this request was served. */
  errors: Error[]
}

const listening = new AsyncLocalStorage<Listener>()
let isInstalled = false

function install(): void {
  if (isInstalled) return
  isInstalled = true
  const printer = globalThis.console
  for (const method of ['error', 'warn', 'info', 'log', 'debug'] as const) {
    const original = printer[method].bind(printer)
    printer[method] = (...args: unknown[]) => {
      const listener = listening.getStore()
      if (!listener) {
        original(...args)
        return
      }
      const error = args.find(arg => arg instanceof Error)
      if (error instanceof Error) listener.errors.push(error)
      if (method === 'error' || method === 'warn') listener.log(`lite: ${errorLabel(error)}`)
    }
  }
}

/** Runs `work`; nothing it prints leaves the process. `errors`: what it reported, in order. */
export async function quietly<T>(log: Log, work: () => Promise<T>): Promise<{ value: T; errors: Error[] }> {
  install()
  const listener: Listener = { log, errors: [] }
  const value = await listening.run(listener, work)
  return { value, errors: listener.errors }
}
