/**
 * Starts one PostgreSQL server that cannot outlive us. A tiny shell holds the other end of a pipe to this process; when
 * the pipe closes, however we ended, the shell stops the server (fast, then at once, then by force).
 *
 * The shell and the server are a session of their own, so that Ctrl-C in a terminal reaches us only.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { asUser, type OsUser, POSTGRES_ENV } from './run-as.ts'

/** $1: directory to remove once we vanished without a word, or empty; the rest: the server's command line. */
const SUPERVISE = `
remove=$1; shift
exec 3<&0
"$@" 3<&- </dev/null &
server=$!
(
  read -r word <&3 || vanished=yes
  [ -z "$vanished" ] || trap '' TERM
  kill -INT "$server" 2>/dev/null
  waited=0
  while kill -0 "$server" 2>/dev/null; do
    waited=$((waited + 1))
    [ "$waited" -ne 50 ] || kill -QUIT "$server" 2>/dev/null
    [ "$waited" -ne 80 ] || kill -KILL "$server" 2>/dev/null
    sleep 0.1 2>/dev/null || sleep 1
  done
  if [ -n "$vanished" ] && [ -n "$remove" ] && kill -0 $$ 2>/dev/null; then rm -rf -- "$remove"; fi
) &
watcher=$!
wait "$server"
status=$?
kill -TERM "$watcher" 2>/dev/null
wait "$watcher" 2>/dev/null
exit "$status"
`

export interface SupervisedServer {
  /** Resolves when server and shell are gone. */
  readonly ended: Promise<void>
  readonly hasEnded: boolean
  /** Ask for a fast shutdown; `ended` tells when it is done. */
  stop(): void
}

export function superviseServer(options: {
  program: string
  args: readonly string[]
  user: OsUser | null
  /** Open file that takes the server's output. */
  logFd: number
  removeWhenVanished: string | null
}): SupervisedServer {
  const child: ChildProcess = spawn(
    '/bin/sh',
    ['-c', SUPERVISE, 'bedside-postgres', options.removeWhenVanished ?? '', options.program, ...options.args],
    {
      ...asUser(options.user),
      cwd: '/',
      env: POSTGRES_ENV,
      detached: true,
      stdio: ['pipe', options.logFd, options.logFd],
    },
  )
  let hasEnded = false
  const ended = new Promise<void>(resolve => {
    const end = () => {
      hasEnded = true
      child.stdin?.destroy()
      resolve()
    }
    child.once('exit', end)
    child.once('error', end)
  })
  child.stdin?.on('error', () => {
    // The shell is gone; `exit` reports it.
  })
  return {
    ended,
    get hasEnded() {
      return hasEnded
    },
    stop: () => {
      child.stdin?.write('stop\n')
    },
  }
}
