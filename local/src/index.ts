/** The embedded stack. Start reading at `start-local.ts`. */
export {
  AlreadyRunningError,
  DataDirError,
  ListenError,
  MigrationError,
  PortTakenError,
  PostgresError,
  StartError,
} from './errors.ts'
export type { LocalMail } from './gateway/mail.ts'
export type { DemoAccount } from './gateway/routes.ts'
export type { Gateway, GatewayOptions } from './gateway/start-gateway.ts'
export { type LocalOptions, type LocalStack, type StartStep, startLocal } from './start-local.ts'
