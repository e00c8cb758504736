import { useText } from '@bedside/react'

export function AppointmentsSkeleton() {
  const { strings } = useText()
  return (
    <div role="status" className="mt-7">
      <span className="sr-only">{strings.appointments.loading}</span>
      <div aria-hidden className="skeleton">
        <div className="mb-3 h-6 w-40 rounded-lg bg-sunken" />
        <div className="grid gap-3">
          {['a', 'b', 'c'].map(row => (
            <div key={row} className="flex gap-5 rounded-card border border-line bg-surface p-5">
              <div className="h-12 w-20 rounded-lg bg-sunken" />
              <div className="grid flex-1 gap-3">
                <div className="h-5 w-2/5 rounded-lg bg-sunken" />
                <div className="h-4 w-3/5 rounded-lg bg-sunken" />
                <div className="h-7 w-32 rounded-full bg-sunken" />
              </div>
            </div>
          ))}
        </div>
      </div>
    </div>
  )
}
