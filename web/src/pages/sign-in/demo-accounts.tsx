import type { Role } from '@bedside/core'
import { Avatar, isolate, useText } from '@bedside/react'
import { ChevronRight } from 'lucide-react'
import type { DemoAccount } from '../../config.ts'
import type { SignIn } from './use-sign-in.ts'

/** One click to be somebody of the demo clinic. The server names these accounts; a real clinic's names none. */
export function DemoAccounts({ accounts, signIn }: { accounts: DemoAccount[]; signIn: SignIn }) {
  const { strings } = useText()
  return (
    <section className="rounded-card border border-line bg-surface p-5 shadow-card sm:p-8">
      <h2 className="text-xl font-bold tracking-tight">{strings.signIn.demoTitle}</h2>
      <p className="mt-1 text-muted">{strings.signIn.demoHelp}</p>
      <ul className="mt-4 grid grid-cols-1 gap-2">
        {accounts.map(account => {
          const role = knownRole(account.role)
          return (
            <li key={account.email}>
              <button
                type="button"
                aria-label={strings.signIn.demoSignIn(isolate(account.label))}
                aria-disabled={signIn.isBusy}
                onClick={() => signIn.submit(account.email, account.password)}
                className="group flex min-h-15 w-full cursor-pointer items-center gap-3 rounded-xl border border-line px-3 py-2 text-start hover:border-accent hover:bg-soft hover:text-on-soft"
              >
                <Avatar name={account.label} role={role ?? 'patient'} />
                <span className="flex min-w-0 flex-1 flex-col items-start leading-snug">
                  <span dir="auto" className="max-w-full font-semibold wrap-anywhere">
                    {account.label}
                  </span>
                  <span className="text-[0.9375rem] text-muted group-hover:text-on-soft">
                    {role ? strings.roles[role] : account.role}
                  </span>
                </span>
                <ChevronRight aria-hidden className="icon-directional size-5 flex-none text-muted" />
              </button>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

function knownRole(role: string): Role | null {
  return role === 'patient' || role === 'doctor' || role === 'admin' ? role : null
}
