import { useText } from '@bedside/react'

export function AppointmentSkeleton() {
  const { strings } = useText()
  return (
    <div role="status" className="mt-6">
      <span className="sr-only">{strings.appointment.loading}</span>
      <div aria-hidden className="skeleton grid gap-4 lg:grid-cols-2">
        <div className="grid gap-4 rounded-card border border-line bg-surface p-6 lg:col-span-2">
          <div className="h-5 w-40 rounded-lg bg-sunken" />
          <div className="h-5 w-3/5 rounded-lg bg-sunken" />
          <div className="h-5 w-2/5 rounded-lg bg-sunken" />
        </div>
        {['chat', 'people'].map(card => (
          <div key={card} className="grid gap-4 rounded-card border border-line bg-surface p-6">
            <div className="h-5 w-24 rounded-lg bg-sunken" />
            <div className="h-5 w-3/5 rounded-lg bg-sunken" />
          </div>
        ))}
      </div>
    </div>
  )
}
