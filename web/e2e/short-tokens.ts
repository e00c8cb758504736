/** In seconds. auth-js renews a token 90 s before its end: this one is used for ten seconds at a time. */
export const TOKEN_SECONDS = 100

/** A context of the stack whose tokens end soon. */
export const withShortTokens = { baseURL: `http://localhost:${process.env.BEDSIDE_E2E_SHORT_PORT ?? 3198}` }
