/**
 * What everybody sees and may change in every table of `public`, written from docs/architecture.md and the comments of
 * the policies. Rows are named by their key (world/ids.ts has the names). Who is not named sees nothing; the clinic's own
 * programs (`service`) see everything. Nobody but they writes, and they only where `service` says so.
 */
import type { Persona } from '../personas.ts'
import { person, thing } from '../world/ids.ts'

export interface TableExpectation {
  /** `read` and `change`: by those who are signed in. Together with `hidden` these are all columns. */
  readonly columns: { readonly read: string; readonly change?: string; readonly hidden?: string }
  readonly sees: Partial<Record<Persona, string>>
  /** Rows changed by `set`. */
  readonly changes?: Partial<Record<Persona, string>>
  /** `verb:name`. */
  readonly policies: string
  readonly service: 'writes' | 'reads'
  /** What makes statements that are right: for who may not, the same is refused. */
  readonly insert: string
  readonly set: string
}

const ROOM_A = { patient: 'a aOld', doctor: 'a aOld', proxy: 'a', careTeam: 'a' }
const ROOM_B = { otherPatient: 'b bOld', otherDoctor: 'b bOld' }
const BOTH = (all: string) => ({ admin: all, grantedAdmin: all })
const EVERYBODY = (all: string) => ({
  ...{ patient: all, otherPatient: all, doctor: all, otherDoctor: all, admin: all },
  ...{ grantedAdmin: all, former: all, proxy: all, careTeam: all },
})
/** The same for each of those who take part in a. */
const IN_A = (rows: string) => ({ patient: rows, doctor: rows, proxy: rows, careTeam: rows })
const IN_B = (rows: string) => ({ otherPatient: rows, otherDoctor: rows })

const PEOPLE_OF_A = 'patient doctor proxy careTeam former suspended'
const APPOINTMENTS = 'a aNew aOld b bOld'

export const PEOPLE_AND_CLINIC: Record<string, TableExpectation> = {
  'public.profiles': {
    columns: {
      read: 'id role display_name specialty',
      change: 'locale time_zone',
      hidden: 'locale time_zone suspended_at created_at updated_at',
    },
    sees: {
      ...IN_A(PEOPLE_OF_A),
      ...IN_B('otherPatient otherDoctor'),
      former: 'former',
      ...BOTH(`${PEOPLE_OF_A} otherPatient otherDoctor sparePatient spareDoctor admin grantedAdmin`),
    },
    changes: {
      ...{ patient: 'patient', otherPatient: 'otherPatient', doctor: 'doctor', otherDoctor: 'otherDoctor' },
      ...{ admin: 'admin', grantedAdmin: 'grantedAdmin', former: 'former', proxy: 'proxy' },
      careTeam: 'careTeam',
    },
    policies: 'select:read_self_and_contacts update:update_self',
    service: 'writes',
    insert: `(id, role, display_name) values ('${person.stranger}', 'patient', 'X')`,
    // Not `locale = locale`: nobody may read it here.
    set: "locale = 'es'",
  },
  'public.appointments': {
    columns: {
      read: `id patient_id doctor_id starts_at ends_at mode location reason status created_at updated_at status_reason
        status_changed_at status_changed_by`,
    },
    sees: {
      ...ROOM_A,
      patient: 'a aNew aOld',
      doctor: 'a aNew aOld',
      ...ROOM_B,
      ...BOTH(APPOINTMENTS),
    },
    policies: 'select:read_parties',
    service: 'writes',
    insert: `(patient_id, doctor_id, starts_at, ends_at, mode)
      values ('${person.patient}', '${person.doctor}', now(), now() + interval '1 hour', 'phone')`,
    set: 'mode = mode',
  },
  'public.clinic_settings': {
    columns: {
      read: `id name phone time_zone emergency_text expected_reply_minutes reply_window_days edit_window_minutes
        archive_after_days retention_days max_file_bytes updated_at`,
    },
    sees: EVERYBODY('t'),
    policies: 'select:read_signed_in',
    service: 'writes',
    // There is one row, and only one.
    insert: "(id, name) select id, 'X' from public.clinic_settings on conflict do nothing",
    set: 'name = name',
  },
  'public.business_hours': {
    columns: { read: 'weekday opens closes' },
    sees: EVERYBODY([1, 2, 3, 4, 5, 6, 7].map(day => `${day}/08:00:00`).join(' ')),
    policies: 'select:read_signed_in',
    service: 'writes',
    insert: "values (1, '21:00', '22:00')",
    set: 'closes = closes',
  },
  'public.consent_texts': {
    columns: { read: 'version texts published_at published_by' },
    sees: EVERYBODY('1 2'),
    policies: 'select:read_signed_in',
    service: 'reads',
    insert: `(version, texts) values (9, '{"en": "X"}')`,
    set: 'texts = texts',
  },
  'public.consents': {
    columns: { read: 'user_id version locale accepted_at' },
    sees: {
      ...{ patient: 'patient/1 patient/2', otherPatient: 'otherPatient/2', proxy: 'proxy/2' },
      ...BOTH('patient/1 patient/2 otherPatient/2 proxy/2'),
    },
    policies: 'select:read_own_and_admins',
    service: 'reads',
    insert: `values ('${person.sparePatient}', 2, 'en')`,
    set: 'locale = locale',
  },
  'public.out_of_office': {
    columns: { read: 'user_id starts_at back_at note' },
    sees: {
      ...IN_A('doctor former'),
      ...IN_B('otherDoctor'),
      former: 'former',
      ...BOTH('doctor former otherDoctor'),
    },
    policies: 'select:read_self_and_contacts',
    service: 'writes',
    insert: `values ('${person.careTeam}', now(), now() + interval '1 day')`,
    set: 'note = note',
  },
  'public.quick_replies': {
    columns: { read: 'id owner_id title body locale created_at updated_at' },
    sees: {
      doctor: 'replyShared replyDoctors',
      otherDoctor: 'replyShared replyOtherDoctors',
      ...{ careTeam: 'replyShared', former: 'replyShared' },
      admin: 'replyShared replyAdmins',
      grantedAdmin: 'replyShared',
    },
    policies: 'select:read_staff',
    service: 'writes',
    insert: `(id, title, body) values ('${thing.fresh}', 'X', 'X')`,
    set: 'title = title',
  },
  'public.notifications': {
    columns: { read: 'id user_id room_id kind count last_seq created_at updated_at read_at' },
    sees: {
      patient: 'noticeOfPatient',
      doctor: 'noticeOfDoctor',
      otherPatient: 'noticeOfOtherPatient',
    },
    policies: 'select:read_own',
    service: 'writes',
    insert: `(user_id, kind) values ('${person.patient}', 'reminder')`,
    set: 'count = count',
  },
  'public.notification_preferences': {
    columns: { read: 'user_id in_browser by_push by_mail shows_sender quiet_from quiet_to updated_at' },
    sees: { patient: 'patient', otherPatient: 'otherPatient' },
    policies: 'select:read_own',
    service: 'writes',
    insert: `(user_id) values ('${person.doctor}')`,
    set: 'by_mail = by_mail',
  },
  'public.push_subscriptions': {
    // The keys go to the worker only.
    columns: { read: 'id user_id created_at failed_at', hidden: 'endpoint p256dh auth' },
    sees: { patient: 'pushOfPatient', otherPatient: 'pushOfOtherPatient' },
    policies: 'select:read_own',
    service: 'writes',
    insert: `(user_id, endpoint, p256dh, auth) values ('${person.doctor}', 'https://push.example/3', 'key', 'auth')`,
    set: 'auth = auth',
  },
  'public.client_samples': {
    columns: { read: 'id user_id kind value_ms at' },
    sees: BOTH('1 2'),
    policies: 'select:read_admins',
    service: 'writes',
    insert: `(id, user_id, kind, value_ms) overriding system value values (9, '${person.patient}', 'send', 1)`,
    set: 'value_ms = value_ms',
  },
  'public.client_errors': {
    columns: { read: 'id user_id kind detail count at' },
    sees: BOTH('1 2'),
    policies: 'select:read_admins',
    service: 'writes',
    insert: `(id, user_id, kind) overriding system value values (9, '${person.patient}', 'offline')`,
    set: 'count = count',
  },
  'public.health_checks': {
    columns: { read: 'id name status latency_ms at' },
    sees: BOTH('1'),
    policies: 'select:read_admins',
    service: 'writes',
    insert: "(id, name, status) overriding system value values (9, 'database', 'ok')",
    set: 'status = status',
  },
  'public.alert_rules': {
    columns: { read: 'id metric raise_at clear_at for_minutes severity is_enabled' },
    sees: BOTH('rule'),
    policies: 'select:read_admins',
    service: 'writes',
    insert: "(metric, raise_at, clear_at, severity) values ('send_p', 100, 50, 'warning')",
    set: 'metric = metric',
  },
  'public.alerts': {
    columns: { read: 'id rule_id value raised_at cleared_at acknowledged_at acknowledged_by' },
    sees: BOTH('alert'),
    policies: 'select:read_admins',
    service: 'writes',
    insert: `(rule_id, value, cleared_at) values ('${thing.rule}', 1, now())`,
    set: 'value = value',
  },
}
