import { useState } from 'react'

/** Whether, since the last change of the list, rows came before what was there rather than after it. */
export function useIsHistoryAdded(items: readonly { key: string }[]): boolean {
  const [before, setBefore] = useState({ items, isAdded: false })
  if (before.items === items) return before.isAdded
  const isAdded = items.length > before.items.length && items.at(-1)?.key === before.items.at(-1)?.key
  setBefore({ items, isAdded })
  return isAdded
}
