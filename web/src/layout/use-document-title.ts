import { useText } from '@bedside/react'
import { useEffect } from 'react'

/** The tab's title: what is unread and which page. Never a person's name: titles end up in histories and on projectors. */
export function useDocumentTitle(page: string, unread = 0) {
  const { strings } = useText()
  useEffect(() => {
    const title = `${page} · ${strings.app.name}`
    document.title = unread > 0 ? strings.app.titleWithUnread(unread, title) : title
  }, [page, unread, strings])
}
