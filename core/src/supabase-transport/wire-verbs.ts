/** The answers to what a person asks for now and then. */
import * as v from 'valibot'
import {
  count,
  id,
  messageSchema,
  nextStep,
  participant,
  person,
  replyBlock,
  roomSummaryKeys,
  shape,
  text,
  time,
} from './wire.ts'

export const nothingSchema = v.pipe(
  v.nullish(v.unknown()),
  v.transform(() => undefined),
)

export const versionsSchema = v.array(
  shape({ version: count, body: v.string(), written_at: time, replaced_at: time }),
)

export const searchPageSchema = shape({
  messages: v.array(messageSchema),
  match: v.picklist(['words', 'parts']),
  has_more: v.boolean(),
})

export const participantsSchema = v.array(participant)

export const replyCheckSchema = shape({
  may_reply: v.boolean(),
  block: v.nullable(replyBlock),
  hint: text,
  next_step: v.nullable(nextStep),
  phone: text,
})

export const accessLogPageSchema = shape({
  entries: v.array(
    shape({
      n: count,
      at: time,
      action: v.string(),
      actor: v.nullable(person),
      subject_id: v.nullable(id),
      details: v.record(v.string(), v.nullable(v.union([v.string(), v.number(), v.boolean()]))),
      reason: text,
    }),
  ),
  has_more: v.boolean(),
})

export const roomPageSchema = shape({
  rooms: v.array(
    shape({
      ...roomSummaryKeys,
      appointment_id: id,
      waiting_since: v.nullable(time),
      muted_until: v.nullable(time),
    }),
  ),
  has_more: v.boolean(),
})

export const peopleSchema = v.array(person)

export const clinicSchema = shape({
  name: v.string(),
  phone: text,
  time_zone: v.string(),
  emergency_text: v.record(v.string(), v.string()),
  expected_reply_minutes: count,
  reply_window_days: count,
  edit_window_minutes: count,
  archive_after_days: count,
  retention_days: count,
  max_file_bytes: count,
  business_hours: v.array(shape({ weekday: count, opens: v.string(), closes: v.string() })),
  opens_at: v.nullable(time),
})

export const quickReplySchema = shape({
  id,
  title: v.string(),
  body: v.string(),
  locale: text,
  is_shared: v.boolean(),
})
export const quickRepliesSchema = v.array(quickReplySchema)

export const outOfOfficeSchema = shape({ starts_at: time, back_at: time, note: text })
