import { useState } from 'react'
import { useDroppedFiles } from './use-dropped-files.ts'

/** Where there is no composer: says why a file that was dropped has gone nowhere. */
export function NoFilesNote({ text }: { text: string }) {
  const [isDropped, setIsDropped] = useState(false)
  useDroppedFiles(() => setIsDropped(true))
  return (
    <p className="bs-problem" role="alert">
      {isDropped && text}
    </p>
  )
}
