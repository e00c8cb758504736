/** How it is declared what comes of calling a function. */
import type { Persona } from '../personas.ts'
import type { Actor } from '../session.ts'

export type Args = Record<string, unknown>

export interface Effects {
  /** By path into the answer, such as `messages[*].seq`; ids as names. */
  readonly answer?: Record<string, unknown>
  /** Whose rows are other ones afterwards: `room/a`, `person/doctor`, `appointment/a`, `clinic`. `{who}`: the caller. */
  readonly touches?: string
  /** `topic event`, each once. */
  readonly tells?: string
  /** New entries of the audit log: `chain action`. */
  readonly logs?: string
  /** A query's first value afterwards. */
  readonly leaves?: Record<string, unknown>
}

export interface Case extends Effects {
  /** What it is about, in few words: its line in the matrix. */
  readonly why: string
  readonly who: Actor
  /** What the world is like, written by its owner beforehand. */
  readonly given?: string
  /** Arguments that differ from the function's usual ones. */
  readonly with?: Args
  /** Instead of calling the function: this statement. */
  readonly sql?: string
  /** `ok`, or the refusal: `403 forbidden admin`. */
  readonly is?: string
  /** Of a refusal: what a person is told to do, where another refusal with the same words would hide its loss. */
  readonly hint?: string
}

export interface FunctionExpectation extends Effects {
  readonly security: 'definer' | 'invoker'
  /** The usual call: everybody makes it. */
  readonly args: Args
  readonly given?: string
  /** What comes of the usual call, for whom. Effects are those for everybody who is answered. */
  readonly by: Record<string, string>
  /** Effects that are others for somebody. */
  readonly except?: Partial<Record<Persona, Effects>>
  readonly cases?: readonly Case[]
}

/** Of everybody else there is one answer whatever they call. */
export const ALWAYS: Record<string, string> = {
  '42501': 'anon service',
  '401 not_signed_in': 'stranger',
  '403 account_suspended': 'suspended',
}

export const DAY_MS = 86_400_000
export const inDays = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString()

/** A refusal: to whom, about what, in which words, with which other arguments, in which other world. */
export const no = (who: Actor, why: string, is: string, args?: Args, given?: string): Case => ({
  ...{ who, why, is },
  ...(args && Object.keys(args).length > 0 && { with: args }),
  ...(given && { given }),
})
