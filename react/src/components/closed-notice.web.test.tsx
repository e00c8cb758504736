// @vitest-environment happy-dom
import type { ParticipantRole, ReplyBlock, Role } from '@bedside/core'
import { cleanup, render, screen, waitFor } from '@testing-library/react'
import { afterEach, describe, expect, test } from 'vitest'
import type { Language } from '../strings/languages.ts'
import { StringsProvider } from '../strings/strings-provider.tsx'
import { ClosedNotice } from './closed-notice.tsx'

afterEach(cleanup)

// Total, so that a new block or language does not compile until it stands here.
const blocks: Record<ReplyBlock, true> = {
  appointment_not_confirmed: true,
  appointment_cancelled: true,
  appointment_missed: true,
  reply_window_over: true,
  room_closed: true,
  room_archived: true,
  room_locked: true,
  patient_may_not_reply: true,
  consent_missing: true,
}
const roles: Record<Role | ParticipantRole, true> = {
  patient: true,
  doctor: true,
  admin: true,
  care_team: true,
  proxy: true,
}
const languages: Record<Language, true> = { en: true, es: true, fr: true, ar: true }

const states = Object.keys(languages).flatMap(language =>
  Object.keys(blocks).flatMap(block => Object.keys(roles).map(role => ({ language, block, role }))),
)

describe('U5 never a dead composer: a reason and a next step', () => {
  const shown = new Map<string, string>()
  const steps = new Map<string, string | undefined>()

  test.each(states)('$language, $block, $role', async ({ language, block, role }) => {
    render(
      <StringsProvider locale={language} timeZone="UTC">
        <ClosedNotice block={block as ReplyBlock} role={role as Role | ParticipantRole}>
          <a href="/appointments">next</a>
        </ClosedNotice>
      </StringsProvider>,
    )
    await waitFor(() => screen.getByRole('note'))
    const [reason, step] = [...screen.getByRole('note').querySelectorAll('p')].map(p => p.textContent ?? '')
    expect(reason).toMatch(/\p{L}.+\.$/u)
    expect(step).toMatch(/\p{L}.+\.$/u)
    expect(screen.getByRole('link')).toBeTruthy()
    // Who writes for the patient is told what the patient is; a colleague cannot confirm an appointment.
    if (role === 'care_team' && block === 'appointment_not_confirmed') return
    const isPatientSide = role === 'patient' || role === 'proxy'
    const sideOf = (isPatients: boolean) => `${language} ${block} ${isPatients}`
    expect(steps.get(sideOf(isPatientSide)) ?? step).toBe(step)
    expect(steps.get(sideOf(!isPatientSide))).not.toBe(step)
    steps.set(sideOf(isPatientSide), step)
    // A reason belongs to one block and one language: no table was copied without being translated.
    const state = `${language} ${block}`
    expect(shown.get(reason ?? '') ?? state).toBe(state)
    shown.set(reason ?? '', state)
  })
})
