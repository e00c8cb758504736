/**
 * The composer. A draft leaves it only when the message was accepted for sending: whatever goes wrong, the words stay.
 * The button is never dead: pressed with nothing to send, it says what is missing.
 */
import { ChatError, type Draft, type Store, validateDraft } from '@bedside/core'
import { SendHorizontal } from 'lucide-react'
import {
  type ClipboardEvent,
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react'
import { useText } from '../strings/strings-provider.tsx'
import { changeErrorText } from './change-error-text.ts'
import { CharacterCount } from './character-count.tsx'
import { EmojiButton } from './emoji-button.tsx'
import { fitPaste } from './fit-paste.ts'
import { useAutoHeight } from './use-auto-height.ts'
import { useDroppedFiles } from './use-dropped-files.ts'
import { useMediaQuery } from './use-media-query.ts'

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
  /** Said below the field before anything else, such as what happens without a connection. */
  notice?: string | null
  /** Said where somebody pastes or drops a file. */
  noFiles?: string
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
  notice = null,
  noFiles,
  replyUntil = null,
}: MessageInputProps) {
  const { strings, dates } = useText()
  const id = useId()
  const field = useRef<HTMLTextAreaElement>(null)
  const [draft, setDraft] = useState(initialText)
  const [isSending, setIsSending] = useState(false)
  const isUnderWay = useRef(false)
  // What is to be changed is written on.
  const caret = useRef<number | null>(initialText === '' ? null : initialText.length)
  const isTouched = useRef(false)
  const [problem, setProblem] = useState<string | null>(null)
  const [note, setNote] = useState<string | null>(null)
  const hasKeyboard = useMediaQuery('(hover: hover) and (pointer: fine)')
  useAutoHeight(field, draft)
  useLayoutEffect(() => {
    if (caret.current !== null) field.current?.setSelectionRange(caret.current, caret.current)
    caret.current = null
  })
  const refuseFiles = () => setNote(noFiles ?? strings.composer.noFilesForPatient)
  useDroppedFiles(() => {
    if (field.current?.closest('[hidden]') === null) refuseFiles()
  })

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

  const change = (text: string) => {
    isTouched.current = true
    setDraft(text)
    setProblem(null)
    setNote(null)
    onDraft?.(text)
    onTyping?.(text !== '')
  }

  const selection = () => {
    const { selectionStart = draft.length, selectionEnd = draft.length } = field.current ?? {}
    return { before: draft.slice(0, selectionStart), after: draft.slice(selectionEnd) }
  }

  const insert = (text: string) => {
    const { before, after } = selection()
    caret.current = before.length + text.length
    change(before + text + after)
    field.current?.focus()
  }

  const onPaste = (event: ClipboardEvent) => {
    const text = event.clipboardData.getData('text/plain')
    // Some programs put a picture of the text beside it.
    if (text === '' && event.clipboardData.files.length > 0) {
      event.preventDefault()
      refuseFiles()
    }
    const { before, after } = selection()
    const fit = fitPaste(before, text, after)
    // What fits is the browser's to paste: it can undo it.
    if (fit.leftOut === 0) return
    event.preventDefault()
    insert(fit.text)
    setNote(strings.composer.pasteCut(fit.leftOut))
  }

  const submit = async () => {
    field.current?.focus()
    if (isUnderWay.current) return
    isUnderWay.current = true
    try {
      const sent = onSend(draft)
      if (sent) {
        setIsSending(true)
        await sent
      }
      setDraft('')
      setProblem(null)
      setNote(null)
    } catch (error) {
      setProblem(error instanceof ChatError ? changeErrorText(error, strings) : strings.composer.notQueued)
      if (!(error instanceof ChatError)) reportError(error)
    } finally {
      isUnderWay.current = false
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
    notice,
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
      {(tools || hasKeyboard) && (
        <div className="bs-tools">
          {tools?.(insert)}
          {hasKeyboard && <EmojiButton onChoose={insert} onLeave={() => field.current?.focus()} />}
        </div>
      )}
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
          onChange={event => change(event.target.value)}
          onPaste={onPaste}
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
        <CharacterCount left={left} />
      </div>
      <p id={`${id}-problem`} className="bs-problem" role="alert">
        {left < 0 ? null : problem}
      </p>
      <p className="bs-composer-note" role="status">
        {note}
      </p>
    </form>
  )
}
