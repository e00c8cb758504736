/**
 * Supabase behind core's `Transport`. With its folder the only place that imports supabase-js or names a function or
 * a topic of the database. docs/architecture.md is the contract that it speaks.
 */
import { createClient, type WebSocketLikeConstructor } from '@supabase/supabase-js'
import * as v from 'valibot'
import type { AbortSignalLike } from './api.ts'
import { ChatError } from './chat-error.ts'
import type { Env } from './env.ts'
import { createAuth } from './supabase-transport/auth.ts'
import { createApiFetch, type OpenRequest } from './supabase-transport/bounded-fetch.ts'
import { createChannels } from './supabase-transport/channels.ts'
import type { Database } from './supabase-transport/database.types.ts'
import { toChatError } from './supabase-transport/failures.ts'
import { ANSWER_WITHIN_MS, HEARTBEAT_MS, watchHeartbeat } from './supabase-transport/heartbeat.ts'
import { createSocket, watchSockets } from './supabase-transport/socket.ts'
import {
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
  clinicSchema,
  nothingSchema,
  outOfOfficeSchema,
  participantsSchema,
  peopleSchema,
  quickRepliesSchema,
  quickReplySchema,
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

/** realtime-js must never reconnect of its own accord. The longest time that a timer takes. */
const NEVER_MS = 2 ** 31 - 1

export function createSupabaseTransport(config: SupabaseConfig): Transport {
  const { key, env } = config
  const url = config.url.replace(/\/+$/u, '')
  const auth = createAuth({ url, key, env, storageKey: config.storageKey ?? 'bedside-session' })
  const watch = watchSockets(env.network.WebSocket)
  const openRequests = new Set<OpenRequest>()
  let isConstructed = false
  const client = createClient<Database>(url, key, {
    // While supabase-js is being made there is nobody signed in, and it would write a failure to the console.
    accessToken: async () => (isConstructed ? await auth.token() : null),
    global: { fetch: createApiFetch(env, openRequests) },
    realtime: {
      // realtime-js's own description of a socket names types of the web that core does not have.
      transport: watch.WebSocket as unknown as WebSocketLikeConstructor,
      ...(env.network.heartbeatWorkerUrl === null
        ? {}
        : { worker: true, workerUrl: env.network.heartbeatWorkerUrl }),
      heartbeatIntervalMs: HEARTBEAT_MS,
      reconnectAfterMs: () => NEVER_MS,
    },
  })
  isConstructed = true
  const { realtime } = client
  const isOnline = () => env.online.current
  const channels = createChannels({ realtime, auth, isOnline, socket: createSocket(env, realtime, watch) })
  const unwatchHeartbeat = watchHeartbeat(env, realtime, watch, () => {
    channels.dropAll()
    // They went the same way, and would keep what waits behind them for as long again.
    for (const each of [...openRequests]) if (env.now() - each.since >= ANSWER_WITHIN_MS) each.giveUp()
  })
  const unwatchAuth = auth.onChange(change => {
    if (change.is === 'token-refreshed')
      void auth.token().then(
        token => realtime.setAuth(token),
        () => {},
      )
  })

  async function request<Name extends FunctionName>(
    name: Name,
    args: ArgsOf<Name>,
    signal: AbortSignalLike | undefined,
  ): Promise<unknown> {
    if (signal?.aborted) throw new ChatError('cancelled')
    const asked = client.rpc(name, args)
    try {
      // What core knows of a signal is all that is used of it.
      const { data } = await (signal ? asked.abortSignal(signal as never) : asked).throwOnError()
      return data
    } catch (cause) {
      throw signal?.aborted ? new ChatError('cancelled') : toChatError(cause, isOnline())
    }
  }

  /** A token that is refused although it should be good is renewed once. If that does not help, it is over. */
  async function requestSignedIn<Name extends FunctionName>(
    name: Name,
    args: ArgsOf<Name>,
    signal: AbortSignalLike | undefined,
  ): Promise<unknown> {
    try {
      return await request(name, args, signal)
    } catch (error) {
      if (!(error instanceof ChatError) || error.kind !== 'not-signed-in') throw error
    }
    try {
      await auth.renewToken()
      return await request(name, args, signal)
    } catch (error) {
      if (error instanceof ChatError && error.kind === 'not-signed-in') await auth.forget()
      throw error
    }
  }

  async function call<Name extends FunctionName, Schema extends v.GenericSchema>(
    name: Name,
    args: ArgsOf<Name>,
    schema: Schema,
    signal?: AbortSignalLike,
  ): Promise<v.InferOutput<Schema>> {
    const parsed = v.safeParse(schema, await requestSignedIn(name, args, signal))
    if (!parsed.success) throw new ChatError('protocol', { detail: name })
    return parsed.output
  }

  return {
    auth,
    getProfile: () => call('get_profile', {}, profileSchema),
    listAppointments: ({ scope, after, pageSize }) =>
      call(
        'list_appointments',
        {
          scope,
          after_starts_at: after?.startsAt ?? null,
          after_id: after?.id ?? null,
          page_size: pageSize,
        },
        appointmentPageSchema,
      ),
    openRoom: appointmentId => call('open_room', { appointment_id: appointmentId }, openedRoomSchema),
    sendMessage: ({ id, roomId, body, replyTo }) =>
      call('send_message', { id, room_id: roomId, body, reply_to: replyTo }, messageSchema),
    listMessages: ({ roomId, beforeSeq, afterSeq, pageSize }) =>
      call(
        'list_messages',
        {
          room_id: roomId,
          before_seq: beforeSeq ?? null,
          after_seq: afterSeq ?? null,
          page_size: pageSize,
        },
        messagePageSchema,
      ),
    listChanges: ({ roomId, afterChange, pageSize }) =>
      call(
        'list_changes',
        { room_id: roomId, after_change: afterChange, page_size: pageSize },
        changePageSchema,
      ),
    markRead: ({ roomId, readSeq, deliveredSeq }) =>
      call('mark_read', { room_id: roomId, read_seq: readSeq, delivered_seq: deliveredSeq }, cursorsSchema),
    editMessage: ({ roomId, messageId, body }) =>
      call('edit_message', { room_id: roomId, message_id: messageId, body }, messageSchema),
    retractMessage: ({ roomId, messageId }) =>
      call('retract_message', { room_id: roomId, message_id: messageId }, messageSchema),
    listMessageVersions: ({ roomId, messageId, signal }) =>
      call('list_message_versions', { room_id: roomId, message_id: messageId }, versionsSchema, signal),
    searchMessages: ({ roomId, query, beforeSeq, pageSize, signal }) =>
      call(
        'search_messages',
        { room_id: roomId, query, before_seq: beforeSeq, page_size: pageSize },
        searchPageSchema,
        signal,
      ),
    addParticipant: ({ roomId, userId, role }) =>
      call('add_participant', { room_id: roomId, user_id: userId, role }, participantsSchema),
    removeParticipant: ({ roomId, userId }) =>
      call('remove_participant', { room_id: roomId, user_id: userId }, participantsSchema),
    setRoomStatus: ({ roomId, status }) =>
      call('set_room_status', { room_id: roomId, status }, roomChangeSchema),
    setPatientMayReply: ({ roomId, mayReply }) =>
      call('set_patient_may_reply', { room_id: roomId, may_reply: mayReply }, roomChangeSchema),
    muteRoom: ({ roomId, until }) =>
      call('mute_room', { room_id: roomId, muted_until: until }, nothingSchema),
    saveDraft: ({ roomId, body, replyTo }) =>
      call('save_draft', { room_id: roomId, body, reply_to: replyTo }, nothingSchema),
    checkReply: ({ roomId, signal }) => call('can_reply', { room_id: roomId }, replyCheckSchema, signal),
    listAccessLog: ({ roomId, beforeN, pageSize, signal }) =>
      call(
        'list_access_log',
        { room_id: roomId, before_n: beforeN, page_size: pageSize },
        accessLogPageSchema,
        signal,
      ),
    setAppointmentStatus: ({ appointmentId, status, reason }) =>
      call('set_appointment_status', { appointment_id: appointmentId, status, reason }, appointmentSchema),
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
    getClinic: ({ signal }) => call('get_clinic', {}, clinicSchema, signal),
    listColleagues: ({ signal }) => call('list_colleagues', {}, peopleSchema, signal),
    listQuickReplies: ({ signal }) => call('list_quick_replies', {}, quickRepliesSchema, signal),
    saveQuickReply: ({ isShared, ...reply }) =>
      call('save_quick_reply', { ...reply, is_shared: isShared }, quickReplySchema),
    deleteQuickReply: id => call('delete_quick_reply', { id }, nothingSchema),
    setOutOfOffice: ({ backAt, startsAt, note }) =>
      call('set_out_of_office', { back_at: backAt, starts_at: startsAt, note }, outOfOfficeSchema),
    clearOutOfOffice: () => call('clear_out_of_office', {}, nothingSchema),
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
