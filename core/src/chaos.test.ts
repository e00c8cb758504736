import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ChatError } from './chat-error.ts'
import { openChatService } from './chat-service.ts'
import { receiptOf } from './presentation/receipt-of.ts'
import {
  APPOINTMENT,
  calm,
  createFakeClinic,
  createFakeTransport,
  createVirtualClock,
  createVirtualEnv,
  DOCTOR,
  PATIENT,
} from './testing/index.ts'
import { seededRandom } from './testing/virtual-env.ts'

type Step =
  | { do: 'send'; who: 0 | 1 | 2 }
  | { do: 'wait'; ms: number }
  | { do: 'cut' }
  | { do: 'edit' | 'retract'; pick: number }
  | { do: 'offline' | 'online' | 'hide' | 'show'; who: 0 | 1 | 2 }
  | { do: 'reopen' | 'discard' | 'read' | 'type'; who: 0 | 1 | 2 }

const who = fc.constantFrom(0 as const, 1 as const, 2 as const)
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('send' as const), who }) },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 4_000 }) }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'cut' as const }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('edit' as const, 'edit' as const, 'retract' as const),
      pick: fc.nat(100),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('offline' as const, 'online' as const, 'hide' as const, 'show' as const),
      who,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('reopen' as const, 'read' as const, 'type' as const), who }),
  },
)

describe('CM22: three devices of two people on a network gone mad', () => {
  it('0 lost, 0 doubled, one order, and everyone ends up with what the database holds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { maxLength: 40, size: 'max' }), fc.nat(), async (steps, seed) => {
        const clock = createVirtualClock()
        const clinic = createFakeClinic(clock)
        const random = seededRandom(seed)
        const delay = () => Math.floor(random() * 300)
        const isBad = (chance: number) => random() < chance
        clinic.faults = {
          request: () => (isBad(0.2) ? null : delay()),
          answer: () => (isBad(0.2) ? null : delay()),
          broadcast: () => (isBad(0.3) ? [] : isBad(0.2) ? [delay(), delay()] : [delay()]),
          isSocketUp: () => !isBad(0.3),
          refuse: () => (isBad(0.05) ? new ChatError('rate-limited', { retryAfterMs: 500 }) : null),
        }
        const people = [PATIENT, DOCTOR, DOCTOR]
        const devices = people.map((userId, index) => {
          const env = createVirtualEnv(index + 1, clock)
          const transport = createFakeTransport(clinic, env, userId)
          const chat = openChatService({ env, transport }, userId)
          return { env, chat, room: chat.openRoom(APPOINTMENT), typed: [] as string[] }
        })
        const broken: string[] = []
        for (const step of steps) {
          const device = 'who' in step ? devices[step.who] : undefined
          if (step.do === 'wait') await clock.advance(step.ms)
          else if (step.do === 'cut') clinic.cutSockets()
          else if (step.do === 'edit' || step.do === 'retract') {
            const { messages } = clinic.room(APPOINTMENT)
            const message = messages[step.pick % Math.max(1, messages.length)]
            const body = step.do === 'edit' ? `edit ${step.pick}` : null
            if (message?.retractedAt === null) clinic.change(APPOINTMENT, message.seq, body)
          } else if (!device) throw new Error(step.do)
          else if (step.do === 'send') device.typed.push(device.room.send({ body: `${device.typed.length}` }))
          else if (step.do === 'read') device.room.markRead(clinic.room(APPOINTMENT).messages.length)
          else if (step.do === 'type') device.room.setTyping(true)
          else if (step.do === 'online' || step.do === 'offline') device.env.online.set(step.do === 'online')
          else if (step.do === 'hide' || step.do === 'show') device.env.visible.set(step.do === 'show')
          else if (step.do === 'reopen') {
            // Only what was written to the device survives leaving; give it the moment that writing takes.
            const { current } = device.room
            if (current.is !== 'ready') continue
            await clock.advance(0)
            device.room.close()
            await clock.advance(0)
            device.room = device.chat.openRoom(APPOINTMENT)
          }
          for (const { room } of devices) {
            if (room.current.is !== 'ready') continue
            const { messages, outgoing } = room.current
            const first = messages[0]?.seq ?? 1
            if (messages.some((message, index) => message.seq !== first + index)) broken.push('a gap')
            const ids = [...messages.map(each => each.id), ...outgoing.map(each => each.id)]
            if (new Set(ids).size !== ids.length) broken.push('shown twice')
          }
        }
        expect(broken).toEqual([])

        clinic.faults = calm
        for (const { env } of devices) {
          env.online.set(true)
          env.visible.set(true)
        }
        await clock.advance(90_000)
        const { messages } = clinic.room(APPOINTMENT)
        for (const { room, typed } of devices) {
          if (room.current.is !== 'ready') throw new Error(room.current.is)
          const { current } = room
          expect(current.outgoing).toEqual([])
          expect(current.connection).toEqual({ is: 'live' })
          expect(room.typing.current).toEqual([])
          expect(room.presence.current).toEqual([current.me === DOCTOR ? PATIENT : DOCTOR])
          const start = (current.messages[0]?.seq ?? 1) - 1
          expect(current.messages).toEqual(messages.slice(start))
          const { participants } = clinic.room(APPOINTMENT)
          for (const message of current.messages.filter(each => each.senderId === current.me)) {
            const shown = receiptOf(message, current.room.participants, current.me)
            expect(shown).toBe(receiptOf(message, participants, current.me))
          }
          // In the order typed, each exactly once.
          expect(messages.map(each => each.id).filter(id => typed.includes(id))).toEqual(typed)
        }
        expect(messages.length).toBe(devices.reduce((sum, { typed }) => sum + typed.length, 0))

        for (const { chat } of devices) chat.close()
        await clock.settle()
        expect(clock.timerCount()).toBe(0)
        expect(clinic.members.size).toBe(0)
      }),
      { numRuns: 60 },
    )
  }, 60_000)
})
