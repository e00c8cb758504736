/** A clinic's own colours, tried on the live components, with the contrast that they come to and the CSS to copy. */
import type { CSSProperties } from 'react'
import { useEffect, useState } from 'react'
import { contrastOf } from './contrast.ts'

/** By the token's name. */
export type Brand = Readonly<Record<string, string>>

/** A text colour, what it stands on, and the least contrast. */
const PAIRS = [
  { text: '--bs-on-accent', on: '--bs-accent', title: 'Text on buttons', least: 4.5 },
  { text: '--bs-accent', on: '--bs-surface', title: 'Links', least: 4.5 },
  { text: '--bs-on-soft', on: '--bs-soft', title: 'Own messages', least: 4.5 },
  { text: '--bs-text', on: '--bs-surface', title: "Others' messages", least: 4.5 },
  { text: '--bs-muted', on: '--bs-surface', title: 'Times and hints', least: 4.5 },
  { text: '--bs-control', on: '--bs-surface', title: 'Borders of fields', least: 3 },
] as const
const TOKENS = [...new Set(PAIRS.flatMap(({ text, on }) => [text, on]))]

export function styleOf(brand: Brand): CSSProperties {
  return brand as CSSProperties
}

export function BrandPanel({ brand, onChange }: { brand: Brand; onChange(brand: Brand): void }) {
  const tokens = { ...useTokens(), ...brand }
  const css = Object.entries(brand).map(([name, value]) => `  ${name}: ${value};`)
  return (
    <details className="ex-brand">
      <summary>Your clinic's colours</summary>
      <div className="ex-tools">
        {TOKENS.map(name => (
          <label key={name}>
            <input
              type="color"
              value={tokens[name] ?? '#000000'}
              onChange={event => onChange({ ...brand, [name]: event.target.value })}
            />{' '}
            <code>{name}</code>
          </label>
        ))}
      </div>
      <ul>
        {PAIRS.map(({ text, on, title, least }) => {
          const ratio = contrastOf(tokens[text] ?? '#000000', tokens[on] ?? '#ffffff')
          return (
            <li key={title} data-state={ratio < least ? 'too-low' : 'enough'}>
              {title}: {ratio.toFixed(1)} to 1,{' '}
              {ratio < least ? `below the ${least} that is needed` : 'enough'}
            </li>
          )
        })}
      </ul>
      {css.length > 0 && (
        <>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys. */}
          <pre tabIndex={0}>
            <code>{`:root {\n${css.join('\n')}\n}`}</code>
          </pre>
          <button type="button" className="bs-button" onClick={() => onChange({})}>
            Bedside's own
          </button>
        </>
      )}
    </details>
  )
}

/** As the style sheet has them now: another set in the dark. */
function useTokens(): Brand {
  const [tokens, setTokens] = useState<Brand>(readTokens)
  useEffect(() => {
    const dark = matchMedia('(prefers-color-scheme: dark)')
    const onChange = () => setTokens(readTokens())
    dark.addEventListener('change', onChange)
    return () => dark.removeEventListener('change', onChange)
  }, [])
  return tokens
}

function readTokens(): Brand {
  const style = getComputedStyle(document.documentElement)
  return Object.fromEntries(TOKENS.map(name => [name, style.getPropertyValue(name).trim()]))
}
