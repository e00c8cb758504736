/** A list of components, the chosen one's states live, and the clinic's own colours on all of them. */
import { StringsProvider } from '@bedside/react'
import { useEffect, useState } from 'react'
import { type Brand, BrandPanel, styleOf } from './brand-panel.tsx'
import { type Entry, entries } from './registry.ts'

const LOCALES = { 'en-GB': 'English', 'es-ES': 'Español', 'fr-FR': 'Français', 'ar-MA': 'العربية' }

/** The choice stands in the address, so that a state can be linked to: `?locale=ar-MA#MessageBubble`. */
export function ExamplesPage() {
  const name = useHash() || (entries[0]?.name ?? '')
  const entry = entries.find(each => each.name === name)
  const [locale, setLocale] = useState(() => new URLSearchParams(location.search).get('locale') ?? 'en-GB')
  const [isNarrow, setIsNarrow] = useState(false)
  const [brand, setBrand] = useState<Brand>({})
  const direction = locale.startsWith('ar') ? 'rtl' : 'ltr'
  return (
    <div className="ex-page">
      <nav className="ex-nav" aria-label="Components">
        <h1>Components</h1>
        <ul>
          {entries.map(each => (
            <li key={each.name}>
              <a href={`#${each.name}`} aria-current={each.name === name ? 'page' : undefined}>
                {each.name}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <main className="ex-main">
        <div className="ex-tools">
          <label>
            Language{' '}
            <select value={locale} onChange={event => setLocale(event.target.value)}>
              {Object.entries(LOCALES).map(([value, label]) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </select>
          </label>
          <label>
            <input type="checkbox" checked={isNarrow} onChange={event => setIsNarrow(event.target.checked)} />{' '}
            As wide as a phone
          </label>
        </div>
        <BrandPanel brand={brand} onChange={setBrand} />
        {entry ? (
          <section aria-labelledby="ex-title">
            <h2 id="ex-title">{entry.name}</h2>
            <p>{entry.about}</p>
            <StringsProvider key={locale} locale={locale} timeZone="Europe/London">
              {Object.entries(entry.states).map(([title, State]) => (
                <section key={title} className="ex-state" aria-label={title}>
                  <h3>{title}</h3>
                  <div
                    className="bs-chat ex-stage"
                    data-narrow={isNarrow || undefined}
                    lang={locale}
                    dir={direction}
                    style={styleOf(brand)}
                  >
                    <State />
                  </div>
                </section>
              ))}
            </StringsProvider>
            <Source entry={entry} />
          </section>
        ) : (
          <p>There is no component of this name. Choose one from the list.</p>
        )}
      </main>
    </div>
  )
}

function Source({ entry }: { entry: Entry }) {
  return (
    <details className="ex-source">
      <summary>Source of these examples</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys. */}
      <pre tabIndex={0}>
        <code>{entry.source}</code>
      </pre>
    </details>
  )
}

function useHash(): string {
  const [hash, setHash] = useState(() => location.hash.slice(1))
  useEffect(() => {
    const onChange = () => setHash(location.hash.slice(1))
    addEventListener('hashchange', onChange)
    return () => removeEventListener('hashchange', onChange)
  }, [])
  return hash
}
