import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ChatError } from './chat-error.ts'
import { APPOINTMENT, calm, PASSWORD, PATIENT } from './testing/index.ts'
import { createTabs, type Tab } from './testing/tabs.ts'
import { seededRandom } from './testing/virtual-env.ts'

const noNetwork = { ...calm, request: () => null, isSocketUp: () => false }

type Step = {
  do: 'type' | 'kill' | 'freeze' | 'thaw' | 'sign-out' | 'offline' | 'online' | 'cut' | 'wait'
  pick: number
}
const anyStep: fc.Arbitrary<Step> = fc.record({
  do: fc.constantFrom(
    ...(['type', 'type', 'type', 'type', 'wait', 'wait', 'wait'] as const),
    ...(['kill', 'freeze', 'thaw', 'sign-out', 'offline', 'online', 'cut'] as const),
  ),
  pick: fc.nat(6_000),
})

/** While the leader is frozen another tab sends, is frozen with a message on its way, and dies the moment it wakes. */
const killedOnWaking: Step[] = [
  { do: 'freeze', pick: 0 },
  { do: 'type', pick: 3_098 },
  { do: 'wait', pick: 1_200 },
  { do: 'wait', pick: 3_759 },
  { do: 'offline', pick: 0 },
  { do: 'wait', pick: 1_101 },
  { do: 'online', pick: 0 },
  { do: 'freeze', pick: 1_213 },
  { do: 'kill', pick: 0 },
  { do: 'thaw', pick: 5_656 },
  { do: 'kill', pick: 4_609 },
]

describe('TB8: whatever happens to three tabs', () => {
  it('0 lost, 0 doubled, in the order of each tab, sent by the leader alone, and all tabs the same in the end', async () => {
    const seen = { sent: 0, taken: 0, killed: 0, signedOut: 0 }
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { maxLength: 60, size: 'max' }), fc.nat(), async (steps, seed) => {
        const { clock, clinic, browser, strays, opened } = createTabs()
        const random = seededRandom(seed)
        const isBad = (chance: number) => random() < chance
        const delay = () => Math.floor(random() * 300)
        const rough = {
          request: () => (isBad(0.15) ? null : delay()),
          answer: () => (isBad(0.15) ? null : delay()),
          broadcast: () => (isBad(0.2) ? [] : [delay()]),
          isSocketUp: () => !isBad(0.2),
          refuse: () => (isBad(0.05) ? new ChatError('rate-limited', { retryAfterMs: 500 }) : null),
        }
        const lives: { tab: Tab; typed: string[] }[] = []
        const isOnDevice = new Set<string>()
        const { put } = browser.outbox
        browser.outbox.put = message => {
          isOnDevice.add(message.id)
          return put(message)
        }
        const renew = async (index: number) => {
          lives[index] = { tab: await opened(), typed: [] }
          all.push(lives[index])
        }
        const all: { tab: Tab; typed: string[] }[] = []
        for (const index of [0, 1, 2]) await renew(index)
        clinic.faults = rough

        const signIn = async () => {
          for (const { tab } of lives) {
            if (tab.is === 'running' && tab.session.current.is === 'signed-out')
              void tab.session.signIn(PATIENT, PASSWORD)
          }
        }
        for (const { do: what, pick } of steps) {
          const life = lives[pick % 3]
          if (!life) throw new Error('three tabs')
          const { tab, typed } = life
          switch (what) {
            case 'type':
              if (tab.is !== 'running' || tab.session.current.is !== 'signed-in') break
              // Before, there is no place to write.
              if (tab.room().current.is === 'ready')
                typed.push(tab.room().send({ body: `${all.indexOf(life)}.${typed.length}` }))
              break
            case 'kill':
              tab.kill()
              seen.killed++
              clinic.faults = calm
              await renew(pick % 3)
              clinic.faults = rough
              break
            case 'freeze':
              tab.freeze()
              break
            case 'thaw':
              tab.thaw()
              break
            case 'sign-out': {
              if (tab.is !== 'running' || tab.session.current.is !== 'signed-in') break
              seen.signedOut++
              void tab.session.signOut()
              await clock.advance(pick % 50)
              if (pick % 50 > 2)
                for (const each of lives)
                  if (each.tab.is === 'running') expect(each.tab.session.current.is).not.toBe('signed-in')
              clinic.faults = calm
              await clock.advance(100)
              await signIn()
              await clock.advance(300)
              clinic.faults = rough
              break
            }
            case 'offline':
            case 'online':
              for (const each of lives) each.tab.env.online.set(what === 'online')
              clinic.faults = what === 'online' ? rough : noNetwork
              break
            case 'cut':
              clinic.cutSockets()
              break
            case 'wait':
              await clock.advance(pick)
              break
          }
        }

        clinic.faults = calm
        seen.taken += lives.filter(({ tab }) => tab.is === 'frozen' && !tab.leads).length
        for (const { tab } of lives) tab.thaw()
        for (const { tab } of lives) tab.env.online.set(true)
        await clock.advance(100)
        await signIn()
        await clock.advance(1_000)
        for (const { tab } of lives) tab.room()
        await clock.advance(120_000)

        const messages = clinic.room(APPOINTMENT).messages
        const ids = messages.map(each => each.id)
        seen.sent += ids.length
        expect(new Set(ids).size, 'doubled').toBe(ids.length)
        for (const { tab, typed } of all) {
          const lost = typed.filter(id => !ids.includes(id) && (tab.is !== 'dead' || isOnDevice.has(id)))
          expect(lost, 'lost').toEqual([])
          expect(
            ids.filter(id => typed.includes(id)),
            'order',
          ).toEqual(typed.filter(id => ids.includes(id)))
        }
        for (const { tab } of lives) {
          expect(tab.ready().outgoing).toEqual([])
          const shown = tab.ready().messages.map(each => each.id)
          expect(shown).toEqual(ids.slice(-shown.length))
          expect(shown.length).toBeGreaterThanOrEqual(Math.min(50, ids.length))
        }
        expect(new Set(lives.map(({ tab }) => tab.seen().at(-1))).size).toBe(1)
        expect(lives.filter(({ tab }) => tab.leads)).toHaveLength(1)
        expect(strays).toEqual([])
        expect(await browser.outbox.list(PATIENT, clinic.room(APPOINTMENT).id)).toEqual([])
        for (const { tab } of lives) tab.session.close()
        await clock.settle()
        expect(clock.timerCount()).toBe(0)
        expect(clinic.members.size).toBe(0)
      }),
      { numRuns: 100, examples: [[killedOnWaking, 0]] },
    )
    // Otherwise it would prove nothing.
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(20)
  }, 120_000)
})
