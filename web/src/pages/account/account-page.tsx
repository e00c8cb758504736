/** What belongs to the person rather than to an appointment: language, devices, password, what they agreed to. */
import { Avatar, roleLabel, useText } from '@bedside/react'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useApp, useSignedIn } from '../../app-context.tsx'
import { LanguagePicker } from '../../language/language-picker.tsx'
import { AppHeader } from '../../layout/app-header.tsx'
import { PageHeading } from '../../layout/page-heading.tsx'
import { useDocumentTitle } from '../../layout/use-document-title.ts'
import { OutOfOffice } from './out-of-office.tsx'
import { SignOutEverywhere } from './sign-out-everywhere.tsx'

export function AccountPage() {
  const { strings } = useText()
  const { config, session } = useApp()
  const { chat, profile } = useSignedIn()
  useDocumentTitle(strings.account.title)
  return (
    <>
      <AppHeader />
      <main id="main" className="mx-auto max-w-3xl px-4 pt-6 pb-16 sm:px-6 sm:pt-10">
        <PageHeading className="text-3xl font-bold tracking-tight">{strings.account.title}</PageHeading>
        <div className="mt-5 flex items-center gap-3">
          <Avatar name={profile.displayName} role={profile.role} />
          <p className="min-w-0 leading-snug">
            <span dir="auto" className="block font-semibold wrap-anywhere">
              {profile.displayName}
            </span>
            <span className="block text-muted">{roleLabel(profile, strings)}</span>
          </p>
        </div>
        <Section title={strings.languagePicker.title} help={strings.languagePicker.help}>
          <LanguagePicker onChoose={locale => session.setLocale(locale)} />
        </Section>
        {profile.role === 'doctor' && (
          <Section title={strings.outOfOffice.title} help={strings.outOfOffice.help}>
            <OutOfOffice chat={chat} />
          </Section>
        )}
        <Section title={strings.account.devices} help={strings.account.devicesHelp}>
          <SignOutEverywhere session={session} />
        </Section>
        {config.passwordReset && (
          <Section title={strings.account.password} help={strings.account.passwordHelp}>
            <Link to="/forgot-password" className="bs-button mt-4">
              {strings.reset.title}
            </Link>
          </Section>
        )}
        {profile.role === 'patient' && (
          <Section title={strings.account.agreement} help={strings.account.agreementHelp}>
            <Link to="/consent" className="bs-button mt-4">
              {strings.account.readAgain}
            </Link>
          </Section>
        )}
        {profile.role === 'admin' && (
          <Section title={strings.publish.title} help={strings.publish.accountHelp}>
            <Link to="/consent/publish" className="bs-button mt-4">
              {strings.publish.open}
            </Link>
          </Section>
        )}
        <p className="mt-8">
          <Link to="/appointments" className="bs-button">
            {strings.chat.backToAppointments}
          </Link>
        </p>
      </main>
    </>
  )
}

function Section({ title, help, children }: { title: string; help: string; children: ReactNode }) {
  return (
    <section className="mt-6 rounded-card border border-line bg-surface p-5 shadow-card sm:p-8">
      <h2 className="text-xl font-bold tracking-tight">{title}</h2>
      <p className="mt-2 max-w-prose">{help}</p>
      {children}
    </section>
  )
}
