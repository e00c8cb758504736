/** Bedside for React: hooks, components, and the browser's side of core's `env`. */
export { type BrowserEnv, createBrowserEnv } from './browser-env.ts'
export { Avatar } from './components/avatar.tsx'
export { AwayNotice, type AwayNoticeProps } from './components/away-notice.tsx'
export { ChatInterface, type ChatInterfaceProps } from './components/chat-interface.tsx'
export { type ChatItem, createItemReader, type ItemOptions } from './components/chat-items.ts'
export { type ChatPlace, chatPlace, type Way } from './components/chat-place.ts'
export { ChatRow, type ChatRowProps } from './components/chat-row.tsx'
export { ClosedNotice, type ClosedNoticeProps } from './components/closed-notice.tsx'
export { Composer, type ComposerProps, type Target } from './components/composer.tsx'
export { ConnectionStatus, type ConnectionStatusProps } from './components/connection-status.tsx'
export { DateLine } from './components/date-line.tsx'
export { EmergencyNotice, type EmergencyNoticeProps } from './components/emergency-notice.tsx'
export { EmptyState, type EmptyStateProps } from './components/empty-state.tsx'
export { ErrorBoundary, type ErrorBoundaryProps } from './components/error-boundary.tsx'
export { LinkedText } from './components/linked-text.tsx'
export { MessageActions, type MessageActionsProps, type MessageVerbs } from './components/message-actions.tsx'
export { MessageBubble, type MessageBubbleProps } from './components/message-bubble.tsx'
export { MessageInput, type MessageInputProps } from './components/message-input.tsx'
export { MessageList, type MessageListProps } from './components/message-list.tsx'
export { OutgoingActions, type OutgoingActionsProps } from './components/outgoing-actions.tsx'
export { PresenceDot } from './components/presence-dot.tsx'
export { QuickReplies, type QuickRepliesProps } from './components/quick-replies.tsx'
export { ReceiptMark, type ReceiptMarkState } from './components/receipt-mark.tsx'
export { roleLabel } from './components/role-label.ts'
export { takeFocus } from './components/take-focus.ts'
export { TypingIndicator, type TypingIndicatorProps } from './components/typing-indicator.tsx'
export { UnreadLine } from './components/unread-line.tsx'
export { type AppointmentVerbs, type OneAppointment, useAppointment } from './hooks/use-appointment.ts'
export { type Appointments, useAppointments } from './hooks/use-appointments.ts'
export { type Chat, type ChatVerbs, useChat } from './hooks/use-chat.ts'
export { useClinic } from './hooks/use-clinic.ts'
export { useConnection } from './hooks/use-connection.ts'
export { usePresence } from './hooks/use-presence.ts'
export { type Rooms, useRooms } from './hooks/use-rooms.ts'
export { useSession } from './hooks/use-session.ts'
export { useStore } from './hooks/use-store.ts'
export { useTyping } from './hooks/use-typing.ts'
export { type ClinicTime, ClinicZone, useClinicTime } from './strings/clinic-time.tsx'
export type { DateFormat } from './strings/date-format.ts'
export type { BlockText, Strings } from './strings/en.ts'
export { isolate } from './strings/isolate.ts'
export {
  type Direction,
  directionOf,
  fetchLanguage,
  type Language,
  languageNames,
  languageOf,
  shownLocale,
} from './strings/languages.ts'
export {
  deviceTimeZone,
  StringsProvider,
  type StringsProviderProps,
  type Text,
  useText,
} from './strings/strings-provider.tsx'
