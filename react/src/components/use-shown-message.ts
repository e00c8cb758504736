import { useCallback, useEffect, useState } from 'react'

/** Ten pages of fifty: what is further back one finds by searching. */
const PAGES_MOST = 10

/** Goes to a message of which only the id is known, and fetches history until it is there. */
export function useShownMessage(options: {
  items: readonly { key: string }[]
  /** Nothing more can come. */
  isOver: boolean
  canLoadOlder: boolean
  onLoadOlder(): void
  onFound(index: number): void
}): (id: string) => void {
  const { items, isOver, canLoadOlder, onLoadOlder, onFound } = options
  const [wanted, setWanted] = useState<{ id: string; pagesLeft: number } | null>(null)
  useEffect(() => {
    if (wanted === null) return
    const index = items.findIndex(item => item.key === wanted.id)
    if (index >= 0) onFound(index)
    if (index >= 0 || isOver || wanted.pagesLeft === 0) setWanted(null)
    else if (canLoadOlder) {
      setWanted({ ...wanted, pagesLeft: wanted.pagesLeft - 1 })
      onLoadOlder()
    }
  }, [wanted, items, isOver, canLoadOlder, onLoadOlder, onFound])
  return useCallback((id: string) => setWanted({ id, pagesLeft: PAGES_MOST }), [])
}
