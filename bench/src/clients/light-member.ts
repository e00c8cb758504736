/** Somebody in one topic of the product's Realtime server, on a light socket. */
import { BINARY, openSocket, TEXT } from './light-socket.ts'

export interface Member {
  /** Leaves unread what comes, but for so many bytes a second. */
  readSlowly(bytesPerSecond: number): void
  /** Once its stream has ended, for whatever reason. */
  readonly ended: Promise<void>
  readonly isEnded: boolean
  /** As if the network had cut it. */
  cut(): void
}

export interface MemberOptions {
  url: string
  key: string
  token: string
  topic: string
  /** `payload`: of a broadcast, JSON text; valid until it returns. */
  onBroadcast(payload: Buffer, frame: Buffer): void
}

const HEARTBEAT_MS = 25_000
const SLICES_A_SECOND = 4

/** Resolves once the topic is joined. */
export async function joinAs(options: MemberOptions): Promise<Member> {
  const address = options.url.replace(/^http/, 'ws')
  let isEnded = false
  let end: () => void = () => {}
  const ended = new Promise<void>(resolve => {
    end = () => {
      isEnded = true
      resolve()
    }
  })
  let answer: (payload: string) => void = () => {}
  const answered = new Promise<string>(resolve => {
    answer = resolve
  })
  const socket = await openSocket({
    url: `${address}/realtime/v1/websocket?apikey=${options.key}&vsn=2.0.0`,
    onClose: () => end(),
    onFrame(opcode, frame) {
      if (opcode === BINARY) options.onBroadcast(payloadOf(frame), frame)
      else if (opcode === TEXT && frame.includes('"phx_reply"')) answer(frame.toString())
    },
  })
  const config = { broadcast: {}, presence: { enabled: false }, postgres_changes: [], private: true }
  const topic = `realtime:${options.topic}`
  socket.send(JSON.stringify(['1', '1', topic, 'phx_join', { config, access_token: options.token }]))
  const reply = await Promise.race([answered, ended])
  if (!reply?.includes('"status":"ok"')) throw new Error(`A join was refused: ${reply}`)
  const beat = () => socket.send('[null,"h","phoenix","heartbeat",{}]')
  const heartbeat = setInterval(beat, HEARTBEAT_MS)
  void ended.then(() => clearInterval(heartbeat))

  return {
    ended,
    get isEnded() {
      return isEnded
    },
    cut: () => socket.destroy(),
    readSlowly(bytesPerSecond) {
      const { stream } = socket
      stream.removeAllListeners('data')
      stream.pause()
      const reading = setInterval(
        () => stream.read(Math.min(bytesPerSecond / SLICES_A_SECOND, stream.readableLength)),
        1000 / SLICES_A_SECOND,
      )
      // It still speaks: what it writes meets the end of its socket, however much stands unread before it.
      const speaking = setInterval(beat, 1_000)
      void ended.then(() => {
        clearInterval(reading)
        clearInterval(speaking)
      })
    },
  }
}

/** Of a kind 4 frame: five bytes of lengths, topic, event, metadata, payload. */
function payloadOf(frame: Buffer): Buffer {
  const [, topic = 0, event = 0, meta = 0] = frame
  return frame.subarray(5 + topic + event + meta)
}
