/**
 * The shell around `typing.ts` and `presence.ts`: a room's live topic, joined with the room and left with it. What comes
 * of it are two stores of their own, so that somebody's keystroke does not draw the whole chat again.
 */
import type { Store } from './api.ts'
import type { Env } from './env.ts'
import { createMachine } from './machine.ts'
import { nobodyPresent, type PresenceEvent, presentOf, reducePresence } from './presence.ts'
import { createStore, type WritableStore } from './store.ts'
import { openTopicLink, type TopicLink } from './topic-link.ts'
import type { LiveEvent, LiveMembership, LiveTopic, Transport } from './transport.ts'
import {
  nobodyTypes,
  notTyping,
  type OwnTyping,
  type OwnTypingEffect,
  type OwnTypingEvent,
  reduceOwnTyping,
  reduceTypists,
  type Typists,
  type TypistsEffect,
  type TypistsEvent,
  typistsOf,
} from './typing.ts'

export interface Live {
  /** By user id. */
  readonly typing: Store<readonly string[]>
  readonly presence: Store<readonly string[]>
  /** In place of the topic before. */
  join(topic: LiveTopic): void
  setOthers(others: readonly string[]): void
  /** A message of theirs has come. */
  wrote(userId: string): void
  setTyping(isTyping: boolean): void
  reconnect(): void
  serverReached(): void
  /** Leaves, and forgets who was there. */
  close(): void
}

export function createLive({ env, transport }: { env: Env; transport: Transport }): Live {
  let link: TopicLink | null = null
  let membership: LiveMembership | null = null
  let clearTimer = () => {}
  let present = nobodyPresent
  const typing = createStore<readonly string[]>([])
  const presence = createStore<readonly string[]>([])

  const typists = createMachine<Typists, TypistsEvent, TypistsEffect>({
    initial: nobodyTypes,
    reduce: reduceTypists,
    perform(effect) {
      clearTimer()
      if (effect.do === 'set-timer')
        clearTimer = env.setTimer(() => typists.dispatch({ is: 'due', at: env.now() }), effect.ms)
    },
    onChange: () => setList(typing, typistsOf(typists.state)),
  })
  const own = createMachine<OwnTyping, OwnTypingEvent, OwnTypingEffect>({
    initial: notTyping,
    reduce: reduceOwnTyping,
    perform: ({ isTyping }) => membership?.tellTyping(isTyping),
    onChange() {},
  })

  function show(event: PresenceEvent): void {
    present = reducePresence(present, event)
    setList(presence, presentOf(present))
  }

  function hear(event: LiveEvent): void {
    switch (event.is) {
      case 'typing-told':
        typists.dispatch({ is: 'told', at: env.now(), userId: event.userId, isTyping: event.isTyping })
        return
      case 'presence-told':
        show({ is: 'told', userIds: event.userIds })
        return
    }
  }

  function lose(): void {
    own.dispatch({ is: 'lost' })
    typists.dispatch({ is: 'lost' })
    show({ is: 'lost' })
  }

  function leave(): void {
    link?.close()
    link = null
    membership = null
    lose()
  }

  return {
    typing,
    presence,
    join(topic) {
      leave()
      link = openTopicLink(
        env,
        handlers => {
          const mine = transport.joinLive(topic, { ...handlers, onEvent: hear })
          membership = mine
          return mine.leave
        },
        { onJoined: () => own.dispatch({ is: 'joined' }), onLost: lose },
      )
    },
    setOthers(others) {
      typists.dispatch({ is: 'others-changed', others })
      show({ is: 'others-changed', others })
    },
    wrote: userId => typists.dispatch({ is: 'wrote', userId }),
    setTyping: isTyping => own.dispatch({ is: isTyping ? 'typed' : 'stopped', at: env.now() }),
    reconnect: () => link?.reconnect(),
    serverReached: () => link?.serverReached(),
    close: leave,
  }
}

function setList(store: WritableStore<readonly string[]>, next: readonly string[]): void {
  const { current } = store
  const isSame = next.length === current.length && next.every((each, index) => each === current[index])
  if (!isSame) store.set(next)
}
