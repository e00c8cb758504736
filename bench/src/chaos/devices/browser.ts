/** What the tabs of one browser share besides its disk: who leads, and what they tell one another. */
import type { Tabs } from '@bedside/core'

export interface Browser {
  /** For one tab. `isCut`: it was killed, and hears and does nothing any more. */
  tabs(isCut: () => boolean): { tabs: Tabs; gone(): void }
}

interface Waiting {
  onWon(): void
  onLost(): void
  isCut(): boolean
}
interface Member {
  hear: Parameters<Tabs['join']>[1]
  isCut(): boolean
}

export function openBrowser(): Browser {
  /** The first of each has it. */
  const leads = new Map<string, Waiting[]>()
  const channels = new Map<string, Set<Member>>()

  const soon = (who: { isCut(): boolean }, run: () => void) => {
    setImmediate(() => {
      if (!who.isCut()) run()
    })
  }

  function leave(name: string, who: Waiting): void {
    const queue = leads.get(name) ?? []
    const place = queue.indexOf(who)
    if (place < 0) return
    queue.splice(place, 1)
    const next = queue[0]
    if (place === 0 && next) soon(next, next.onWon)
  }

  return {
    tabs(isCut) {
      const mine = new Set<() => void>()
      const tabs: Tabs = {
        lead(name, on) {
          const who: Waiting = { ...on, isCut }
          const queue = leads.get(name) ?? []
          leads.set(name, queue)
          queue.push(who)
          if (queue[0] === who) soon(who, who.onWon)
          const end = () => leave(name, who)
          mine.add(end)
          return {
            take() {
              const [leader] = queue
              if (leader === who) return
              queue.splice(queue.indexOf(who), 1)
              queue.unshift(who)
              if (leader) soon(leader, leader.onLost)
              soon(who, who.onWon)
            },
            leave: end,
          }
        },
        join(name, hear) {
          const member: Member = { hear, isCut }
          const members = channels.get(name) ?? new Set()
          channels.set(name, members)
          members.add(member)
          const end = () => void members.delete(member)
          mine.add(end)
          return {
            tell(message) {
              if (isCut()) return
              for (const each of members) if (each !== member) soon(each, () => each.hear(message))
            },
            leave: end,
          }
        },
      }
      return {
        tabs,
        gone() {
          for (const end of mine) end()
        },
      }
    },
  }
}
