/**
 * Functions of `private`: helpers are for nobody, but for those that policies, checks, triggers and functions with the
 * caller's rights go through. No list says what they answer to whom: that is proven where they are used, and, where they
 * are used by a job or twice over, by the cases below.
 */

/** Whom PostgreSQL lets call them; nobody of the others. */
export const HELPERS_FOR: Record<'authenticated' | 'service_role' | 'anon', string> = {
  authenticated: `active_uid is_admin my_role my_room_ids my_appointment_ids my_contact_ids my_upload_paths
    my_permitted_paths may_join fail require_uid require_role require_page_size room_summary_json`,
  service_role: 'is_text_by_language allowed_media_types appointment_step room_step fail_step fail',
  anon: '',
}

/** With their owner's rights. All others have their caller's. */
export const DEFINERS = `active_uid is_admin my_role require_uid require_role my_room_ids my_appointment_ids my_contact_ids
  my_upload_paths my_permitted_paths may_join require_participant require_clinician lock_room participant_left
  require_room_keeper note_admin_action require_admin has_grant end_grants end_lapsed_grants require_reader set_lock
  suspended set_suspended make_room follow_appointment move_room audit_live_reading require_may_reply require_own_message
  attachments_json kind_of_attachments erase_content audit verify_audit_log begin_chain take_token room_json inbox_ids tell_front_desk`

/** All others. */
export const INVOKERS = `allowed_media_types append_event await_receipts append_message appointment_json appointment_step archive_rooms
  attachment_json audit_bytes broadcast change_message check_appointment_step check_room_step check_time_zone clinic_chain
  clinic_json consent_json consent_missing close_reply_windows due_file_deletions end_expired_grants erase_due_rooms expose fail fail_not_found
  fail_step finish_scan is_consent is_text_by_language is_visible is_words_only lock_for_erasure my_quick_reply next_opening next_step
  normalise_body normalise_file_name participants_json person_json person_json_of refuse_change reply_block
  reply_block_hint reply_window require_body require_page_size require_reason require_text retention room_changed_json
  room_status_for room_step room_summary_json search_query search_vector tell_away tell_room tell_room_changed tell_user
  touch_updated_at`
