/**
 * What can be left out without anybody being able to tell, each with the reason. Nothing else may survive. One that does
 * not survive any more fails as well: then it has a meaning now, and no place here.
 */
export const EQUIVALENTS: Record<string, string> = {
  // Said twice.
  'public.set_appointment_status: without «private.fail_step(v_appointment.status, set_appointment_status.status)»':
    'the trigger check_step refuses in the same words',
  'public.set_room_status: if without «private.room_step(v_from, set_room_status.status) is null»':
    'the trigger check_step refuses in the same words',
  "public.set_room_status: when without «set_room_status.status = 'open'»":
    'move_room takes the date for "open" only',
  "private.tell_room_changed: without «private.tell_user(p.user_id, 'room_changed', private.room_changed_json(r))»":
    'append_event, just before, has told the same to the same people',
  'public.consent_texts trigger consent_texts_never_emptied: off':
    'it can be emptied together with consents only, whose trigger refuses',
  'private.inbox_ids: where without «not private.is_admin()»': 'an administrator takes part in no room',
  // What a database in order does not come to: M43 fills its disk.
  'private.broadcast: without «raise;…»': 'nothing is wrong with the database here',
  // Null.
  'public.mute_room: if without «mute_room.muted_until is not null»':
    'of null the other condition says nothing either',
  'private.may_join: if without «v_uid is null»': 'nothing equals null: no row is found',
  'private.may_join: if without «v_part is null»': 'nothing equals null: no row is found',
  'private.require_uid: if without «auth.uid() is not null»': 'nothing equals null: no profile is found',
  'private.require_uid: where without «p.suspended_at is not null»':
    'a profile of somebody who is not active is a suspended one',
  'public.search_messages: where without «m.body is not null»':
    'null matches no question; it is there for the index',
  'public.search_messages: where without «near.body is not null»': 'null matches no question',
  // Saves work.
  'private.append_message: if without «v_room.granted_until is not null»':
    'then there is no grant to be found either',
  'private.attachments_json: if without «p_message_ids is null»': 'then there is no file to be found either',
  // Locks: what they are for is proven with two at once (../../*-at-once.pg.test.ts).
  'public.open_room: if without «v_room.id is null»': 'make_room answers the room that is there',
  'private.follow_appointment: if without «not found»': 'make_room answers the room that is there',
  'private.follow_appointment: if without «found»': 'append_event takes the lock',
  'private.suspended: where without «p.user_id = new.id»': 'more rows are locked than need be',
  'private.lock_for_erasure: where without «r.id = p_room_id»': 'more rows are locked than need be',
  'private.lock_for_erasure: where without «s.room_id = p_room_id»': 'more rows are locked than need be',
  "public.list_messages: where without «page.kind in ('image', 'file')»":
    'other messages have no files; it saves the question',
  "public.list_messages: where without «page.kind in ('image', 'file')» (2)":
    'other messages have no files; it saves the question',
}
