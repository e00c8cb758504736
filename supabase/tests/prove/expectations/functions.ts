/** All functions of the API. Keyed by signature, so that an overload is a function of its own. */
import type { FunctionExpectation } from './function-types.ts'
import { APPOINTMENTS } from './functions/appointments.ts'
import { BREAKING_GLASS } from './functions/breaking-glass.ts'
import { CHANGING } from './functions/changing.ts'
import { CLINIC } from './functions/clinic.ts'
import { CONSENT } from './functions/consent.ts'
import { EMERGENCIES } from './functions/emergencies.ts'
import { FILES } from './functions/files.ts'
import { FINDING } from './functions/finding.ts'
import { KEEPING } from './functions/keeping.ts'
import { LOG } from './functions/log.ts'
import { OPENING } from './functions/opening.ts'
import { PARTICIPANTS } from './functions/participants.ts'
import { QUICK_REPLIES } from './functions/quick-replies.ts'
import { READING } from './functions/reading.ts'
import { RETENTION } from './functions/retention.ts'
import { ROOM_STATES } from './functions/room-states.ts'
import { SENDING } from './functions/sending.ts'

export const FUNCTIONS: Record<string, FunctionExpectation> = {
  ...{ ...FINDING, ...OPENING, ...KEEPING },
  ...{ ...SENDING, ...CHANGING, ...READING, ...FILES },
  ...{ ...PARTICIPANTS, ...APPOINTMENTS, ...ROOM_STATES },
  ...{ ...BREAKING_GLASS, ...EMERGENCIES, ...LOG, ...RETENTION },
  ...{ ...CLINIC, ...CONSENT, ...QUICK_REPLIES },
}
