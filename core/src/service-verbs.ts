/** What a person asks of the clinic now and then, apart from a room: one call each. */
import type { ChatService } from './api.ts'
import type { Env } from './env.ts'
import type { Appointment } from './records.ts'
import type { Transport } from './transport.ts'

type ServiceVerbs = Pick<
  ChatService,
  | 'setAppointmentStatus'
  | 'clinic'
  | 'consent'
  | 'acceptConsent'
  | 'publishConsent'
  | 'colleagues'
  | 'quickReplies'
  | 'setOutOfOffice'
  | 'clearOutOfOffice'
  | 'outOfOffice'
>

export function createServiceVerbs(
  { env, transport }: { env: Env; transport: Transport },
  service: {
    /** @throws ChatError once the service is closed. */
    check(): void
    onAppointment(appointment: Appointment): void
    /** Where one may write is another matter now. */
    onConsent(): void
  },
): ServiceVerbs {
  const { check } = service
  return {
    setAppointmentStatus: async (appointmentId, status, reason = null) => {
      check()
      const appointment = await transport.setAppointmentStatus({ appointmentId, status, reason })
      service.onAppointment(appointment)
      return appointment
    },
    clinic: async (options = {}) => {
      check()
      return await transport.getClinic(options)
    },
    consent: async (options = {}) => {
      check()
      return await transport.getConsent(options)
    },
    acceptConsent: async consent => {
      check()
      const accepted = await transport.acceptConsent(consent)
      service.onConsent()
      return accepted
    },
    publishConsent: async texts => {
      check()
      return await transport.publishConsent({ texts })
    },
    colleagues: async (options = {}) => {
      check()
      return await transport.listColleagues(options)
    },
    quickReplies: {
      list: async (options = {}) => {
        check()
        return await transport.listQuickReplies(options)
      },
      save: async ({ id = env.randomId(), title, body, locale = null, isShared = false }) => {
        check()
        return await transport.saveQuickReply({ id, title, body, locale, isShared })
      },
      delete: async id => {
        check()
        await transport.deleteQuickReply(id)
      },
    },
    setOutOfOffice: async ({ backAt, startsAt = null, note = null }) => {
      check()
      return await transport.setOutOfOffice({ backAt, startsAt, note })
    },
    clearOutOfOffice: async () => {
      check()
      await transport.clearOutOfOffice()
    },
    outOfOffice: async (options = {}) => {
      check()
      return await transport.getOutOfOffice(options)
    },
  }
}
