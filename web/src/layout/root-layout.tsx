import { ErrorBoundary, useText } from '@bedside/react'
import { Outlet, useLocation } from '@tanstack/react-router'
import { PageBroken } from './page-broken.tsx'
import { usePageFocus } from './use-page-focus.ts'

export function RootLayout() {
  const { strings } = useText()
  const path = useLocation({ select: location => location.pathname })
  usePageFocus()
  return (
    <>
      <a
        href="#main"
        className="sr-only z-50 rounded-xl bg-accent px-5 py-3 font-semibold text-on-accent focus:not-sr-only focus:fixed focus:start-3 focus:top-3"
      >
        {strings.app.skipToContent}
      </a>
      <ErrorBoundary resetKey={path} fallback={() => <PageBroken />}>
        <Outlet />
      </ErrorBoundary>
    </>
  )
}
