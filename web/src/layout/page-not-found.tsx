import { useText } from '@bedside/react'
import { Link } from '@tanstack/react-router'
import { SearchX } from 'lucide-react'
import { FullPageNotice } from './full-page-notice.tsx'
import { useDocumentTitle } from './use-document-title.ts'

export function PageNotFound() {
  const { strings } = useText()
  useDocumentTitle(strings.app.pageNotFound)
  return (
    <FullPageNotice icon={<SearchX />} title={strings.app.pageNotFound}>
      <Link to="/appointments" className="bs-button mt-2" data-tone="accent">
        {strings.chat.backToAppointments}
      </Link>
    </FullPageNotice>
  )
}
