// @vitest-environment happy-dom
import type { Appointment, AppointmentStatus, ChatService } from '@bedside/core'
import { ChatError } from '@bedside/core'
import { appointment } from '@bedside/react/testing'
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { AppointmentActions } from './appointment-actions.tsx'
import { appointmentSteps, type StepTaker } from './appointment-steps.ts'

afterEach(cleanup)

const AT = Date.parse('2026-11-23T14:30:00.000Z')
const startsAt = new Date(AT).toISOString()
const nobody = { patient: '', proxy: '', doctor: '', care_team: '', admin: '' }
const patientSide = { ...nobody, patient: 'cancelled', proxy: 'cancelled' }
const table: Record<AppointmentStatus, Record<StepTaker, string>> = {
  requested: { ...patientSide, doctor: 'confirmed cancelled', admin: 'confirmed cancelled' },
  confirmed: { ...patientSide, doctor: 'in_progress no_show cancelled', admin: 'no_show cancelled' },
  in_progress: { ...nobody, doctor: 'completed no_show cancelled', admin: 'no_show cancelled' },
  completed: nobody,
  cancelled: nobody,
  no_show: nobody,
}

describe('U44 the next steps of an appointment', () => {
  for (const [status, row] of Object.entries(table) as [AppointmentStatus, Record<StepTaker, string>][]) {
    test.each(Object.entries(row) as [StepTaker, string][])(`${status}, for %s: %s`, (role, steps) => {
      expect(appointmentSteps({ status, startsAt }, role, AT).join(' ')).toBe(steps)
      const before = appointmentSteps({ status, startsAt }, role, AT - 1).join(' ')
      expect(before).toBe(steps.replace('no_show ', ''))
    })
  }

  function show(change: Partial<Appointment>, role: StepTaker) {
    const setAppointmentStatus = vi.fn<ChatService['setAppointmentStatus']>(async () => appointment())
    const chat = { setAppointmentStatus } as Pick<ChatService, 'setAppointmentStatus'> as ChatService
    const onTaken = vi.fn()
    render(<AppointmentActions chat={chat} appointment={appointment(change)} role={role} onTaken={onTaken} />)
    const press = (name: string) => act(async () => fireEvent.click(screen.getByRole('button', { name })))
    return { setAppointmentStatus, onTaken, press }
  }

  test('are none where there is nothing to be done', () => {
    show({ status: 'completed' }, 'doctor')
    expect(document.body.textContent).toBe('')
  })

  test('say what they do to the chat before they are taken, and can be left', async () => {
    const { setAppointmentStatus, onTaken, press } = show({ status: 'requested' }, 'doctor')
    const focused = () => document.activeElement?.textContent
    await press('Confirm')
    expect(document.body.textContent).toContain('the chat opens')
    expect(focused()).toContain('the chat opens')
    await press('Go back')
    expect(focused()).toBe('Confirm')
    expect(setAppointmentStatus).not.toHaveBeenCalled()
    await press('Confirm')
    await press('Yes, confirm')
    expect(setAppointmentStatus).toHaveBeenCalledWith('a1', 'confirmed', null)
    expect(onTaken).toHaveBeenCalledOnce()
  })

  test('a cancellation takes its reason with it; what went wrong is said, and the words stay', async () => {
    const { setAppointmentStatus, press } = show({ status: 'confirmed' }, 'patient')
    setAppointmentStatus.mockRejectedValueOnce(new ChatError('offline'))
    await press('Cancel appointment')
    const reason = screen.getByRole<HTMLTextAreaElement>('textbox')
    fireEvent.change(reason, { target: { value: ' I am well again ' } })
    await press('Yes, cancel it')
    expect(setAppointmentStatus).toHaveBeenCalledWith('a1', 'cancelled', 'I am well again')
    expect(screen.getByRole('alert').textContent).toMatch(/You are offline/)
    expect(screen.getByRole<HTMLTextAreaElement>('textbox').value).toBe(' I am well again ')
    await press('Yes, cancel it')
    expect(setAppointmentStatus).toHaveBeenCalledTimes(2)
    expect(screen.queryByRole('alert')?.textContent ?? '').toBe('')
  })
})
