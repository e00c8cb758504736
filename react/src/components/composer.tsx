/**
 * The place to write: a new message, an answer, or another text for an earlier message. What was begun before an edit is
 * still there after it.
 */
import {
  type Draft,
  isOnPatientSide,
  type Message,
  type QuickReply,
  type ReadyChat,
  type Store,
} from '@bedside/core'
import { useEffect, useState } from 'react'
import type { ChatVerbs } from '../hooks/use-chat.ts'
import { isolate } from '../strings/isolate.ts'
import { useText } from '../strings/strings-provider.tsx'
import { ComposerTarget } from './composer-target.tsx'
import { absenceOf } from './message-bubble.tsx'
import { MessageInput } from './message-input.tsx'
import { QuickReplies } from './quick-replies.tsx'

export type Target = { is: 'reply' | 'edit'; id: string } | null

export interface ComposerProps {
  chat: ReadyChat
  actions: ChatVerbs
  draft?: Store<Draft | null> | undefined
  /** For staff. */
  quickReplies?: (() => Promise<readonly QuickReply[]>) | undefined
  target: Target
  onTarget(target: Target): void
}

export function Composer({ chat, actions, draft, quickReplies, target, onTarget }: ComposerProps) {
  const { strings } = useText()
  const [focusTurn, setFocusTurn] = useState(0)
  const aim = (next: Target) => {
    onTarget(next)
    setFocusTurn(turn => turn + 1)
  }
  useEffect(() => {
    if (target !== null) setFocusTurn(turn => turn + 1)
  }, [target])

  const message = messageOf(chat, target)
  // Removed meanwhile, by its author or by the clinic.
  useEffect(() => {
    if (target !== null && message === null) onTarget(null)
  }, [target, message, onTarget])
  const isEditing = target?.is === 'edit' && message !== null
  const reply = target?.is === 'reply' ? message : null
  const replyTo = reply?.id ?? null
  const { appointment, room, connection } = chat
  const isPatientSide = isOnPatientSide(chat)
  const other = isPatientSide ? appointment.doctor : appointment.patient
  const noFiles = isPatientSide ? strings.composer.noFilesForPatient : strings.composer.noFilesForStaff
  const nameOf = ({ senderId }: Message) =>
    room.participants.find(person => person.id === senderId)?.displayName ?? strings.message.unknownSender

  return (
    <>
      {isEditing && (
        <MessageInput
          key={message.id}
          head={<ComposerTarget is="edit" name="" text={message.body} onCancel={() => aim(null)} />}
          label={strings.composer.editLabel}
          submitLabel={strings.composer.save}
          keysHint={strings.composer.keysHintEdit}
          initialText={message.body ?? ''}
          notice={connection.is === 'offline' ? strings.composer.editOffline : null}
          noFiles={noFiles}
          focusTurn={focusTurn}
          onEscape={() => aim(null)}
          onSend={async body => {
            await actions.edit(message.id, body)
            aim(null)
          }}
        />
      )}
      <div hidden={isEditing}>
        <MessageInput
          head={
            reply && (
              <ComposerTarget is="reply" name={nameOf(reply)} text={reply.body} onCancel={() => aim(null)} />
            )
          }
          label={strings.composer.label(isolate(other.displayName))}
          {...(draft && { draft })}
          {...(quickReplies && {
            tools: (insert: (text: string) => void) => <QuickReplies load={quickReplies} onChoose={insert} />,
          })}
          focusTurn={isEditing ? 0 : focusTurn}
          onEscape={() => {
            if (reply) aim(null)
          }}
          onEditLast={() => {
            const last = chat.messages.findLast(each => each.senderId === chat.me && absenceOf(each) === null)
            if (last?.body) aim({ is: 'edit', id: last.id })
          }}
          onDraft={body => actions.saveDraft({ body, replyTo })}
          onDraftTaken={({ replyTo: id }) => {
            if (id !== null) onTarget({ is: 'reply', id })
          }}
          onSend={body => {
            actions.send({ body, replyTo })
            onTarget(null)
          }}
          onTyping={actions.setTyping}
          notice={connection.is === 'offline' ? strings.composer.queuedHint : null}
          noFiles={noFiles}
          replyUntil={room.replyUntil}
        />
      </div>
    </>
  )
}

function messageOf(chat: ReadyChat, target: Target): Message | null {
  const message = chat.messages.find(each => each.id === target?.id)
  return message && absenceOf(message) === null ? message : null
}
