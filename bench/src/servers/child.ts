/** A server of a bench in a process of its own, so that the load generator's work is not in its event loop. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export interface Child<Facts> {
  facts: Facts
  stop(): Promise<void>
}

/** Starts `module` with `args` as JSON; resolves with the one message that it sends once it serves. */
export async function startChild<Facts>(module: URL, args: unknown): Promise<Child<Facts>> {
  const child = fork(fileURLToPath(module), [JSON.stringify(args)], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const facts = await Promise.race([
    once(child, 'message').then(([message]) => message as Facts),
    once(child, 'exit').then(([code]) =>
      Promise.reject(new Error(`A server of the bench ended with code ${code}.`)),
    ),
  ])
  return { facts, stop: () => stop(child) }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = once(child, 'exit')
  child.send('stop')
  await ended
}

/** The other end: tells the parent the facts, and calls `close` when the parent says stop or is gone. */
export function serveParent(facts: unknown, close: () => Promise<void>): void {
  let isClosing = false
  const end = async () => {
    if (isClosing) return
    isClosing = true
    await close()
    process.exit(0)
  }
  process.on('message', message => {
    if (message === 'stop') void end()
  })
  process.on('disconnect', () => void end())
  process.send?.(facts)
}
