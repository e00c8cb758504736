import { linkify } from './linkify.ts'

/**
 * Text as somebody wrote it, with its links made to work. Never HTML; the place in the text is each piece's key.
 * Addresses and numbers in groups run from left to right in every language: without that, a telephone number in an
 * Arabic sentence is shown with its last group first, and "120 / 80" as "80 / 120".
 */
export function LinkedText({ text }: { text: string }) {
  return piecesOf(text).map(({ start, piece, href, isNumber }) =>
    href !== null ? (
      <a key={start} href={href} target="_blank" rel="noopener noreferrer nofollow" dir="ltr">
        {piece}
      </a>
    ) : isNumber ? (
      <bdi key={start} dir="ltr">
        {piece}
      </bdi>
    ) : (
      piece
    ),
  )
}

/** A telephone number or a date (seven digits or more, in groups), or one number over another. */
const GROUPED_NUMBERS = /((?:\+|\(\+?)?\d(?:[ \u00a0\u202f().:/-]{0,2}\d){5,}\d|\d+ ?\/ ?\d+)/u

interface Piece {
  start: number
  piece: string
  href: string | null
  isNumber: boolean
}

function piecesOf(text: string): Piece[] {
  let end = 0
  return linkify(text)
    .flatMap(({ text: part, href }) =>
      // With a group in it, every second piece of the split is what matched.
      (href === null ? part.split(GROUPED_NUMBERS) : [part]).map((piece, index) => ({
        piece,
        href,
        isNumber: index % 2 === 1,
      })),
    )
    .map(each => {
      const start = end
      end += each.piece.length
      return { start, ...each }
    })
}
