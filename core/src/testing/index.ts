/** For tests of core and of the packages above it: an environment and a clinic without a machine or a network. */

export { openChatService } from '../chat-service.ts'
export { openSession } from '../session.ts'
export {
  APPOINTMENT,
  calm,
  createFakeClinic,
  DOCTOR,
  type FakeClinic,
  OUTSIDER,
  PATIENT,
} from './fake-clinic.ts'
export { createFakeTransport, type FakeTransport, PASSWORD } from './fake-transport.ts'
export {
  createVirtualClock,
  createVirtualEnv,
  flushPromises,
  type VirtualClock,
  type VirtualEnv,
} from './virtual-env.ts'
