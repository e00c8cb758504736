/**
 * Finds the links in a message. Only http, https, mailto and tel become links; everything else stays text, and
 * the parts' texts joined are always the text that came in.
 */
export interface TextPart {
  text: string
  /** null: plain text. */
  href: string | null
}

const CANDIDATE = /\b(?:https?:\/\/|mailto:|tel:)[^\s<>"`\\^{|}\p{Surrogate}]+/giu
const TRAILING = new Set([...'.,;:!?\'"*_~…»”’'])
const CLOSERS: Record<string, string> = { ')': '(', ']': '[' }

export function linkify(text: string): TextPart[] {
  const parts: TextPart[] = []
  let end = 0
  for (const match of text.matchAll(CANDIDATE)) {
    const href = withoutTrailing(match[0])
    if (!isLink(href)) continue
    if (match.index > end) parts.push({ text: text.slice(end, match.index), href: null })
    parts.push({ text: href, href })
    end = match.index + href.length
  }
  if (end < text.length) parts.push({ text: text.slice(end), href: null })
  return parts
}

/** Punctuation after a link belongs to the sentence; a bracket too, unless it was opened inside the link. */
function withoutTrailing(candidate: string): string {
  const matched = matchedClosers(candidate)
  let end = candidate.length
  while (end > 0) {
    const last = candidate.charAt(end - 1)
    const isTrailing = CLOSERS[last] ? !matched.has(end - 1) : TRAILING.has(last)
    if (!isTrailing) break
    end--
  }
  return candidate.slice(0, end)
}

/** Where brackets end that began inside the link. One pass: a text may hold thousands of them. */
function matchedClosers(text: string): Set<number> {
  const matched = new Set<number>()
  const depths: Record<string, number> = { '(': 0, '[': 0 }
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index)
    const opener = CLOSERS[character]
    const depth = depths[opener ?? character]
    if (depth === undefined) continue
    if (opener === undefined) {
      depths[character] = depth + 1
    } else if (depth > 0) {
      depths[opener] = depth - 1
      matched.add(index)
    }
  }
  return matched
}

/** A host that no browser would go to makes no link. */
function isAddress(href: string): boolean {
  try {
    return new URL(href).hostname !== ''
  } catch {
    return false
  }
}

function isLink(href: string): boolean {
  if (/^https?:/iu.test(href)) {
    const authority = href.replace(/^https?:\/\//iu, '').split(/[/?#]/u, 1)[0] ?? ''
    // A name before an @ is there to look like a host.
    return /[\p{L}\p{N}]/u.test(authority) && !authority.includes('@') && isAddress(href)
  }
  if (/^mailto:/iu.test(href)) return /^mailto:[^\s@?]+@[^\s@?]+(?:\?[^\s]*)?$/iu.test(href)
  return /^tel:\+?[0-9][0-9().-]{1,30}$/iu.test(href)
}
