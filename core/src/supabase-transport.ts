/**
 * Supabase behind core's `Transport`. With its folder the only place that imports supabase-js or names a function or
 * a topic of the database. docs/architecture.md is the contract that it speaks.
 */
import { PostgrestClient } from '@supabase/postgrest-js'
import { RealtimeClient, type WebSocketLikeConstructor } from '@supabase/supabase-js'
import type { AbortSignalLike, Cancellable } from './api.ts'
import { ChatError } from './chat-error.ts'
import type { Env } from './env.ts'
import { createAuth } from './supabase-transport/auth.ts'
import { createApiFetch, createLine, typedFor } from './supabase-transport/bounded-fetch.ts'
import { createChannels } from './supabase-transport/channels.ts'
import type { Database } from './supabase-transport/database.types.ts'
import { toChatError } from './supabase-transport/failures.ts'
import { HEARTBEAT_MS, watchHeartbeat } from './supabase-transport/heartbeat.ts'
import { type CamelKeys, nullable, read, type Schema, snake } from './supabase-transport/schema.ts'
import { createSocket, watchSockets } from './supabase-transport/socket.ts'
import {
  appointmentDetailSchema,
  appointmentPageSchema,
  appointmentSchema,
  changePageSchema,
  cursorsSchema,
  messagePageSchema,
  messageSchema,
  openedRoomSchema,
  profileSchema,
  roomChangeSchema,
} from './supabase-transport/wire.ts'
import {
  accessLogPageSchema,
  changedSchema,
  clinicSchema,
  consentSchema,
  nothingSchema,
  outOfOfficeSchema,
  participantsSchema,
  peopleSchema,
  quickRepliesSchema,
  quickReplySchema,
  receiptTimesSchema,
  replyCheckSchema,
  roomPageSchema,
  searchPageSchema,
  versionsSchema,
} from './supabase-transport/wire-verbs.ts'
import type { Transport } from './transport.ts'

export interface SupabaseConfig {
  /** The project's address, without a path. */
  url: string
  /** The publishable (anon) key. */
  key: string
  env: Env
  /** Under which name the tokens are kept. Two sessions on one page need two. */
  storageKey?: string
}

type Functions = Database['public']['Functions']
type FunctionName = keyof Functions
type ArgsOf<Name extends FunctionName> = Functions[Name]['Args']

/** What supabase-js is about to ask. */
interface Question {
  abortSignal(signal: never): Question
  throwOnError(): PromiseLike<{ data: unknown }>
}

/** realtime-js must never reconnect of its own accord. The longest time that a timer takes. */
const NEVER_MS = 2 ** 31 - 1

export function createSupabaseTransport(config: SupabaseConfig): Transport {
  const { key, env } = config
  const url = config.url.replace(/\/+$/u, '')
  const auth = createAuth({ url, key, env, storageKey: config.storageKey ?? 'bedside-session' })
  const watch = watchSockets(env.network.WebSocket)
  const line = createLine(env)
  const bounded = createApiFetch(env, line)
  const api = new PostgrestClient<Database>(`${url}/rest/v1`, {
    headers: { apikey: key },
    fetch: typedFor(async (input, init) => {
      const headers = { ...(init?.headers as object), authorization: `Bearer ${await auth.token()}` }
      return bounded(input, { ...init, headers })
    }),
  })
  const realtime = new RealtimeClient(`${url.replace(/^http/u, 'ws')}/realtime/v1`, {
    params: { apikey: key },
    // realtime-js's own description of a socket names types of the web that core does not have.
    transport: watch.WebSocket as unknown as WebSocketLikeConstructor,
    ...(env.network.heartbeatWorkerUrl === null
      ? {}
      : { worker: true, workerUrl: env.network.heartbeatWorkerUrl }),
    heartbeatIntervalMs: HEARTBEAT_MS,
    reconnectAfterMs: () => NEVER_MS,
  })
  const isOnline = () => env.online.current
  const channels = createChannels({ realtime, auth, isOnline, socket: createSocket(env, realtime, watch) })
  const unwatchHeartbeat = watchHeartbeat(env, realtime, watch, () => {
    channels.dropAll()
    // They went the same way: each would keep what waits behind it until its own time is over.
    line.doubt()
  })
  const unwatchAuth = auth.onChange(change => {
    if (change.is === 'token-refreshed')
      void auth.token().then(
        token => realtime.setAuth(token),
        () => {},
      )
  })

  async function request(ask: () => Question, signal: AbortSignalLike | undefined): Promise<unknown> {
    if (signal?.aborted) throw new ChatError('cancelled')
    const asked = ask()
    try {
      // What core knows of a signal is all that is used of it.
      const { data } = await (signal ? asked.abortSignal(signal as never) : asked).throwOnError()
      return data
    } catch (cause) {
      throw signal?.aborted ? new ChatError('cancelled') : toChatError(cause, isOnline())
    }
  }

  /** A token that is refused although it should be good is renewed once. If that does not help, it is over. */
  async function requestSignedIn(ask: () => Question, signal?: AbortSignalLike): Promise<unknown> {
    try {
      return await request(ask, signal)
    } catch (error) {
      if (!(error instanceof ChatError) || error.kind !== 'not-signed-in') throw error
    }
    try {
      await auth.renewToken()
      return await request(ask, signal)
    } catch (error) {
      if (error instanceof ChatError && error.kind === 'not-signed-in') await auth.forget()
      throw error
    }
  }

  async function call<Name extends FunctionName, T>(
    name: Name,
    args: ArgsOf<Name>,
    schema: Schema<T>,
    signal?: AbortSignalLike,
  ): Promise<T> {
    const answer = read(schema, await requestSignedIn(() => api.rpc(name, args), signal))
    if (!answer) throw new ChatError('protocol', { detail: name })
    return answer.value
  }

  /** A verb whose arguments are the function's, in core's words. */
  const asks =
    <Name extends FunctionName, T>(name: Name, schema: Schema<T>) =>
    ({ signal, ...query }: CamelKeys<ArgsOf<Name>> & Cancellable) =>
      call(name, snake(query) as ArgsOf<Name>, schema, signal)

  return {
    auth,
    getProfile: () => call('get_profile', {}, profileSchema),
    async setLocale(locale, userId) {
      const own = () => api.from('profiles').update({ locale }).eq('id', userId).select('id')
      // What a policy does not let one change is no error there, but nothing.
      if (read(changedSchema, await requestSignedIn(own))?.value.length !== 1)
        throw new ChatError('forbidden', { detail: 'profiles' })
    },
    listAppointments: ({ scope, after, pageSize }) =>
      call(
        'list_appointments',
        { scope, after_starts_at: after?.startsAt ?? null, after_id: after?.id ?? null, page_size: pageSize },
        appointmentPageSchema,
      ),
    getAppointment: asks('get_appointment', appointmentDetailSchema),
    openRoom: appointmentId => call('open_room', { appointment_id: appointmentId }, openedRoomSchema),
    sendMessage: asks('send_message', messageSchema),
    listMessages: asks('list_messages', messagePageSchema),
    listChanges: asks('list_changes', changePageSchema),
    markRead: asks('mark_read', cursorsSchema),
    editMessage: asks('edit_message', messageSchema),
    retractMessage: asks('retract_message', messageSchema),
    listMessageVersions: asks('list_message_versions', versionsSchema),
    listReceipts: asks('list_receipts', receiptTimesSchema),
    searchMessages: asks('search_messages', searchPageSchema),
    addParticipant: asks('add_participant', participantsSchema),
    removeParticipant: asks('remove_participant', participantsSchema),
    setRoomStatus: asks('set_room_status', roomChangeSchema),
    setPatientMayReply: asks('set_patient_may_reply', roomChangeSchema),
    muteRoom: ({ roomId, until }) =>
      call('mute_room', { room_id: roomId, muted_until: until }, nothingSchema),
    saveDraft: asks('save_draft', nothingSchema),
    checkReply: asks('can_reply', replyCheckSchema),
    listAccessLog: asks('list_access_log', accessLogPageSchema),
    setAppointmentStatus: asks('set_appointment_status', appointmentSchema),
    listRooms: ({ after, pageSize }) =>
      call(
        'list_rooms',
        {
          before_message_at: after?.lastMessageAt ?? null,
          before_id: after?.id ?? null,
          page_size: pageSize,
        },
        roomPageSchema,
      ),
    getClinic: asks('get_clinic', clinicSchema),
    getConsent: asks('get_consent', consentSchema),
    acceptConsent: asks('accept_consent', consentSchema),
    publishConsent: asks('publish_consent', consentSchema),
    listColleagues: asks('list_colleagues', peopleSchema),
    listQuickReplies: asks('list_quick_replies', quickRepliesSchema),
    saveQuickReply: asks('save_quick_reply', quickReplySchema),
    deleteQuickReply: id => call('delete_quick_reply', { id }, nothingSchema),
    setOutOfOffice: asks('set_out_of_office', outOfOfficeSchema),
    clearOutOfOffice: () => call('clear_out_of_office', {}, nothingSchema),
    getOutOfOffice: asks('get_out_of_office', nullable(outOfOfficeSchema)),
    join: channels.join,
    joinLive: channels.joinLive,
    dropSocket: channels.dropAll,
    close() {
      unwatchAuth()
      unwatchHeartbeat()
      channels.dropAll()
      auth.close()
    },
  }
}
