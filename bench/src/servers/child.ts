/** A server of a bench in a process of its own, so that the load generator's work is not in its event loop. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { cpuMs, createReadings } from './reading.ts'

export interface Child<Facts> {
  facts: Facts
  send(message: string): void
  /** The answer of the function of that name that the child gave to `serveParent`; `reading` and `cpuMs` are always there. */
  ask<Answer>(name: string, details?: unknown): Promise<Answer>
  stop(): Promise<void>
}

/**
 * Starts `module` with `args` as JSON; resolves with the first message that it sends, once it serves. What it sends
 * later goes to `onMessage`, and its end before it was told to stop to `onEnd`.
 */
export async function startChild<Facts>(
  module: URL,
  args: unknown,
  { onMessage, onEnd }: { onMessage?(message: unknown): void; onEnd?(code: number | null): void } = {},
): Promise<Child<Facts>> {
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
  const asked = new Map<number, { resolve(answer: unknown): void; reject(error: Error): void }>()
  child.on('message', message => {
    if (!isAnswer(message)) return onMessage?.(message)
    const { answerTo, answer, error } = message
    if (error === undefined) asked.get(answerTo)?.resolve(answer)
    else asked.get(answerTo)?.reject(new Error(error))
    asked.delete(answerTo)
  })
  let questions = 0
  let isStopping = false
  child.on('exit', code => {
    for (const { reject } of asked.values())
      reject(new Error('A server of the bench ended before it answered.'))
    if (!isStopping) onEnd?.(code)
  })
  return {
    facts,
    send: message => void child.send(message),
    ask: <Answer>(name: string, details?: unknown) =>
      new Promise<Answer>((resolve, reject) => {
        const id = ++questions
        asked.set(id, { resolve: answer => resolve(answer as Answer), reject })
        child.send({ question: name, id, details } satisfies Question)
      }),
    stop() {
      isStopping = true
      return stop(child)
    },
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = once(child, 'exit')
  child.send('stop')
  await ended
}

interface Question {
  question: string
  id: number
  details?: unknown
}

interface Answer {
  answerTo: number
  answer?: unknown
  error?: string
}

const isAnswer = (message: unknown): message is Answer =>
  typeof message === 'object' && message !== null && 'answerTo' in message

const isQuestion = (message: unknown): message is Question =>
  typeof message === 'object' && message !== null && 'question' in message

/** The other end: tells the parent the facts, answers it, and calls `close` when the parent says stop or is gone. */
export function serveParent(
  facts: unknown,
  close: () => Promise<void>,
  answers: Record<string, (details: never) => unknown> = {},
): void {
  const known: typeof answers = { reading: createReadings(), cpuMs, ...answers }
  let isClosing = false
  const end = async () => {
    if (isClosing) return
    isClosing = true
    await close()
    process.exit(0)
  }
  process.on('message', message => {
    if (message === 'stop') void end()
    if (isQuestion(message)) void reply(message)
  })
  const reply = async ({ question, id, details }: Question) => {
    try {
      const answer = await known[question]?.(details as never)
      process.send?.({ answerTo: id, answer } satisfies Answer)
    } catch (error) {
      process.send?.({ answerTo: id, error: String(error) } satisfies Answer)
    }
  }
  process.on('disconnect', () => void end())
  process.send?.(facts)
}
