/**
 * Things that several screens hold at once: opened for the first holder, closed after the last. The closing waits
 * for the end of the running task, so that a screen that is taken down and put up again at once finds it open.
 */
export interface Shared<Key, Value> {
  hold(key: Key): { value: Value; release(): void }
  values(): Value[]
  /** Closes everything, whoever holds it. */
  close(): void
}

export function createShared<Key, Value extends { close(): void }>(
  open: (key: Key) => Value,
): Shared<Key, Value> {
  const held = new Map<Key, { value: Value; holders: number }>()
  return {
    hold(key) {
      const entry = held.get(key) ?? { value: open(key), holders: 0 }
      held.set(key, entry)
      entry.holders++
      let isHeld = true
      return {
        value: entry.value,
        release() {
          if (!isHeld) return
          isHeld = false
          entry.holders--
          Promise.resolve().then(() => {
            if (entry.holders > 0 || held.get(key) !== entry) return
            held.delete(key)
            entry.value.close()
          })
        },
      }
    },
    values: () => [...held.values()].map(entry => entry.value),
    close() {
      const entries = [...held.values()]
      held.clear()
      for (const { value } of entries) value.close()
    },
  }
}
