/**
 * Who may put, read, change and remove which object of which bucket. Read: what a scan found clean, by who sees its row
 * (docs/architecture.md, "Data"); put: once, by its uploader, while the row waits for it. Nobody changes or removes.
 */
import { attachment, room, thing } from '../world/ids.ts'

/** Every bucket there is. A new one fails the run. */
export const BUCKETS = ['chat-attachments']

/** Policies on storage.objects, as `verb:name`. */
export const STORAGE_POLICIES = 'select:read_clean insert:upload_own_pending'

export interface ObjectExpectation {
  readonly label: string
  readonly bucket: string
  readonly name: string
  /** Who may. Of an object that is there: read it. Of one that is not: put it. */
  readonly who?: string
}

const ours = (label: string, path: string, who?: string): ObjectExpectation => ({
  ...{ label, bucket: 'chat-attachments', name: path },
  ...(who && { who }),
})
const IN_A = 'patient doctor proxy careTeam'

export const OBJECTS: ObjectExpectation[] = [
  ours('clean', `${room.a}/${attachment.clean}`, IN_A),
  ours('clean, permitted to an administrator', `${room.a}/${attachment.permitted}`, `${IN_A} grantedAdmin`),
  ours('clean, not sent yet', `${room.a}/${attachment.unsent}`, 'patient'),
  ours('clean, retracted', `${room.a}/${attachment.retracted}`, 'patient'),
  ours('not scanned', `${room.a}/${attachment.waiting}`),
  ours('infected', `${room.a}/${attachment.infected}`),
  ours('rejected', `${room.a}/${attachment.rejected}`),
  ours('erased', `${room.a}/${attachment.erased}`),
  ours('clean, of b', `${room.b}/${attachment.cleanB}`, 'otherPatient otherDoctor'),
  ours('of nobody', 'stray/stray'),
  { label: 'the name of a clean one elsewhere', bucket: 'elsewhere', name: `${room.a}/${attachment.clean}` },
  {
    label: 'the name of a permitted one elsewhere',
    bucket: 'elsewhere',
    name: `${room.a}/${attachment.permitted}`,
  },
]

export const UPLOADS: ObjectExpectation[] = [
  ours('announced by the patient', `${room.a}/${attachment.pending}`, 'patient'),
  ours('announced by the doctor', `${room.a}/${attachment.pendingDoctors}`, 'doctor'),
  ours('announced by a former one', `${room.a}/${attachment.pendingFormers}`),
  ours('announced by a suspended one', `${room.a}/${attachment.pendingSuspendeds}`),
  ours('announced in what is archived', `${room.aOld}/${attachment.pendingOld}`),
  ours('announced and erased', `${room.a}/${attachment.pendingErased}`),
  ours('announced in b', `${room.b}/${attachment.pendingB}`, 'otherPatient'),
  ours('never announced', `${room.a}/${thing.nothing}`),
  { label: 'announced, put elsewhere', bucket: 'elsewhere', name: `${room.a}/${attachment.pending}` },
]
