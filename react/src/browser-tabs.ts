/** The tabs of one browser: who leads is a Web Lock, what they tell each other goes over a BroadcastChannel. */
import type { TabMessage, Tabs } from '@bedside/core'
import { createSingleTab } from '@bedside/core/memory'

/** Where a browser has only one of the two, tabs cannot agree on anything. */
export function createBrowserTabs(): Tabs {
  if (!('locks' in navigator) || typeof BroadcastChannel !== 'function') return createSingleTab()
  return { lead, join }
}

const lead: Tabs['lead'] = (name, on) => {
  let release = () => {}
  let withdraw = new AbortController()
  let isOver = false

  /** Resolves when the lead is over: given up, withdrawn, or taken by another tab. */
  async function hold(options: LockOptions): Promise<void> {
    let isMine = false
    try {
      await navigator.locks.request(name, options, () => {
        if (isOver) return
        isMine = true
        on.onWon()
        return new Promise<void>(resolve => {
          release = resolve
        })
      })
    } catch {
      // Withdrawn before it was ours, or taken from us.
      if (isOver || !isMine) return
      on.onLost()
      wait()
    }
  }
  function wait(): void {
    withdraw = new AbortController()
    void hold({ signal: withdraw.signal })
  }
  wait()
  return {
    take() {
      if (isOver) return
      withdraw.abort()
      void hold({ steal: true })
    },
    leave() {
      isOver = true
      withdraw.abort()
      release()
    },
  }
}

const join: Tabs['join'] = (name, hear) => {
  const channel = new BroadcastChannel(name)
  channel.onmessage = ({ data }: MessageEvent<TabMessage>) => hear(data)
  return {
    tell: message => channel.postMessage(message),
    leave: () => channel.close(),
  }
}
