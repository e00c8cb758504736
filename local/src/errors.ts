/** What can keep the local stack from starting. `message`: what is the matter; `hint`: what the person there can do. */
export class StartError extends Error {
  readonly hint: string
  constructor(message: string, hint: string, options?: { cause: unknown }) {
    super(message, options)
    this.hint = hint
  }
}

export class PortTakenError extends StartError {
  override readonly name = 'PortTakenError'
  readonly port: number
  constructor(port: number) {
    super(
      `Port ${port} is in use by another program.`,
      `Stop that program, or choose another port, for instance PORT=${port + 1}.`,
    )
    this.port = port
  }
}

/** The system lets this user not listen there: a port below 1024, or an address of another machine. */
export class ListenError extends StartError {
  override readonly name = 'ListenError'
  constructor(host: string, port: number, cause: unknown) {
    super(
      `This user may not listen on ${host}, port ${port}.`,
      'Choose a port from 1024 to 65535, for instance PORT=3000.',
      { cause },
    )
  }
}

export class AlreadyRunningError extends StartError {
  override readonly name = 'AlreadyRunningError'
  /** Where the running one answers; null while it is still starting. */
  readonly url: string | null
  readonly pid: number
  constructor(dataDir: string, pid: number, url: string | null) {
    super(
      `Already running ${url ? `at ${url}` : 'and still starting'} (process ${pid}) on ${dataDir}.`,
      'Use that one, stop it, or choose another data directory.',
    )
    this.url = url
    this.pid = pid
  }
}

/** The data directory cannot be used as it is. */
export class DataDirError extends StartError {
  override readonly name = 'DataDirError'
}

/** PostgreSQL cannot be run here, or did not start. */
export class PostgresError extends StartError {
  override readonly name = 'PostgresError'
}

/** A migration or the seed does not fit this database; the message names the file. */
export class MigrationError extends StartError {
  override readonly name = 'MigrationError'
}
