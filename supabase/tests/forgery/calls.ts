/** Calls of any function that the catalog has, with arguments that belong to others, and a call of each that is right. */
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { type Connection, invocation, type Value } from '../empty-clinic.ts'
import { PEOPLE, type Person } from '../states/model.ts'
import type { Scene } from './scene.ts'

export interface Callable {
  name: string
  args: { name: string; type: string }[]
}

/** The functions that somebody who is signed in may call. */
export async function callables(connection: Pick<Connection, 'owner'>): Promise<Callable[]> {
  const rows = await connection.owner<{ name: string; names: string[]; types: string[] }>(
    `select proname as name, coalesce(proargnames, '{}') as names,
       array(select format_type(t, null) from unnest(proargtypes::oid[]) with ordinality u (t, i) order by i) as types
     from pg_proc where pronamespace = 'public'::regnamespace and has_function_privilege('authenticated', oid, 'execute')
     order by 1`,
  )
  return rows.map(({ name, names, types }) => ({
    name,
    args: types.map((type, i) => ({ name: names[i] ?? '', type })),
  }))
}

const REASON = 'The patient asked us to look.'
const STATUSES = [
  'pending',
  'open',
  'read_only',
  'closed',
  'archived',
  'requested',
  'confirmed',
  'in_progress',
]
const TEXTS: Record<string, string[]> = {
  role: ['care_team', 'proxy', 'doctor', 'patient', 'admin'],
  status: [...STATUSES, 'completed', 'cancelled', 'no_show'],
  reason: [REASON, REASON, REASON, 'short'],
  scope: ['upcoming', 'past', 'all'],
  media_type: ['image/png', 'text/html'],
  name: ['a.png', '../../x'],
  locale: ['en', 'x'],
}

/** What an argument of this name and type could be made to say. */
function temptations(
  { ids, mine, theirs, past, grant, quickReplies }: Scene,
  arg: Callable['args'][number],
): Value[] {
  const random = randomUUID()
  const people = PEOPLE.map(person => ids[person])
  if (arg.type === 'uuid[]') {
    const files = [...mine.attachments, ...theirs.attachments]
    return [null, null, null, ...files.map(file => [file]), files, [random], [files[1] ?? '', files[1] ?? '']]
  }
  if (arg.type === 'uuid') {
    if (arg.name === 'room_id') return [mine.room, mine.room, theirs.room, theirs.room, past.room, random]
    if (arg.name === 'appointment_id') return [mine.appointment, theirs.appointment, past.appointment, random]
    if (arg.name === 'user_id') return [...people, random]
    if (arg.name === 'grant_id') return [grant, random]
    if (arg.name === 'attachment_id') return [...mine.attachments, ...theirs.attachments, random]
    return [
      ...mine.messages,
      ...theirs.messages,
      ...mine.attachments,
      ...quickReplies,
      ...people,
      random,
      null,
    ]
  }
  if (arg.type === 'text') return TEXTS[arg.name] ?? ['Forged', 'Forged', 'Forged', 'x'.repeat(5000), null]
  if (arg.type.startsWith('timestamp'))
    return ['2000-01-01', '2100-01-01', 'infinity', '-infinity', new Date(Date.now() + 3_600_000), null]
  if (arg.type === 'boolean') return [true, false, null]
  if (arg.type === 'jsonb')
    return [
      { json: { reply_window_days: 1, edit_window_minutes: 1440 } },
      { json: { id: false, updated_at: '2000-01-01' } },
      { json: [{ weekday: 1, opens: '00:00', closes: '23:59' }] },
      { json: { en: 'Forged' } },
    ]
  return [1, 0, 3, 60, -1, 1_000_000, null, null]
}

export interface Forged {
  by: Person
  call: string
}

/** One call of somebody, with any of the temptations in every place. */
export function forgedCalls(
  scene: Scene,
  functions: Callable[],
  people: readonly Person[] = PEOPLE,
): fc.Arbitrary<Forged> {
  const one = ({ name, args }: Callable): fc.Arbitrary<string> =>
    fc
      .record(Object.fromEntries(args.map(arg => [arg.name, fc.constantFrom(...temptations(scene, arg))])))
      .map(picked => invocation(name, picked))
  return fc.record({
    by: fc.constantFrom(...people),
    // A function with more places to lie in is called more often.
    call: fc.oneof(...functions.map(each => ({ weight: 1 + 2 * each.args.length, arbitrary: one(each) }))),
  })
}

/** For each function somebody who may call it, and a call that is right. */
export function rightCalls({
  ids,
  mine,
  theirs,
  past,
  grant,
  quickReplies,
}: Scene): Record<string, [Person, Record<string, Value>]> {
  const room_id = mine.room
  const [edited = '', , message_id = ''] = mine.messages
  const tomorrow = new Date(Date.now() + 86_400_000)
  return {
    accept_consent: ['doctor', { version: 1, locale: 'en' }],
    add_participant: ['doctor', { room_id, user_id: ids.other_doctor, role: 'care_team' }],
    can_reply: ['patient', { room_id }],
    clear_out_of_office: ['other_doctor', {}],
    delete_quick_reply: ['doctor', { id: quickReplies[0] ?? '' }],
    edit_message: ['doctor', { room_id, message_id, body: 'As it is now' }],
    end_access: ['admin', { grant_id: grant }],
    erase_room: ['admin', { room_id: past.room, reason: REASON }],
    get_appointment: ['patient', { appointment_id: mine.appointment }],
    get_clinic: ['patient', {}],
    get_consent: ['patient', {}],
    get_out_of_office: ['other_doctor', {}],
    get_profile: ['patient', {}],
    inspect_room: ['admin', { appointment_id: mine.appointment }],
    list_access_log: ['patient', { room_id }],
    list_appointments: ['patient', {}],
    list_audit_heads: ['admin', {}],
    list_changes: ['proxy', { room_id }],
    list_colleagues: ['doctor', {}],
    list_due_erasures: ['admin', {}],
    list_message_versions: ['care_team', { room_id, message_id: edited }],
    list_messages: ['admin', { room_id }],
    list_quick_replies: ['doctor', {}],
    list_receipts: ['doctor', { room_id, message_id }],
    list_rooms: ['patient', {}],
    lock_room: ['admin', { room_id, reason: REASON }],
    mark_read: ['patient', { room_id, read_seq: 1000 }],
    mute_room: ['patient', { room_id, muted_until: tomorrow }],
    open_attachment: ['patient', { attachment_id: mine.attachments[0] ?? '' }],
    open_room: ['patient', { appointment_id: mine.appointment }],
    post_notice: ['admin', { room_id, body: 'We are closed tomorrow.' }],
    publish_consent: ['admin', { texts: { json: { en: 'Another text' } } }],
    reinstate_user: ['admin', { user_id: ids.patient, reason: REASON }],
    remove_participant: ['patient', { room_id, user_id: ids.proxy }],
    retract_message: ['doctor', { room_id, message_id }],
    save_draft: ['patient', { room_id, body: 'Later' }],
    save_quick_reply: ['doctor', { id: randomUUID(), title: 'T', body: 'B' }],
    search_messages: ['patient', { room_id, query: 'said' }],
    send_message: ['patient', { id: randomUUID(), room_id, body: 'Right' }],
    set_appointment_status: ['doctor', { appointment_id: mine.appointment, status: 'in_progress' }],
    set_business_hours: ['admin', { hours: { json: [] } }],
    set_legal_hold: ['admin', { room_id, is_held: true, reason: REASON }],
    set_out_of_office: ['doctor', { back_at: tomorrow }],
    set_patient_may_reply: ['doctor', { room_id, may_reply: false }],
    set_room_status: ['doctor', { room_id, status: 'closed' }],
    start_access: ['admin', { room_id: theirs.room, reason: REASON }],
    start_attachment: [
      'patient',
      { id: randomUUID(), room_id, name: 'a.png', media_type: 'image/png', size_bytes: 1 },
    ],
    suspend_user: ['admin', { user_id: ids.patient, reason: REASON }],
    unlock_room: ['admin', { room_id, reason: REASON }],
    update_clinic: ['admin', { changes: { json: { reply_window_days: 7 } } }],
    verify_access_log: ['patient', { room_id }],
  }
}
