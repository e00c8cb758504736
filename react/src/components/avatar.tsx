import type { ParticipantRole, Role } from '@bedside/core'

const ZERO_WIDTH_NON_JOINER = '\u200c'

/** Initials only: no picture is loaded from anywhere. Decoration, since the name always stands beside it. */
export function Avatar(props: { name: string; role: Role | ParticipantRole; isLarge?: boolean }) {
  const { name, role, isLarge = false } = props
  return (
    <span aria-hidden className="bs-avatar" data-role={role} data-size={isLarge ? 'large' : 'small'}>
      {initialsOf(name)}
    </span>
  )
}

/**
 * First letters of the first and the last word, leaving out titles that end in a dot, such as "Dr.". The two never join:
 * side by side, Arabic letters would make a syllable or a word.
 */
export function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter(word => word !== '' && !word.endsWith('.'))
  const first = words[0] ?? name.trim()
  const last = words.length > 1 ? (words.at(-1) ?? '') : ''
  return [first, last]
    .flatMap(word => Array.from(word)[0]?.toLocaleUpperCase() ?? [])
    .join(ZERO_WIDTH_NON_JOINER)
}
