import { Phone } from 'lucide-react'
import { isolateNumber } from '../strings/isolate.ts'
import { useText } from '../strings/strings-provider.tsx'

export function CallLink({ phone }: { phone: string }) {
  const { strings } = useText()
  return (
    <a className="bs-button bs-call" href={`tel:${phone.replace(/[^+\d]/gu, '')}`}>
      <Phone aria-hidden className="bs-icon-sm" />
      {strings.emergency.call(isolateNumber(phone))}
    </a>
  )
}
