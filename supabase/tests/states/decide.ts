/** What each step comes to: the rules of docs/architecture.md, one function a kind of step. */
import { clock, job, lock, look, lookAway, move } from './decide-admin.ts'
import {
  type AppointmentStatus,
  after,
  blockOf,
  type Done,
  NOT_FOUND,
  type Part,
  type Person,
  type Refused,
  type Room,
  type RoomStatus,
  refused,
  type Step,
  settle,
  tell,
  unchanged,
  type World,
} from './model.ts'

const PROFILE: Record<Person, 'patient' | 'doctor' | 'admin'> = {
  patient: 'patient',
  proxy: 'patient',
  other_patient: 'patient',
  doctor: 'doctor',
  care_team: 'doctor',
  other_doctor: 'doctor',
  admin: 'admin',
}

type By = 'patient' | 'doctor' | 'admin'
const APPOINTMENT_ARROWS: { [From in AppointmentStatus]?: { [To in AppointmentStatus]?: By[] } } = {
  requested: { confirmed: ['doctor', 'admin'], cancelled: ['patient', 'doctor', 'admin'] },
  confirmed: {
    in_progress: ['doctor'],
    cancelled: ['patient', 'doctor', 'admin'],
    no_show: ['doctor', 'admin'],
  },
  in_progress: { completed: ['doctor'], cancelled: ['doctor', 'admin'], no_show: ['doctor', 'admin'] },
}

/** `appointment`: nobody's to take; it comes with the appointment. */
const ROOM_ARROWS: { [From in RoomStatus]?: { [To in RoomStatus]?: 'clinician' | 'admin' | 'appointment' } } =
  {
    pending: { open: 'appointment', closed: 'appointment' },
    open: { read_only: 'clinician', closed: 'clinician' },
    read_only: { open: 'clinician', closed: 'clinician' },
    closed: { open: 'clinician', archived: 'admin' },
  }

const makeRoom = (appointment: AppointmentStatus): Room => ({
  status:
    appointment === 'requested'
      ? 'pending'
      : appointment === 'cancelled' || appointment === 'no_show'
        ? 'closed'
        : 'open',
  window: appointment === 'completed' ? 'running' : 'none',
  isLongClosed: false,
  mayPatientReply: true,
  isLocked: false,
  epoch: 1,
  lastSeq: 0,
  lastChange: 0,
  members: { patient: 'patient', doctor: 'doctor' },
  former: {},
  visitors: [],
  writers: [],
  retracted: [],
})

/** The appointment has become `to`; its room goes with it. */
function follow(world: World, to: AppointmentStatus): Done {
  const moved = { ...world, appointment: to }
  if (!world.room && to !== 'confirmed') return unchanged(moved)
  const room = world.room ?? makeRoom(to)
  const isOff = to === 'cancelled' || to === 'no_show'
  const status: RoomStatus =
    isOff && room.status !== 'archived'
      ? 'closed'
      : to !== 'requested' && room.status === 'pending'
        ? 'open'
        : room.status
  const told = tell(
    moved,
    { ...room, status, window: to === 'completed' ? 'running' : 'none' },
    [
      {
        requested: '',
        confirmed: 'appointment_confirmed',
        in_progress: 'appointment_started',
        completed: 'appointment_completed',
        cancelled: 'appointment_cancelled',
        no_show: 'appointment_missed',
      }[to],
    ],
    [`appointment_${to}`],
  )
  return world.room ? told : { ...told, entries: ['room_made', ...told.entries] }
}

function moveAppointment(world: World, by: Person | 'clinic', to: AppointmentStatus): Done | Refused {
  const from = world.appointment
  const arrow = APPOINTMENT_ARROWS[from]?.[to]
  const go = () => after(settle(world), settled => follow(settled, to))
  if (by === 'clinic') {
    if (from === to) return unchanged(world)
    return arrow ? go() : refused('transition_refused', `${from}:${to}`)
  }
  const part = world.room?.members[by]
  const acts =
    by === 'patient' || by === 'doctor' || by === 'admin'
      ? by
      : part === 'proxy'
        ? 'patient'
        : part && 'onlooker'
  if (!acts) return NOT_FOUND
  if (to === 'requested') return refused('argument_invalid', 'status')
  if (from === to) return unchanged(world)
  if (!arrow) return refused('transition_refused', `${from}:${to}`)
  if (!arrow.some(who => who === acts)) return refused('forbidden', arrow.join('_or_'))
  if (to === 'no_show' && !world.hasStarted) return refused('too_early')
  return go()
}

/** Doctor or care team, in the room. */
function clinicianOrWhyNot(room: Room | null, by: Person): Part | Refused {
  const part = room?.members[by]
  if (!part) return NOT_FOUND
  return part === 'doctor' || part === 'care_team' ? part : refused('forbidden', 'clinician')
}

function moveRoom(world: World, by: Person, to: RoomStatus): Done | Refused {
  if (by !== 'admin') {
    const may = clinicianOrWhyNot(world.room, by)
    if (typeof may !== 'string') return may
  }
  if (!world.room) return NOT_FOUND
  if (to === 'pending') return refused('argument_invalid', 'status')
  return after(settle(world), settled => {
    const room = settled.room ?? makeRoom('requested')
    const isOver = room.status === 'open' && room.window === 'over' && to === 'open'
    const from = isOver ? 'read_only' : room.status
    if (from === to) return unchanged(settled)
    const arrow = ROOM_ARROWS[from]?.[to]
    const isOn = ['confirmed', 'in_progress', 'completed'].includes(settled.appointment)
    if (!arrow || (to === 'open' && !isOn)) return refused('transition_refused', `${from}:${to}`)
    if (arrow !== (by === 'admin' ? 'admin' : 'clinician')) return refused('forbidden')
    return move(settled, room, to)
  })
}

function open(world: World, by: Person): Done | Refused {
  const isNew = !world.room && (by === 'patient' || by === 'doctor')
  const room = world.room ?? (isNew ? makeRoom(world.appointment) : null)
  if (!room?.members[by]) return NOT_FOUND
  const isFirst = !room.visitors.includes(by)
  return {
    is: 'done',
    world: { ...world, room: isFirst ? { ...room, visitors: [...room.visitors, by].sort() } : room },
    events: [],
    entries: [...(isNew ? ['room_made'] : []), ...(isFirst ? ['room_opened'] : [])],
  }
}

/** Where an administrator listens, what is said or changed is written down as read. */
const streamed = (world: World) => (world.grant === 'live' ? ['message_streamed'] : [])

function send(world: World, by: Person): Done | Refused {
  const part = world.room?.members[by]
  if (!part) return NOT_FOUND
  return after(settle(world), settled => {
    const block = blockOf(settled, part)
    if (block || !settled.room) return refused('reply_blocked', block ?? '')
    return tell(settled, settled.room, [''], streamed(settled))
  })
}

function say(world: World, by: Person): Done | Refused {
  if (world.room?.members[by] && world.room.writers.includes(by)) return settle(world)
  const sent = send(world, by)
  if (sent.is === 'refused' || !sent.world.room) return sent
  const room = { ...sent.world.room, writers: [...sent.world.room.writers, by].sort() }
  return { ...sent, world: { ...sent.world, room } }
}

function change(world: World, by: Person, isRetraction: boolean): Done | Refused {
  const part = world.room?.members[by]
  if (!part) return NOT_FOUND
  return after(settle(world), settled => {
    const { room } = settled
    if (!room?.writers.includes(by)) return refused('message_not_found')
    const isGone = room.retracted.includes(by)
    if (isGone) return isRetraction ? unchanged(settled) : refused('message_retracted')
    const block = isRetraction ? null : blockOf(settled, part)
    if (block) return refused('reply_blocked', block)
    const retracted = isRetraction ? [...room.retracted, by].sort() : room.retracted
    return tell(
      settled,
      { ...room, lastChange: room.lastChange + 1, retracted },
      [],
      [isRetraction ? 'message_retracted' : 'message_edited', ...streamed(settled)],
    )
  })
}

function allow(world: World, by: Person, may: boolean): Done | Refused {
  const clinician = clinicianOrWhyNot(world.room, by)
  if (typeof clinician !== 'string') return clinician
  return after(settle(world), settled => {
    if (settled.room?.status === 'archived') return refused('transition_refused', 'archived:open')
    if (!settled.room || settled.room.mayPatientReply === may) return unchanged(settled)
    return tell(settled, { ...settled.room, mayPatientReply: may }, [
      may ? 'patient_reply_allowed' : 'patient_reply_stopped',
    ])
  })
}

function add(world: World, by: Person, who: Person, as: 'care_team' | 'proxy'): Done | Refused {
  const { room } = world
  if (!room || (by !== 'admin' && !room.members[by])) return NOT_FOUND
  if (by !== 'admin' && room.members[by] !== 'doctor') return refused('forbidden', 'doctor_or_admin')
  if (PROFILE[who] !== (as === 'proxy' ? 'patient' : 'doctor')) return refused('person_not_found')
  if (room.members[who]) return unchanged(world)
  return after(settle(world), settled => {
    if (!settled.room) return NOT_FOUND
    const { [who]: was, ...former } = settled.room.former
    // The patient and the doctor of the appointment come back as what they were.
    const part = was === 'patient' || was === 'doctor' ? was : as
    return tell(settled, { ...settled.room, former, members: { ...settled.room.members, [who]: part } }, [
      'participant_added',
    ])
  })
}

function remove(world: World, by: Person, who: Person): Done | Refused {
  const mine = world.room?.members[by]
  if (!world.room || (by !== 'admin' && !mine)) return NOT_FOUND
  const theirs = world.room.members[who] ?? world.room.former[who]
  if (!theirs) return refused('person_not_found')
  const isGuest = theirs === 'care_team' || theirs === 'proxy'
  const may =
    by === 'admin' ||
    (isGuest && (mine === 'doctor' || by === who)) ||
    (theirs === 'proxy' && mine === 'patient')
  if (!may) return refused('forbidden', 'admin')
  if (!world.room.members[who]) return by === 'admin' ? unchanged(world) : settle(world)
  return after(settle(world), settled => {
    if (!settled.room) return NOT_FOUND
    const { [who]: _, ...members } = settled.room.members
    const former = { ...settled.room.former, [who]: theirs }
    return tell(settled, { ...settled.room, members, former, epoch: settled.room.epoch + 1 }, [
      'participant_removed',
    ])
  })
}

export function decide(world: World, step: Step): Done | Refused {
  switch (step.do) {
    case 'appointment':
      return moveAppointment(world, step.by, step.to)
    case 'room':
      return moveRoom(world, step.by, step.to)
    case 'open':
      return open(world, step.by)
    case 'send':
      return send(world, step.by)
    case 'say':
      return say(world, step.by)
    case 'edit':
      return change(world, step.by, false)
    case 'retract':
      return change(world, step.by, true)
    case 'read':
      return world.room?.members[step.by] ? settle(world) : NOT_FOUND
    case 'allow':
      return allow(world, step.by, step.may)
    case 'lock':
      return lock(world, step.by, step.is)
    case 'add':
      return add(world, step.by, step.who, step.as)
    case 'remove':
      return remove(world, step.by, step.who)
    case 'look':
      return look(world, step.by)
    case 'look_away':
      return lookAway(world, step.by)
    case 'job':
      return job(world, step.name)
    case 'clock':
      return clock(world, step.what)
  }
}
