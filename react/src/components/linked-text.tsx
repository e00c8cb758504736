import { linkify, type TextPart } from '@bedside/core'

/** Text as somebody wrote it, with its links made to work. Never HTML; the place in the text is each link's key. */
export function LinkedText({ text }: { text: string }) {
  return withStarts(linkify(text)).map(({ start, part }) =>
    part.href === null ? (
      part.text
    ) : (
      <a key={start} href={part.href} target="_blank" rel="noopener noreferrer nofollow">
        {part.text}
      </a>
    ),
  )
}

function withStarts(parts: TextPart[]): { start: number; part: TextPart }[] {
  let end = 0
  return parts.map(part => {
    const start = end
    end += part.text.length
    return { start, part }
  })
}
