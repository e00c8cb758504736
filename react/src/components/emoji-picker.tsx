/**
 * Search, skin tone, group, and a grid of which one emoji at a time is in the order of Tab: arrows move in it as they
 * look, Enter chooses. Enter in the search chooses the first that was found.
 */
import { type KeyboardEvent, use, useDeferredValue, useMemo, useRef, useState } from 'react'
import {
  type Emoji,
  emojiLanguage,
  GROUPS,
  inTone,
  loadEmoji,
  searchEmoji,
  TONES,
  type Tone,
} from '../emoji/emoji-data.ts'
import { type Language, languageOf } from '../strings/languages.ts'
import { useText } from '../strings/strings-provider.tsx'

const COLUMNS = 8
const FOUND_MAX = 10 * COLUMNS
/** For this visit only: it says something about who chose it, and devices are shared. */
const TONE_KEY = 'bedside-emoji-tone'

const loading = new Map<string, Promise<readonly Emoji[]>>()
function emojiOf(language: Language) {
  const key = emojiLanguage(language)
  const promise = loading.get(key) ?? loadEmoji(language)
  loading.set(key, promise)
  promise.catch(() => loading.delete(key))
  return promise
}

export default function EmojiPicker({ onChoose }: { onChoose(emoji: string): void }) {
  const { strings, locale, direction } = useText()
  const language = languageOf(locale)
  const all = use(emojiOf(language))
  const [query, setQuery] = useState('')
  const [group, setGroup] = useState<keyof typeof GROUPS>('smileys')
  const [tone, setTone] = useState<Tone>(rememberedTone)
  const [active, setActive] = useState(0)
  const grid = useRef<HTMLDivElement>(null)
  const wanted = useDeferredValue(query)
  const isSearching = wanted.trim() !== ''
  const shown = useMemo(
    () =>
      isSearching
        ? searchEmoji(all, wanted).slice(0, FOUND_MAX)
        : all.filter(each => each.group === GROUPS[group]),
    [all, isSearching, wanted, group],
  )
  const rows = Array.from({ length: Math.ceil(shown.length / COLUMNS) }, (_, row) =>
    shown.slice(row * COLUMNS, (row + 1) * COLUMNS),
  )
  const current = Math.min(active, Math.max(0, shown.length - 1))
  const namesIn = emojiLanguage(language) === language ? undefined : 'en'

  const go = (to: number) => {
    const next = Math.max(0, Math.min(shown.length - 1, to))
    setActive(next)
    grid.current?.querySelectorAll('button')[next]?.focus()
  }
  const onGridKey = (event: KeyboardEvent) => {
    const along = direction === 'rtl' ? -1 : 1
    const steps: Record<string, number> = {
      ArrowRight: current + along,
      ArrowLeft: current - along,
      ArrowDown: current + COLUMNS,
      ArrowUp: current - COLUMNS,
      Home: current - (current % COLUMNS),
      End: current - (current % COLUMNS) + COLUMNS - 1,
    }
    const to = steps[event.key]
    if (to === undefined) return
    event.preventDefault()
    go(to)
  }
  const onSearchKey = (event: KeyboardEvent) => {
    const [first] = searchEmoji(all, query)
    // Enter would send the message.
    if (event.key === 'Enter') event.preventDefault()
    if (event.key === 'Enter' && first && query.trim() !== '') onChoose(inTone(first, tone))
    if (event.key === 'ArrowDown') {
      event.preventDefault()
      go(0)
    }
  }

  return (
    <>
      <div className="bs-emoji-head">
        <input
          type="search"
          className="bs-emoji-search"
          aria-label={strings.emoji.search}
          placeholder={strings.emoji.search}
          autoComplete="off"
          // biome-ignore lint/a11y/noAutofocus: it has just been asked for.
          autoFocus
          value={query}
          onChange={event => {
            setQuery(event.target.value)
            setActive(0)
          }}
          onKeyDown={onSearchKey}
        />
        <label className="bs-emoji-choice">
          <span>{strings.emoji.group}</span>
          <select
            value={group}
            disabled={isSearching}
            onChange={event => {
              setGroup(event.target.value as keyof typeof GROUPS)
              setActive(0)
            }}
          >
            {Object.keys(GROUPS).map(each => (
              <option key={each} value={each}>
                {strings.emoji.groups[each as keyof typeof GROUPS]}
              </option>
            ))}
          </select>
        </label>
        <label className="bs-emoji-choice">
          <span>{strings.emoji.tone}</span>
          <select
            value={tone}
            onChange={event => {
              const chosen = Number(event.target.value) as Tone
              setTone(chosen)
              sessionStorage.setItem(TONE_KEY, String(chosen))
            }}
          >
            {TONES.map(each => (
              <option key={each} value={each}>
                {strings.emoji.tones[each]}
              </option>
            ))}
          </select>
        </label>
      </div>
      <p className="bs-emoji-note" role="status">
        {isSearching && shown.length === 0
          ? strings.emoji.none
          : isSearching
            ? strings.emoji.found(shown.length)
            : namesIn && strings.emoji.englishOnly}
      </p>
      {/* biome-ignore lint/a11y/useSemanticElements: a table of buttons would be read as data. */}
      <div
        ref={grid}
        className="bs-emoji-grid"
        role="grid"
        aria-label={strings.emoji.title}
        tabIndex={-1}
        onKeyDown={onGridKey}
      >
        {rows.map((row, at) => (
          // biome-ignore lint/a11y/useSemanticElements: as the grid.
          <div key={row[0]?.unicode} role="row" tabIndex={-1}>
            {row.map((each, column) => (
              // biome-ignore lint/a11y/useSemanticElements: as the grid.
              <span key={each.unicode} role="gridcell" tabIndex={-1}>
                <button
                  type="button"
                  lang={namesIn}
                  aria-label={each.name}
                  title={each.name}
                  tabIndex={at * COLUMNS + column === current ? 0 : -1}
                  onFocus={() => setActive(at * COLUMNS + column)}
                  onClick={() => onChoose(inTone(each, tone))}
                >
                  {inTone(each, tone)}
                </button>
              </span>
            ))}
          </div>
        ))}
      </div>
    </>
  )
}

function rememberedTone(): Tone {
  const tone = Number(sessionStorage.getItem(TONE_KEY))
  return TONES.find(each => each === tone) ?? 0
}
