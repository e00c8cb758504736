/** The shell around `connection.ts`: one topic, kept joined until closed. */
import type { ConnectionState, Store } from './api.ts'
import {
  connectionOf,
  type LinkEffect,
  type LinkEvent,
  type LinkState,
  type PauseReason,
  reduceLink,
  startLink,
} from './connection.ts'
import type { Env } from './env.ts'
import { createMachine } from './machine.ts'
import { createStore } from './store.ts'
import type { MembershipHandlers } from './transport.ts'

export interface TopicLink {
  readonly connection: Store<ConnectionState>
  /** Try now instead of at the next turn. */
  reconnect(): void
  /** Another topic was joined: what waits for the server need not wait longer. */
  serverReached(): void
  close(): void
}

export function openTopicLink(
  env: Env,
  /** Begins one membership; returns its undo. */
  join: (handlers: MembershipHandlers) => () => void,
  handlers: MembershipHandlers,
): TopicLink {
  let leave = () => {}
  let clearTimer = () => {}
  const pauses: PauseReason[] = []
  if (!env.online.current) pauses.push('offline')
  if (!env.visible.current) pauses.push('hidden')
  const start = startLink(pauses)
  const connection = createStore(connectionOf(start.state))

  const perform = (effect: LinkEffect) => {
    switch (effect.do) {
      case 'join':
        leave = join({
          onJoined() {
            // First what is to be fetched now: nobody is up to date before.
            handlers.onJoined()
            machine.dispatch({ is: 'joined', at: env.now() })
          },
          onLost(error) {
            const { retryAfterMs } = error
            const isRefusal = error.kind === 'forbidden'
            machine.dispatch({ is: 'lost', at: env.now(), random: env.random(), retryAfterMs, isRefusal })
            handlers.onLost(error)
          },
        })
        return
      case 'leave':
        leave()
        return
      case 'set-timer':
        clearTimer = env.setTimer(() => machine.dispatch({ is: 'try-due' }), effect.ms)
        return
      case 'clear-timer':
        clearTimer()
        return
    }
  }

  const machine = createMachine<LinkState, LinkEvent, LinkEffect>({
    initial: start.state,
    reduce: reduceLink,
    perform,
    onChange: () => connection.set(connectionOf(machine.state)),
  })
  const follow = (isFine: Store<boolean>, reason: PauseReason) =>
    isFine.subscribe(() => machine.dispatch({ is: isFine.current ? 'resumed' : 'paused', reason }))
  const undo = [follow(env.online, 'offline'), follow(env.visible, 'hidden')]
  for (const effect of start.effects) perform(effect)

  return {
    connection,
    reconnect: () => machine.dispatch({ is: 'try-asked' }),
    serverReached: () => machine.dispatch({ is: 'server-reached' }),
    close() {
      machine.dispatch({ is: 'closed' })
      for (const each of undo) each()
    },
  }
}
