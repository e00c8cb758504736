import type { AppointmentStatus } from '@bedside/core'
import { useText } from '@bedside/react'
import { CalendarX, CircleCheck, CircleDot, CircleX, Clock3, type LucideIcon } from 'lucide-react'

const looks: Record<AppointmentStatus, { Icon: LucideIcon; tone: string }> = {
  requested: { Icon: Clock3, tone: 'bg-warning-soft text-warning' },
  confirmed: { Icon: CircleCheck, tone: 'bg-soft text-on-soft' },
  in_progress: { Icon: CircleDot, tone: 'bg-accent text-on-accent' },
  completed: { Icon: CircleCheck, tone: 'bg-sunken text-muted' },
  cancelled: { Icon: CircleX, tone: 'bg-danger-soft text-danger' },
  no_show: { Icon: CalendarX, tone: 'bg-danger-soft text-danger' },
}

export function StatusChip({ status }: { status: AppointmentStatus }) {
  const { strings } = useText()
  const { Icon, tone } = looks[status]
  return (
    <span
      data-state={status}
      className={`inline-flex min-h-7 items-center gap-1.5 rounded-full border border-transparent px-2.5 text-[0.9375rem] font-semibold ${tone}`}
    >
      <Icon aria-hidden className="size-4" />
      {strings.appointment.statuses[status]}
    </span>
  )
}
