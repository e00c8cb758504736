import { type FocusEvent, useMemo, useState } from 'react'

/** A row with the focus in it stays in the page wherever one scrolls: else the keyboard would begin at the page's top. */
export function useFocusedKey(items: readonly { key: string }[]) {
  const [key, setKey] = useState<string | null>(null)
  const indexes = useMemo(() => {
    const index = key === null ? -1 : items.findIndex(item => item.key === key)
    return index < 0 ? [] : [index]
  }, [items, key])
  const listeners = {
    onFocus: ({ target }: FocusEvent) => {
      const index = target.closest('[data-index]')?.getAttribute('data-index')
      setKey(items[Number(index ?? -1)]?.key ?? null)
    },
    onBlur: () => setKey(null),
  }
  return { indexes, listeners }
}
