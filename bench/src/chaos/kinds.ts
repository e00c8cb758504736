import { clinicKinds } from './kinds/clinic.ts'
import { diskKinds } from './kinds/disks.ts'
import type { Kind } from './kinds/kind.ts'
import { networkKinds } from './kinds/network.ts'
import { processKinds } from './kinds/processes.ts'
import { sessionKinds } from './kinds/sessions.ts'

export const KINDS: readonly Kind[] = [
  ...processKinds,
  ...diskKinds,
  ...networkKinds,
  ...sessionKinds,
  ...clinicKinds,
]
