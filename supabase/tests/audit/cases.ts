/** What happens in and around a room, step by step, and what the last step leaves in the audit log. */
import { randomUUID } from 'node:crypto'
import { type PersonName, people, ROSAS_VISIT } from '../clinic.ts'

/** A function of the API as a person; any statement as the clinic's own system. */
export type Call = readonly [who: PersonName | 'clinic', sql: string]

/** The id of what is sent in a case. */
export const SENT = randomUUID()
const FILE = randomUUID()
const QUICK_REPLY = randomUUID()
/** In everything that anybody writes here: what the log must not hold. */
const TEXT = 'Zebra stripes itch'

/** What happens; what its last step writes, as "<action> by <whom>". */
export type Case = readonly [title: string, calls: readonly Call[], entries: readonly string[]]

export function stepsIn(room: string) {
  const here = `room_id => '${room}'`
  const reason = `reason => '${TEXT}'`
  const look: Call = ['marta', `start_access(${here}, ${reason})`]
  const lookEnds: Call = [
    'marta',
    'end_access(grant_id => (select g.id from public.access_grants g where g.ended_at is null))',
  ]
  const hourPasses: Call = [
    'clinic',
    `update public.access_grants set starts_at = starts_at - interval '1 hour', expires_at = expires_at - interval '1 hour';
     update public.chat_rooms set granted_until = granted_until - interval '1 hour' where granted_until is not null`,
  ]
  const send: Call = ['rosa', `send_message(id => '${SENT}', ${here}, body => '${TEXT}')`]
  const edit: Call = ['rosa', `edit_message(${here}, message_id => '${SENT}', body => '${TEXT} less')`]
  const retract: Call = ['rosa', `retract_message(${here}, message_id => '${SENT}')`]
  const begin: Call = [
    'ines',
    `start_attachment(id => '${FILE}', ${here}, name => '${TEXT}.pdf', media_type => 'application/pdf', size_bytes => 9)`,
  ]
  const sendFile: readonly Call[] = [
    begin,
    ['clinic', `select private.finish_scan('${FILE}', 'clean')`],
    ['ines', `send_message(id => '${SENT}', ${here}, attachment_ids => '{${FILE}}')`],
  ]
  const readings = {
    list_messages: `list_messages(${here}, before_seq => 4)`,
    list_changes: `list_changes(${here})`,
    list_message_versions: `list_message_versions(${here}, message_id => '${SENT}')`,
    search_messages: `search_messages(${here}, query => '${TEXT}')`,
    open_attachment: `open_attachment(attachment_id => '${FILE}')`,
  }
  const add: Call = ['ines', `add_participant(${here}, user_id => '${people.samuel}', role => 'care_team')`]
  const cancel: Call = ['ines', `set_appointment_status('${ROSAS_VISIT}', 'cancelled', '${TEXT}')`]
  const suspend: Call = ['marta', `suspend_user('${people.jun}', ${reason})`]
  const hold = (isHeld: boolean): Call => [
    'marta',
    `set_legal_hold(${here}, is_held => ${isHeld}, ${reason})`,
  ]
  const quickReply: Call = [
    'ines',
    `save_quick_reply(id => '${QUICK_REPLY}', title => 'Zebra', body => '${TEXT}')`,
  ]
  const age = (what: string): Call => ['clinic', `update public.chat_rooms set ${what} where id = '${room}'`]

  const cases: readonly Case[] = [
    ['a look begins', [look], ['access_started by marta']],
    ['a look is extended', [look, look], ['access_extended by marta']],
    ['a look is ended', [look, lookEnds], ['access_ended by marta']],
    [
      'a look runs out',
      [look, hourPasses, ['clinic', 'select private.end_expired_grants()']],
      ['access_expired by nobody'],
    ],
    ['somebody writes after a look ran out', [look, hourPasses, send], ['access_expired by nobody']],
    ['a page is read under a grant', [look, ['marta', readings.list_messages]], ['messages_read by marta']],
    ['changes are read under a grant', [look, ['marta', readings.list_changes]], ['messages_read by marta']],
    [
      'versions are read under a grant',
      [send, edit, look, ['marta', readings.list_message_versions]],
      ['versions_read by marta'],
    ],
    [
      'messages are searched under a grant',
      [look, ['marta', readings.search_messages]],
      ['messages_searched by marta'],
    ],
    [
      'a file is opened under a grant',
      [...sendFile, look, ['marta', readings.open_attachment]],
      ['file_opened by marta'],
    ],
    ['somebody writes during a look', [look, send], ['message_streamed by marta']],
    [
      'a message is edited during a look',
      [send, look, edit],
      ['message_edited by rosa', 'message_streamed by marta'],
    ],
    [
      'a message is retracted during a look',
      [send, look, retract],
      ['message_retracted by rosa', 'message_streamed by marta'],
    ],
    ['a room is inspected', [['marta', `inspect_room('${ROSAS_VISIT}')`]], ['room_inspected by marta']],
    ['a room is opened', [['rosa', `open_room('${ROSAS_VISIT}')`]], ['room_opened by rosa']],
    ['a message is edited', [send, edit], ['message_edited by rosa']],
    ['a message is retracted', [send, retract], ['message_retracted by rosa']],
    ['a colleague comes', [add], ['participant_added by ines']],
    [
      'a colleague goes',
      [add, ['ines', `remove_participant(${here}, user_id => '${people.samuel}')`]],
      ['participant_removed by ines'],
    ],
    [
      'the clinic takes somebody out',
      [['marta', `remove_participant(${here}, user_id => '${people.rosa}', ${reason})`]],
      ['participant_removed by marta'],
    ],
    [
      'a visit begins',
      [['ines', `set_appointment_status('${ROSAS_VISIT}', 'in_progress')`]],
      ['appointment_in_progress by ines'],
    ],
    ['a visit is cancelled', [cancel], ['appointment_cancelled by ines']],
    [
      "the clinic's own system moves a visit",
      [['clinic', `update public.appointments set status = 'cancelled' where id = '${ROSAS_VISIT}'`]],
      ['appointment_cancelled by nobody'],
    ],
    [
      "the clinic's own system makes a room",
      [
        [
          'clinic',
          `insert into public.appointments (patient_id, doctor_id, starts_at, ends_at, mode, status, reason)
           values ('${people.rosa}', '${people.ines}', now(), now() + interval '1 hour', 'phone', 'confirmed', '${TEXT}')`,
        ],
      ],
      ['room_made by nobody'],
    ],
    [
      'a room is made read-only',
      [['ines', `set_room_status(${here}, status => 'read_only')`]],
      ['room_read_only by ines'],
    ],
    [
      'a room is opened again',
      [
        ['ines', `set_room_status(${here}, status => 'closed')`],
        ['ines', `set_room_status(${here}, status => 'open')`],
      ],
      ['room_reopened by ines'],
    ],
    [
      'the time for replies is over',
      [age(`reply_until = now() - interval '1 second'`), ['clinic', 'select private.close_reply_windows()']],
      ['room_read_only by nobody'],
    ],
    [
      'a closed room is archived',
      [
        ['ines', `set_room_status(${here}, status => 'closed')`],
        age(`closed_at = now() - interval '1 year'`),
        ['clinic', 'select private.archive_rooms()'],
      ],
      ['room_archived by nobody'],
    ],
    [
      'the patient may not reply',
      [['ines', `set_patient_may_reply(${here}, may_reply => false)`]],
      ['patient_reply_stopped by ines'],
    ],
    ['a room is locked', [['marta', `lock_room(${here}, ${reason})`]], ['room_locked by marta']],
    [
      'a room is unlocked',
      [
        ['marta', `lock_room(${here}, ${reason})`],
        ['marta', `unlock_room(${here}, ${reason})`],
      ],
      ['room_unlocked by marta'],
    ],
    [
      'a notice is posted',
      [['marta', `post_notice(${here}, body => '${TEXT}')`]],
      ['notice_posted by marta'],
    ],
    [
      'a notice is posted during a look',
      [look, ['marta', `post_notice(${here}, body => '${TEXT}')`]],
      ['message_streamed by marta', 'notice_posted by marta'],
    ],
    ['a room is held', [hold(true)], ['hold_set by marta']],
    ['a hold is lifted', [hold(true), hold(false)], ['hold_lifted by marta']],
    [
      'a room is erased',
      [cancel, ['marta', `erase_room(${here}, ${reason})`]],
      ['room_archived by marta', 'room_erased by marta'],
    ],
    [
      "a room's time is over",
      [cancel, age(`retain_until = now()`), ['clinic', 'select private.erase_due_rooms()']],
      ['room_archived by nobody', 'room_erased by nobody'],
    ],
    ['somebody is suspended', [suspend], ['user_suspended by marta']],
    [
      'an administrator who looks is suspended',
      [look, ['clinic', `update public.profiles set suspended_at = now() where id = '${people.marta}'`]],
      ['access_ended by nobody'],
    ],
    [
      'somebody is reinstated',
      [suspend, ['marta', `reinstate_user('${people.jun}', ${reason})`]],
      ['user_reinstated by marta'],
    ],
    [
      'settings are changed',
      [['marta', `update_clinic('{"edit_window_minutes": 20, "name": "${TEXT}"}')`]],
      ['setting_changed by marta', 'setting_changed by marta'],
    ],
    [
      'a text to agree to is published',
      [['marta', `publish_consent('{"en": "${TEXT}"}')`]],
      ['consent_published by marta'],
    ],
    [
      'somebody agrees to it',
      [['layla', "accept_consent(version => 1, locale => 'ar')"]],
      ['consent_accepted by layla'],
    ],
    ['hours are changed', [['marta', `set_business_hours('[]')`]], ['setting_changed by marta']],

    // What leaves nothing.
    ['a participant sends', [send], []],
    ['a participant reads a page', [look, ['rosa', readings.list_messages]], []],
    ['a participant asks for changes', [look, ['rosa', readings.list_changes]], []],
    ['a participant reads versions', [send, edit, look, ['ines', readings.list_message_versions]], []],
    [
      'a participant asks who has read',
      [send, ['rosa', `list_receipts(${here}, message_id => '${SENT}')`]],
      [],
    ],
    ['a participant searches', [look, ['ines', readings.search_messages]], []],
    ['a participant opens a file', [...sendFile, look, ['rosa', readings.open_attachment]], []],
    ['a participant has read', [['rosa', `mark_read(${here}, read_seq => 5)`]], []],
    ['a file is begun', [begin], []],
    ['somebody agrees once more', [['rosa', "accept_consent(version => 1, locale => 'es')"]], []],
    ['a draft is kept', [['rosa', `save_draft(${here}, body => '${TEXT}')`]], []],
    ['a room is muted', [['rosa', `mute_room(${here}, muted_until => now() + interval '1 hour')`]], []],
    [
      'a doctor is away',
      [['ines', `set_out_of_office(back_at => now() + interval '1 day', note => '${TEXT}')`]],
      [],
    ],
    ['a doctor is back', [['ines', 'clear_out_of_office()']], []],
    ['a quick reply is saved', [quickReply], []],
    ['a quick reply is deleted', [quickReply, ['ines', `delete_quick_reply('${QUICK_REPLY}')`]], []],
  ]

  return { here, reason, look, send, cases }
}
