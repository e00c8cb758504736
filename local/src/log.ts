/**
 * What the local stack says about itself. A line names an event, a code, a number or a path of its own; it never holds
 * a request's body, an error's details (they quote rows) or a token.
 */
export type Log = (line: string) => void

export const logToStderr: Log = line => {
  process.stderr.write(`[bedside] ${line}\n`)
}

/** The part of an error that may be logged: its name and its code, never its message. */
export function errorLabel(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error'
  const code = 'code' in error && typeof error.code === 'string' ? ` ${error.code}` : ''
  return `${error.name}${code}`
}
