/** Everything that one kind of fault happens to: a stack, a clinic of its own, and the devices of its people. */
import { setTimeout as delay } from 'node:timers/promises'
import { type Clinic, makeClinic, openTruth, type Person, type Visit } from './clinic/clinic.ts'
import { readRoom, type TrueRoom } from './clinic/truth.ts'
import { type Device, makeDevice } from './devices/device.ts'
import type { Disk } from './devices/disk.ts'
import { type Ledger, openLedger } from './ledger.ts'
import { openLine } from './network/line.ts'
import type { Chance } from './random.ts'
import type { Stack } from './stack/stack.ts'
import { difference } from './verdict.ts'

export interface World {
  readonly stack: Stack
  readonly clinic: Clinic
  readonly ledger: Ledger
  /** Of the faults; what people type has its own. */
  readonly chance: Chance
  readonly typingChance: Chance
  readonly devices: Device[]
  readonly truth: ReturnType<typeof openTruth>
  /** Adds a device of somebody; not opened. */
  addDevice(name: string, person: Person, visits: readonly Visit[], disk?: Disk): Promise<Device>
  removeDevice(device: Device): Promise<void>
  readTruth(): Promise<ReadonlyMap<string, TrueRoom>>
  /** Resolves once everybody is live and equal, or when the time is over: to what was missing last. */
  healed(withinMs: number): Promise<{ isHealed: boolean; waitedFor: string | null }>
  close(): Promise<void>
}

const LOOK_MS = 25

export async function makeWorld(stack: Stack, chance: Chance): Promise<World> {
  const truth = openTruth(stack)
  const clinic = await makeClinic(truth.pool())
  const ledger = openLedger()
  const devices: Device[] = []
  const ofDevices = chance.fork()

  const world: World = {
    stack,
    clinic,
    ledger,
    chance,
    typingChance: chance.fork(),
    devices,
    truth,
    async addDevice(name, person, visits, disk) {
      const mine = ofDevices.fork()
      const line = await openLine(() => stack.port, mine.fork().next, 'web')
      const device = makeDevice({
        name,
        person,
        visits,
        line,
        publishableKey: stack.publishableKey,
        ledger,
        random: mine.next,
        ...(disk ? { disk } : {}),
      })
      devices.push(device)
      return device
    },
    async removeDevice(device) {
      devices.splice(devices.indexOf(device), 1)
      device.close()
      await device.line.close()
    },
    async readTruth() {
      const pool = truth.pool()
      const rooms = await Promise.all(
        clinic.visits.map(async ({ roomId }) => [roomId, await readRoom(pool, roomId)] as const),
      )
      return new Map(rooms)
    },
    async healed(withinMs) {
      const end = performance.now() + withinMs
      let waitedFor: string | null = null
      for (;;) {
        const rest = await world.readTruth().then(
          real => devices.map(device => difference(device, real)).find(each => each !== null) ?? null,
          () => 'the database does not answer',
        )
        if (rest === null || performance.now() > end)
          return { isHealed: rest === null, waitedFor: rest ?? waitedFor }
        waitedFor = rest
        await delay(LOOK_MS)
      }
    },
    async close() {
      for (const device of [...devices]) await world.removeDevice(device)
      await truth.close()
    },
  }

  const [first, second, third] = clinic.visits
  if (!first || !second || !third) throw new Error('The clinic has too few visits.')
  await world.addDevice('patient 1', first.patient, [first])
  await world.addDevice('patient 1 again', first.patient, [first])
  await world.addDevice('patient 2', second.patient, [second])
  await world.addDevice('patient 3', third.patient, [third])
  await world.addDevice('doctor', first.doctor, [first, second])
  await world.addDevice('doctor again', first.doctor, [first, second])
  await world.addDevice('other doctor', third.doctor, [third])
  await Promise.all(devices.map(device => device.open()))
  return world
}
