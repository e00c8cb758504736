/** Every address of the app and who may see it. Pages load when they are first visited. */
import type { Session } from '@bedside/core'
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  type RouterHistory,
  redirect,
} from '@tanstack/react-router'
import type { Activity } from './idle/activity.ts'
import { PageBroken } from './layout/page-broken.tsx'
import { PageNotFound } from './layout/page-not-found.tsx'
import { RootLayout } from './layout/root-layout.tsx'
import { SignedInLayout } from './layout/signed-in-layout.tsx'
import { Splash } from './layout/splash.tsx'
import { safeNext } from './safe-next.ts'

function nextOf(search: Record<string, unknown>): { next?: string } {
  const next = safeNext(search.next)
  return next === null ? {} : { next }
}

/** Which appointments; of the inbox perhaps only those in which somebody waits. */
interface ListSearch {
  show?: 'past' | 'inbox'
  only?: 'waiting'
}

export function createAppRouter(session: Session, activity: Activity, history?: RouterHistory) {
  const root = createRootRoute({ component: RootLayout, notFoundComponent: PageNotFound })

  const home = createRoute({
    getParentRoute: () => root,
    path: '/',
    beforeLoad: () => {
      throw redirect({ to: '/appointments', replace: true })
    },
  })

  const signIn = createRoute({
    getParentRoute: () => root,
    path: '/sign-in',
    validateSearch: nextOf,
    beforeLoad: ({ search }) => {
      if (session.current.is !== 'signed-in') return
      // A child's search is merged over the address's own: what validateSearch left out is still there.
      throw redirect({ href: safeNext(search.next) ?? '/appointments', replace: true })
    },
    component: lazyRouteComponent(() => import('./pages/sign-in/sign-in-page.tsx'), 'SignInPage'),
  })

  const forgotPassword = createRoute({
    getParentRoute: () => root,
    path: '/forgot-password',
    component: lazyRouteComponent(
      () => import('./pages/password/forgot-password-page.tsx'),
      'ForgotPasswordPage',
    ),
  })

  const setPassword = createRoute({
    getParentRoute: () => root,
    path: '/set-password',
    component: lazyRouteComponent(() => import('./pages/password/set-password-page.tsx'), 'SetPasswordPage'),
  })

  const signedIn = createRoute({
    getParentRoute: () => root,
    id: 'signed-in',
    component: SignedInLayout,
    beforeLoad: ({ location }) => {
      const state = session.current
      if (state.is !== 'signed-out') return
      // Who was signed off for doing nothing goes on where they were.
      const isWished = state.reason === 'signed-out' && activity.at !== 0
      const next = isWished ? null : safeNext(location.href)
      throw redirect({ to: '/sign-in', search: next === null ? {} : { next }, replace: true })
    },
  })

  const appointments = createRoute({
    getParentRoute: () => signedIn,
    path: '/appointments',
    validateSearch: ({ show, only }: Record<string, unknown>): ListSearch =>
      show === 'inbox' && only === 'waiting'
        ? { show, only }
        : show === 'past' || show === 'inbox'
          ? { show }
          : {},
    component: lazyRouteComponent(
      () => import('./pages/appointments/appointments-page.tsx'),
      'AppointmentsPage',
    ),
  })

  const appointment = createRoute({
    getParentRoute: () => signedIn,
    path: '/appointments/$appointmentId',
    component: lazyRouteComponent(
      () => import('./pages/appointment/appointment-page.tsx'),
      'AppointmentPage',
    ),
  })

  const chat = createRoute({
    getParentRoute: () => signedIn,
    path: '/appointments/$appointmentId/chat',
    component: lazyRouteComponent(() => import('./pages/chat/chat-page.tsx'), 'ChatPage'),
  })

  const consent = createRoute({
    getParentRoute: () => signedIn,
    path: '/consent',
    validateSearch: nextOf,
    component: lazyRouteComponent(() => import('./pages/consent/consent-page.tsx'), 'ConsentPage'),
  })

  const publishConsent = createRoute({
    getParentRoute: () => signedIn,
    path: '/consent/publish',
    component: lazyRouteComponent(
      () => import('./pages/publish-consent/publish-consent-page.tsx'),
      'PublishConsentPage',
    ),
  })

  const account = createRoute({
    getParentRoute: () => signedIn,
    path: '/account',
    component: lazyRouteComponent(() => import('./pages/account/account-page.tsx'), 'AccountPage'),
  })

  return createRouter({
    routeTree: root.addChildren([
      home,
      signIn,
      forgotPassword,
      setPassword,
      signedIn.addChildren([appointments, appointment, chat, consent, publishConsent, account]),
    ]),
    defaultPendingComponent: Splash,
    defaultErrorComponent: PageBroken,
    defaultPreload: 'intent',
    scrollRestoration: true,
    ...(history && { history }),
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>
  }
}
