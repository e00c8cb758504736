/** How many characters are left, near the limit. Seen with every keystroke, spoken at a few marks only. */
import { useState } from 'react'
import { useText } from '../strings/strings-provider.tsx'

const SHOWN_BELOW = 400
const SPOKEN_BELOW = [0, 21, 101, SHOWN_BELOW]

export function CharacterCount({ left }: { left: number }) {
  const { strings } = useText()
  const mark = SPOKEN_BELOW.find(each => left < each) ?? null
  const text =
    mark === null
      ? ''
      : left < 0
        ? strings.composer.charactersOver(-left)
        : strings.composer.charactersLeft(left)
  const [spoken, setSpoken] = useState({ mark, text })
  if (spoken.mark !== mark) setSpoken({ mark, text })
  return (
    <>
      {text !== '' && (
        <p className="bs-count" data-state={left < 0 ? 'over' : 'near'} aria-hidden>
          {text}
        </p>
      )}
      <p className="bs-sr-only" role="status">
        {spoken.text}
      </p>
    </>
  )
}
