import { useEffect, useRef } from 'react'

/** Keeps a file that is dropped anywhere on the page from taking the page's place, and tells of it. */
export function useDroppedFiles(onFiles: () => void) {
  const latest = useRef(onFiles)
  latest.current = onFiles
  useEffect(() => {
    const refuse = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes('Files')) return
      event.preventDefault()
      if (event.type === 'drop') latest.current()
    }
    addEventListener('dragover', refuse)
    addEventListener('drop', refuse)
    return () => {
      removeEventListener('dragover', refuse)
      removeEventListener('drop', refuse)
    }
  }, [])
}
