import { PhoneCall } from 'lucide-react'
import { useText } from '../strings/strings-provider.tsx'

export function EmergencyNotice() {
  const { strings } = useText()
  return (
    <p className="bs-emergency">
      <PhoneCall aria-hidden className="bs-icon-sm" />
      <span>
        <strong>{strings.emergency.title}</strong> {strings.emergency.text}
      </span>
    </p>
  )
}
