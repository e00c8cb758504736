/** Files of a conversation. */
import { attachment, person, room, thing } from '../../world/ids.ts'
import { blockedCases } from '../blocked.ts'
import { type FunctionExpectation, no } from '../function-types.ts'
import { leftA, usedUp } from '../givens.ts'
import { PARTICIPANTS_ONLY } from '../shared.ts'

const permits = `select string_agg(user_id || ' ' || attachment_id, ', ' order by attachment_id) from private.file_permits where permitted_until > now() and permitted_until < now() + interval '10 minutes'`

const otherBuckets = `
  insert into private.rate_buckets values ('00000000-0000-4000-8000-000000000000', 'upload', 20, now()), ('${person.patient}', 'search', 20, now());`

export const FILES: Record<string, FunctionExpectation> = {
  'public.start_attachment(uuid, uuid, text, text, bigint)': {
    security: 'definer',
    args: {
      id: thing.fresh,
      room_id: room.a,
      name: 'x/y.pdf',
      media_type: 'application/pdf',
      size_bytes: 10,
    },
    by: PARTICIPANTS_ONLY,
    touches: 'room/a',
    tells: '',
    answer: { id: 'fresh', status: 'pending', name: 'x_y.pdf', path: 'a/fresh', message_id: null },
    cases: [
      {
        why: 'again',
        who: 'patient',
        with: { id: attachment.pending },
        touches: '',
        answer: { id: 'pending' },
      },
      no('patient', 'somebody else’s', '409 id_conflict', { id: attachment.pendingDoctors }),
      no('patient', 'of another room', '409 id_conflict', { id: attachment.pendingOld }),
      no('patient', 'without an id', '400 argument_invalid id', { id: null }),
      no('patient', 'without a name', '400 argument_invalid name', { name: ' ' }),
      no('patient', 'with a long name', '400 argument_invalid name', { name: 'x'.repeat(201) }),
      no('patient', 'active content', '400 file_type_refused media_type', { media_type: 'image/svg+xml' }),
      no('patient', 'of no type', '400 file_type_refused media_type', { media_type: null }),
      no('patient', 'empty', '400 file_too_large 26214400', { size_bytes: 0 }),
      no('patient', 'too large', '400 file_too_large 26214400', { size_bytes: 26214401 }),
      no('patient', 'of no size', '400 file_too_large 26214400', { size_bytes: null }),
      no(
        'patient',
        'too large here',
        '400 file_too_large 5',
        {},
        'update public.clinic_settings set max_file_bytes = 5',
      ),
      ...blockedCases('patient'),
      no('patient', 'in another', '404 not_found', { room_id: room.b }),
      no('patient', 'too often', '429 rate_limited 6', {}, usedUp('patient', 'upload')),
      no(
        'patient',
        'how long to wait is one’s own',
        '429 rate_limited 6',
        {},
        otherBuckets + usedUp('patient', 'upload'),
      ),
    ],
  },
  'public.open_attachment(uuid)': {
    security: 'definer',
    args: { attachment_id: attachment.clean },
    by: {
      ok: 'patient doctor proxy careTeam grantedAdmin',
      '404 not_found': 'otherPatient otherDoctor admin former',
    },
    answer: { id: 'clean', path: 'a/clean' },
    logs: '',
    except: {
      grantedAdmin: { touches: 'room/a', logs: 'a file_opened', leaves: { [permits]: 'grantedAdmin clean' } },
    },
    cases: [
      { why: 'takes no permit', who: 'patient', touches: '', leaves: { [permits]: null } },
      {
        why: 'one’s own that is not sent',
        who: 'patient',
        with: { attachment_id: attachment.unsent },
        answer: { id: 'unsent' },
      },
      {
        why: 'one’s own of a retracted message',
        who: 'patient',
        with: { attachment_id: attachment.retracted },
        answer: { id: 'retracted' },
      },
      {
        why: 'of a retracted message',
        who: 'grantedAdmin',
        with: { attachment_id: attachment.retracted },
        touches: 'room/a',
        logs: 'a file_opened',
      },
      no('doctor', 'of a retracted message', '404 not_found', { attachment_id: attachment.retracted }),
      no('doctor', 'one that is not sent', '404 not_found', { attachment_id: attachment.unsent }),
      no('grantedAdmin', 'one that is not sent', '404 not_found', { attachment_id: attachment.unsent }),
      no('patient', 'infected', '409 file_not_readable infected', { attachment_id: attachment.infected }),
      no('patient', 'rejected', '409 file_not_readable rejected', { attachment_id: attachment.rejected }),
      no('doctor', 'not scanned yet', '409 file_not_readable pending', { attachment_id: attachment.waiting }),
      no('patient', 'erased', '409 file_not_readable clean', { attachment_id: attachment.erased }),
      no('patient', 'of another', '404 not_found', { attachment_id: attachment.cleanB }),
      no('grantedAdmin', 'of another, the grant having run out', '404 not_found', {
        attachment_id: attachment.cleanB,
      }),
      no('patient', 'nothing', '404 not_found', { attachment_id: thing.nothing }),
      no('patient', 'removed', '404 not_found', {}, leftA('patient')),
    ],
  },
}
