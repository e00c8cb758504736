import { type FocusEvent, useEffect, useRef } from 'react'

/**
 * What had the focus in a box may give way to something else, also while somebody types: the focus goes on there, or the
 * keyboard would begin at the page's top.
 */
export function useHandedFocus<T extends HTMLElement>() {
  const box = useRef<T>(null)
  const isWithin = useRef(false)
  useEffect(() => {
    const isLost = document.activeElement === document.body
    if (!isWithin.current || !isLost) return
    const field = box.current?.querySelector<HTMLElement>('textarea')
    const other = field ?? box.current?.querySelector<HTMLElement>('[tabindex="-1"]')
    other?.focus()
  })
  return {
    ref: box,
    onFocus: () => {
      isWithin.current = true
    },
    // Not said of what is taken out of the page.
    onBlur: ({ relatedTarget }: FocusEvent) => {
      isWithin.current = relatedTarget !== null && box.current?.contains(relatedTarget) === true
    },
  }
}
