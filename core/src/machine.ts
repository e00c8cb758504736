/**
 * Runs a pure reducer: state changes first, then the effects are performed, one event after the other. An event
 * dispatched by an effect waits its turn, so a reducer never sees a state that another event is half-way through.
 */
export interface Step<State, Effect> {
  state: State
  effects: readonly Effect[]
}

export interface Machine<State, Event> {
  readonly state: State
  dispatch(event: Event): void
}

export function createMachine<State, Event, Effect>(options: {
  initial: State
  reduce(state: State, event: Event): Step<State, Effect>
  perform(effect: Effect): void
  /** Called once after each batch of events that changed the state. */
  onChange(): void
}): Machine<State, Event> {
  let state = options.initial
  let isRunning = false
  const waiting: Event[] = []
  return {
    get state() {
      return state
    },
    dispatch(event) {
      waiting.push(event)
      if (isRunning) return
      isRunning = true
      const before = state
      try {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
          const step = options.reduce(state, next)
          state = step.state
          for (const effect of step.effects) options.perform(effect)
        }
      } finally {
        isRunning = false
      }
      if (state !== before) options.onChange()
    },
  }
}

/** The step of an event that means nothing in this state: the same object, no effects. */
export function unchanged<State>(state: State): Step<State, never> {
  return { state, effects: [] }
}
