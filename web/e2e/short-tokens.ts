import { tmpdir } from 'node:os'
import path from 'node:path'

/** In seconds. auth-js renews a token 90 s before its end: this one is used for ten seconds at a time. */
export const TOKEN_SECONDS = 100

/** Where that stack's mails go, one line of JSON each. */
export const MAIL_FILE = path.join(
  tmpdir(),
  `bedside-mail-${process.env.BEDSIDE_E2E_SHORT_PORT ?? 3198}.jsonl`,
)

/** A context of the stack whose tokens end soon. */
export const withShortTokens = { baseURL: `http://localhost:${process.env.BEDSIDE_E2E_SHORT_PORT ?? 3198}` }
