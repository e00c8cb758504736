/**
 * Who is present in one room: key -> one meta per channel that tracks under that key. Every entry knows what the room
 * has been told of it (`announced`) and what is true now (`current`); a diff is the difference, so changes within one
 * window are told as one, and what came and went in between is not told at all.
 *
 *   track: current = new meta      untrack, leave: current = null      diff: announced = current
 *
 * Never: a state that contains what a later diff will announce as new.
 */

import { isDeepStrictEqual } from 'node:util'

interface Meta {
  readonly ref: string
  readonly payload: string
}

interface Entry {
  readonly key: string
  announced: Meta | null
  current: Meta | null
}

export class PresenceList {
  readonly #newRef: () => string
  readonly #entries = new Map<object, Entry>()
  readonly #changed = new Set<Entry>()

  /** `newRef` makes the `phx_ref` of a meta: short and never repeated. */
  constructor(newRef: () => string) {
    this.#newRef = newRef
  }

  get hasChanges(): boolean {
    return this.#changed.size > 0
  }

  /** Returns false if the owner already tracks exactly this. */
  track(owner: object, key: string, payload: Record<string, unknown>): boolean {
    const text = JSON.stringify(payload)
    let entry = this.#entries.get(owner)
    if (!entry) {
      entry = { key, announced: null, current: null }
      this.#entries.set(owner, entry)
    }
    if (entry.current && isSamePayload(entry.current.payload, text)) return false
    entry.current = { ref: this.#newRef(), payload: text }
    this.#changed.add(entry)
    return true
  }

  untrack(owner: object): boolean {
    const entry = this.#entries.get(owner)
    if (!entry) return false
    this.#entries.delete(owner)
    entry.current = null
    if (entry.announced) this.#changed.add(entry)
    else this.#changed.delete(entry)
    return true
  }

  /** JSON text of `{ joins, leaves }` since the last diff. `null` if nothing changed. */
  takeDiff(): string | null {
    const joins = new MetasByKey()
    const leaves = new MetasByKey()
    for (const entry of this.#changed) {
      const { key, announced, current } = entry
      if (current) joins.add(key, metaJson(current, announced))
      if (announced) leaves.add(key, metaJson(announced, null))
      entry.announced = current
    }
    this.#changed.clear()
    if (joins.isEmpty && leaves.isEmpty) return null
    return `{"joins":${joins.json},"leaves":${leaves.json}}`
  }

  /** JSON text of what the room has been told so far. */
  stateJson(): string {
    const state = new MetasByKey()
    for (const { key, announced } of this.#entries.values()) {
      if (announced) state.add(key, metaJson(announced, null))
    }
    return state.json
  }
}

/** The order of the fields says nothing. */
function isSamePayload(one: string, other: string): boolean {
  if (one === other) return true
  return one.length === other.length && isDeepStrictEqual(JSON.parse(one), JSON.parse(other))
}

/** Text rather than an object: a key named `__proto__` is a key like any other. */
class MetasByKey {
  readonly #metas = new Map<string, string[]>()

  get isEmpty(): boolean {
    return this.#metas.size === 0
  }

  get json(): string {
    const keys = [...this.#metas].map(
      ([key, metas]) => `${JSON.stringify(key)}:{"metas":[${metas.join(',')}]}`,
    )
    return `{${keys.join(',')}}`
  }

  add(key: string, metaText: string): void {
    const metas = this.#metas.get(key)
    if (metas) metas.push(metaText)
    else this.#metas.set(key, [metaText])
  }
}

/** The refs come last, so that they win over a payload's fields of the same name. */
function metaJson(meta: Meta, previous: Meta | null): string {
  const refs = previous
    ? `"phx_ref":"${meta.ref}","phx_ref_prev":"${previous.ref}"`
    : `"phx_ref":"${meta.ref}"`
  return meta.payload === '{}' ? `{${refs}}` : `${meta.payload.slice(0, -1)},${refs}}`
}
