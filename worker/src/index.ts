/**
 * Bedside's background tasks, run by graphile-worker: queued by SQL in the transaction that wants them, or by the
 * clock. A task may run twice or late; it must do no harm then. Payloads carry ids only, never content.
 */
import { Logger, parseCronItems, run } from 'graphile-worker'
import { HOUSEKEEPING, inPortions } from './tasks/housekeeping.ts'

export interface WorkerOptions {
  /** A connection as the role that owns Bedside's schema (`postgres` on Supabase). */
  databaseUrl: string
  /** How many tasks run at once; 2 unless told. */
  concurrency?: number
  /** Called with the name of a task that failed; graphile-worker tries it again by itself. */
  onFailure?(task: string, error: unknown): void
}

export interface Worker {
  /** Lets the running tasks end, then releases the connections. Idempotent. */
  stop(): Promise<void>
}

/** Starts the worker; its queue's tables are made on first use, in a schema of their own. */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const runner = await run({
    connectionString: options.databaseUrl,
    concurrency: options.concurrency ?? 2,
    noHandleSignals: true,
    // Its own log lines could quote a failing statement's values.
    logger: new Logger(() => () => {}),
    taskList: Object.fromEntries(HOUSEKEEPING.map(name => [name, inPortions(name)])),
    parsedCronItems: parseCronItems(HOUSEKEEPING.map(task => ({ task, match: '* * * * *' }))),
  })
  runner.events.on('job:error', ({ job, error }) => options.onFailure?.(job.task_identifier, error))
  let stopped: Promise<void> | undefined
  return {
    stop() {
      stopped ??= runner.stop()
      return stopped
    },
  }
}
