/**
 * The composer. A draft leaves it only when the message was accepted for sending: whatever goes wrong, the words stay.
 * The button is never dead: pressed with nothing to send, it says what is missing.
 */
import { ChatError, type Draft, type Store, validateDraft } from '@bedside/core'
import { SendHorizontal } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { useText } from '../strings/strings-provider.tsx'
import { changeErrorText } from './change-error-text.ts'
import { useAutoHeight } from './use-auto-height.ts'
import { useMediaQuery } from './use-media-query.ts'

const COUNT_SHOWN_BELOW = 400

export interface MessageInputProps {
  label: string
  /** Above the field: what is being answered or edited. */
  head?: ReactNode
  /** Above the field, with a way to put words where the cursor is. */
  tools?(insert: (text: string) => void): ReactNode
  submitLabel?: string
  /** Which keys do what, for those who have some. */
  keysHint?: string
  initialText?: string
  /** Takes the message over, at once or later. Throws or rejects with a `ChatError`; then the text stays. */
  onSend(body: string): void | Promise<void>
  /** The field is focused whenever this has risen. */
  focusTurn?: number
  onEscape?(): void
  /** Asked for from an empty field. */
  onEditLast?(): void
  /** What was being written at an earlier visit or on another device: taken over until this one is written in. */
  draft?: Store<Draft | null>
  /** It was taken over. */
  onDraftTaken?(draft: Draft): void
  /** With each change of the text, '' included, but not when it was sent. */
  onDraft?(body: string): void
  /** With each keystroke `true`; `false` when the text is cleared or left. */
  onTyping?(isTyping: boolean): void
  isOffline?: boolean
  /** ISO 8601; when writing ends, if it does. */
  replyUntil?: string | null
}

export function MessageInput({
  label,
  head,
  tools,
  submitLabel,
  keysHint,
  initialText = '',
  onSend,
  focusTurn = 0,
  onEscape,
  onEditLast,
  draft: kept,
  onDraftTaken,
  onDraft,
  onTyping,
  isOffline = false,
  replyUntil = null,
}: MessageInputProps) {
  const { strings, dates } = useText()
  const id = useId()
  const field = useRef<HTMLTextAreaElement>(null)
  const [draft, setDraft] = useState(initialText)
  const [isSending, setIsSending] = useState(false)
  const isTouched = useRef(false)
  const [problem, setProblem] = useState<string | null>(null)
  const hasKeyboard = useMediaQuery('(hover: hover) and (pointer: fine)')
  useAutoHeight(field, draft)

  const takeDraft = useRef((_draft: Draft) => {})
  takeDraft.current = found => {
    if (isTouched.current) return
    setDraft(found.body)
    onDraftTaken?.(found)
  }
  useEffect(() => {
    const take = () => {
      if (kept?.current) takeDraft.current(kept.current)
    }
    take()
    return kept?.subscribe(take)
  }, [kept])
  useEffect(() => {
    if (focusTurn > 0) field.current?.focus()
  }, [focusTurn])

  const check = validateDraft(draft)
  const left = check.limit - check.length
  const count =
    left >= COUNT_SHOWN_BELOW
      ? null
      : left < 0
        ? strings.composer.charactersOver(-left)
        : strings.composer.charactersLeft(left)

  const change = (text: string) => {
    isTouched.current = true
    setDraft(text)
    setProblem(null)
    onDraft?.(text)
  }

  const insert = (text: string) => {
    const from = field.current?.selectionStart ?? draft.length
    const to = field.current?.selectionEnd ?? draft.length
    change(draft.slice(0, from) + text + draft.slice(to))
    field.current?.focus()
  }

  const submit = async () => {
    field.current?.focus()
    if (isSending) return
    try {
      const sent = onSend(draft)
      if (sent) {
        setIsSending(true)
        await sent
      }
      setDraft('')
      setProblem(null)
    } catch (error) {
      setProblem(error instanceof ChatError ? changeErrorText(error, strings) : strings.composer.notQueued)
      if (!(error instanceof ChatError)) reportError(error)
    } finally {
      setIsSending(false)
    }
  }

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') onEscape?.()
    if (event.key === 'ArrowUp' && draft === '' && onEditLast) {
      event.preventDefault()
      onEditLast()
    }
    const isPlainEnter = event.key === 'Enter' && !event.shiftKey && !event.altKey
    // While an input method composes, Enter chooses a word.
    if (!isPlainEnter || event.nativeEvent.isComposing) return
    if (!hasKeyboard && !event.ctrlKey && !event.metaKey) return
    event.preventDefault()
    void submit()
  }

  // An empty field would count as left to right, and so would the words that stand in it.
  const direction = draft === '' ? undefined : 'auto'
  const hints = [
    isOffline ? strings.composer.queuedHint : null,
    replyUntil ? strings.composer.replyUntil(dates.dayAndTime(replyUntil)) : null,
    hasKeyboard ? (keysHint ?? strings.composer.keysHint) : null,
  ].filter(hint => hint !== null)

  return (
    <form
      className="bs-composer"
      data-state={problem ? 'problem' : left < 0 ? 'too-long' : 'ready'}
      onSubmit={event => {
        event.preventDefault()
        void submit()
      }}
    >
      {head}
      {tools?.(insert)}
      <div className="bs-composer-row">
        <label className="bs-sr-only" htmlFor={id}>
          {label}
        </label>
        <textarea
          ref={field}
          id={id}
          dir={direction}
          rows={1}
          value={draft}
          placeholder={strings.composer.placeholder}
          aria-describedby={`${id}-hint ${id}-problem`}
          aria-invalid={problem !== null || left < 0}
          autoComplete="off"
          onChange={event => {
            change(event.target.value)
            onTyping?.(event.target.value !== '')
          }}
          onBlur={() => onTyping?.(false)}
          onKeyDown={onKeyDown}
        />
        <button type="submit" className="bs-send" data-state={draft.trim() === '' ? 'empty' : 'ready'}>
          <SendHorizontal aria-hidden className="bs-icon" />
          <span>{isSending ? strings.composer.saving : (submitLabel ?? strings.composer.send)}</span>
        </button>
      </div>
      <div className="bs-composer-notes">
        <p id={`${id}-hint`} className="bs-hint">
          {hints.join(' ')}
        </p>
        {count !== null && (
          <p className="bs-count" data-state={left < 0 ? 'over' : 'near'} role="status">
            {count}
          </p>
        )}
      </div>
      <p id={`${id}-problem`} className="bs-problem" role="alert">
        {left < 0 ? null : problem}
      </p>
    </form>
  )
}
