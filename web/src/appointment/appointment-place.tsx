import type { Appointment, AppointmentMode } from '@bedside/core'
import { useText } from '@bedside/react'
import { type LucideIcon, MapPin, Phone, Video } from 'lucide-react'

const icons: Record<AppointmentMode, LucideIcon> = { in_person: MapPin, video: Video, phone: Phone }

/** How and where, in one line. */
export function AppointmentPlace({
  appointment,
  className = '',
}: {
  appointment: Appointment
  className?: string
}) {
  const { strings } = useText()
  const Icon = icons[appointment.mode]
  return (
    <p className={`flex items-start gap-2 ${className}`}>
      <Icon aria-hidden className="mt-0.5 size-4.5 flex-none text-muted" />
      <span className="min-w-0 wrap-anywhere">
        {strings.appointment.modes[appointment.mode]}
        {/* A video link is for the chat's page, where it can be opened. */}
        {appointment.location !== null && appointment.mode !== 'video' && (
          <>
            {' · '}
            <bdi>{appointment.location}</bdi>
          </>
        )}
      </span>
    </p>
  )
}
