import type { ChatService, Profile, Session } from '@bedside/core'
import { createContext, useContext } from 'react'
import type { Config } from './config.ts'
import type { Activity } from './idle/activity.ts'
import type { DeviceLanguage } from './language/device-language.ts'

export interface AppContextValue {
  session: Session
  config: Config
  activity: Activity
  deviceLanguage: DeviceLanguage
}

export const AppContext = createContext<AppContextValue | null>(null)

export function useApp(): AppContextValue {
  const app = useContext(AppContext)
  if (app === null) throw new Error('useApp outside of <App>')
  return app
}

export interface SignedIn {
  profile: Profile
  chat: ChatService
}

export const SignedInContext = createContext<SignedIn | null>(null)

/** For pages behind the sign-in only. */
export function useSignedIn(): SignedIn {
  const signedIn = useContext(SignedInContext)
  if (signedIn === null) throw new Error('useSignedIn outside of the signed-in layout')
  return signedIn
}
