/**
 * Topics on real sockets: who may join; and whose broadcast reaches somebody who is there. What the database tells reaches
 * them at the end, so that silence before it means something.
 */
import { TOPICS, type TopicExpectation } from '../expectations/topics.ts'
import { PERSONAS, type Persona, personas } from '../personas.ts'
import type { FoundCell } from '../results.ts'
import type { Session } from '../session.ts'
import type { CredentialsOf } from './gateway.ts'
import { Socket } from './socket.ts'

/** Some topics are no private topics of anybody; whoever listens there does so by the server's own key. */
const LISTENER: Persona = 'service'

export async function topicsOverTheWire(
  realtimeUrl: string,
  credentialsOf: CredentialsOf,
  session: Session,
): Promise<FoundCell[]> {
  const listener = await Socket.open(realtimeUrl, await credentialsOf(LISTENER))
  const isListening = await joinAll(listener)
  if (isListening.includes(false)) throw new Error('There is a topic on which nobody can listen.')
  // A refusal is answered late, so that a client in a loop loops slowly: all at once.
  const joined = await Promise.all(
    PERSONAS.filter(persona => persona !== LISTENER).map(async persona => {
      const socket = await Socket.open(realtimeUrl, await credentialsOf(persona))
      const answers = await joinAll(socket)
      for (const { topic } of TOPICS) await socket.send(topic, `from-${persona}`)
      socket.close()
      return TOPICS.map(({ label, joins }, place) =>
        cellOf(
          `${label} join broadcast`,
          persona,
          mayBe(joins, persona, 'joins'),
          answers[place] ? 'joins' : 'may not',
        ),
      )
    }),
  )
  const sent: FoundCell[] = []
  for (const expectation of TOPICS) sent.push(...(await heardOn(expectation, listener, session)))
  listener.close()
  return [...joined.flat(), ...sent]
}

const joinAll = (socket: Socket) => Promise.all(TOPICS.map(({ topic }) => socket.join(topic)))

/** After a word of the database's own on the topic, which comes last. */
async function heardOn(
  { topic, label, sends }: TopicExpectation,
  listener: Socket,
  session: Session,
): Promise<FoundCell[]> {
  const isTold = () => listener.heard.some(each => each.topic === topic && each.event === 'told')
  await session.query(`select realtime.send('{}', 'told', '${topic}', true)`)
  for (let tries = 0; !isTold() && tries < 2_000; tries++) await listener.heartbeat()
  const events = new Set(listener.heard.filter(each => each.topic === topic).map(each => each.event))
  return [
    cellOf(`${label} send broadcast`, 'owner', 'sends', isTold() ? 'sends' : 'may not'),
    ...PERSONAS.filter(persona => persona !== LISTENER).map(persona =>
      cellOf(
        `${label} send broadcast`,
        persona,
        mayBe(sends, persona, 'sends'),
        events.has(`from-${persona}`) ? 'sends' : 'may not',
      ),
    ),
  ]
}

const mayBe = (who: string | undefined, persona: Persona, word: string) =>
  who && personas(who).includes(persona) ? word : 'may not'

const cellOf = (line: string, column: string, expected: string, actual: string): FoundCell => ({
  ...{ section: 'Topics', line, column, expected, actual, isRight: expected === actual },
})
