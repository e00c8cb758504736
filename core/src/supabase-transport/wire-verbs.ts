/** The answers to what a person asks for now and then. */
import { array, boolean, count, nullable, oneOf, record, type Schema, shape, string } from './schema.ts'
import {
  id,
  messageSchema,
  nextStep,
  participant,
  person,
  replyBlock,
  roomSummaryKeys,
  text,
  time,
} from './wire.ts'

export const nothingSchema: Schema<undefined> = () => undefined

export const versionsSchema = array(
  shape({ version: count, body: string, written_at: time, replaced_at: time }),
)

export const receiptTimesSchema = array(
  shape({ user_id: id, delivered_at: nullable(time), read_at: nullable(time) }),
)

export const searchPageSchema = shape({
  messages: array(messageSchema),
  match: oneOf('words', 'parts'),
  has_more: boolean,
})

export const participantsSchema = array(participant)

export const replyCheckSchema = shape({
  may_reply: boolean,
  block: nullable(replyBlock),
  hint: text,
  next_step: nullable(nextStep),
  phone: text,
})

const detail: Schema<string | number | boolean | null> = value =>
  typeof value === 'number' || typeof value === 'boolean' ? value : text(value)

export const accessLogPageSchema = shape({
  entries: array(
    shape({
      n: count,
      at: time,
      action: string,
      actor: nullable(person),
      subject_id: nullable(id),
      details: record(detail),
      reason: text,
    }),
  ),
  has_more: boolean,
})

export const roomPageSchema = shape({
  rooms: array(
    shape({
      ...roomSummaryKeys,
      appointment_id: id,
      muted_until: nullable(time),
    }),
  ),
  has_more: boolean,
})

export const peopleSchema = array(person)

export const clinicSchema = shape({
  name: string,
  phone: text,
  time_zone: string,
  emergency_text: record(string),
  expected_reply_minutes: count,
  reply_window_days: count,
  edit_window_minutes: count,
  archive_after_days: count,
  retention_days: count,
  max_file_bytes: count,
  business_hours: array(shape({ weekday: count, opens: string, closes: string })),
  opens_at: nullable(time),
})

/** The rows of a table that were changed. */
export const changedSchema = array(shape({ id }))

export const consentSchema = shape({
  version: count,
  texts: record(string),
  published_at: nullable(time),
  accepted_at: nullable(time),
  accepted_locale: text,
})

export const quickReplySchema = shape({
  id,
  title: string,
  body: string,
  locale: text,
  is_shared: boolean,
})
export const quickRepliesSchema = array(quickReplySchema)

export const outOfOfficeSchema = shape({ starts_at: time, back_at: time, note: text })
