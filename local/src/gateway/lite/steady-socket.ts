/**
 * The socket under lite's database driver, postgres.js 3.4.9. When its socket closes, that driver forgets it while
 * callers still hold the connection, and then writes to nothing: an exception that nobody can catch, or a query that
 * is never answered (porsager/postgres#1154, #1208). So a connection that dies here does not close:
 *
 *   open -> dead: every write is answered with an error, and the whole instance of lite is replaced (`replaceable.ts`)
 *   open -> closed: only when the driver itself said goodbye
 */
import { connect, type Socket } from 'node:net'
import { Duplex } from 'node:stream'

export class SteadySocket extends Duplex {
  readonly #inner: Socket
  readonly #onDeath: () => void
  #death: Error | null = null

  constructor(address: { host: string; port: number }, onDeath: () => void) {
    super({ autoDestroy: false, emitClose: true, decodeStrings: false })
    this.#onDeath = onDeath
    this.#inner = connect(address)
    this.#inner.setNoDelay(true)
    this.#inner.on('data', chunk => {
      if (!this.push(chunk)) this.#inner.pause()
    })
    this.#inner.on('error', error => this.#die(error))
    this.#inner.on('close', () => {
      if (this.writableEnded) this.destroy()
      else this.#die(Object.assign(new Error('The connection was closed'), { code: 'CONNECTION_CLOSED' }))
    })
  }

  /** As net.Socket has it; the driver asks. */
  get readyState(): 'open' | 'closed' {
    return this.#death || this.destroyed ? 'closed' : 'open'
  }

  setKeepAlive(enable: boolean, delayMs: number): this {
    this.#inner.setKeepAlive(enable, delayMs)
    return this
  }

  override _read(): void {
    this.#inner.resume()
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    const death = this.#death
    if (!death) {
      this.#inner.write(chunk, () => done())
      return
    }
    done()
    // After the writer has noted down what it waits for.
    setImmediate(() => this.#die(death))
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#inner.end()
    done()
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#inner.destroy()
    this.#onDeath()
    done(error)
  }

  #die(error: Error): void {
    if (this.destroyed) return
    this.#death ??= error
    this.#onDeath()
    if (this.listenerCount('error') > 0) this.emit('error', this.#death)
  }
}
