import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { useText } from '../strings/strings-provider.tsx'

/** The clipboard is there on secure pages only. */
export function CopyButton({ text }: { text: string }) {
  const { strings } = useText()
  const [isCopied, setIsCopied] = useState(false)
  if (navigator.clipboard === undefined) return null
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setIsCopied(true),
      () => setIsCopied(false),
    )
  const Icon = isCopied ? Check : Copy
  return (
    <button type="button" className="bs-button" onClick={copy}>
      <Icon aria-hidden className="bs-icon-sm" />
      {isCopied ? strings.actions.copied : strings.actions.copy}
    </button>
  )
}
