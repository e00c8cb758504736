/**
 * How long somebody may do nothing before they are signed off. Pure: the time is passed in, and it is the wall clock's, so
 * that a machine that slept through it knows on waking.
 *
 *   active --limit less the warning--> warning --limit--> over
 *      ^---------------somebody stays-----/
 */
import type { Role } from '@bedside/core'

export interface IdleLimits {
  signOffMs: number
  /** Before that. */
  warningMs: number
}

export type Idle = { is: 'active' } | { is: 'warning'; secondsLeft: number } | { is: 'over' }

/** In seconds, from `config.json`. */
export interface IdleConfig {
  staffSeconds?: number
  patientSeconds?: number
}

const MINUTE_MS = 60_000
/** Screens in a clinic stand where others pass. */
const STAFF: IdleLimits = { signOffMs: 15 * MINUTE_MS, warningMs: MINUTE_MS }
/** Ill people read and write slowly, and the browser may be a library's. */
const PATIENT: IdleLimits = { signOffMs: 30 * MINUTE_MS, warningMs: 2 * MINUTE_MS }
/** Installed it is on a device of one's own, with a lock of its own, and is looked at now and then for a day. */
const PATIENT_INSTALLED: IdleLimits = { ...PATIENT, signOffMs: 12 * 60 * MINUTE_MS }

export function limitsFor(role: Role, isInstalled: boolean, config: IdleConfig = {}): IdleLimits {
  const isPatient = role === 'patient'
  const usual = isPatient ? (isInstalled ? PATIENT_INSTALLED : PATIENT) : STAFF
  const seconds = isPatient ? config.patientSeconds : config.staffSeconds
  if (seconds === undefined) return usual
  const signOffMs = seconds * 1_000
  return { signOffMs, warningMs: Math.min(usual.warningMs, signOffMs / 3) }
}

/** `activeAt`: when anybody last did something in any tab; 0: it was over already. */
export function idleAt(now: number, activeAt: number, { signOffMs, warningMs }: IdleLimits): Idle {
  // A clock that was set back: nobody can have been active later than now.
  const leftMs = signOffMs - Math.max(0, now - activeAt)
  if (activeAt === 0 || leftMs <= 0) return { is: 'over' }
  return leftMs > warningMs ? { is: 'active' } : { is: 'warning', secondsLeft: Math.ceil(leftMs / 1_000) }
}

/** When to look again. */
export function nextLookMs(now: number, activeAt: number, limits: IdleLimits): number {
  const leftMs = limits.signOffMs - Math.max(0, now - activeAt)
  return leftMs > limits.warningMs ? leftMs - limits.warningMs : leftMs % 1_000 || 1_000
}
