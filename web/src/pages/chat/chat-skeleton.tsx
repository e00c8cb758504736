import { useText } from '@bedside/react'

export function ChatSkeleton() {
  const { strings } = useText()
  return (
    <div role="status" className="h-full">
      <span className="sr-only">{strings.chat.loading}</span>
      <div aria-hidden className="skeleton mx-auto flex h-full max-w-[54rem] flex-col justify-end gap-4 p-6">
        <div className="h-16 w-3/5 rounded-card bg-sunken" />
        <div className="h-12 w-2/5 rounded-card bg-sunken" />
        <div className="h-20 w-1/2 self-end rounded-card bg-soft" />
        <div className="h-12 w-2/5 rounded-card bg-sunken" />
        <div className="mt-4 h-12 rounded-full border border-line bg-surface" />
      </div>
    </div>
  )
}
