import { type RefObject, useLayoutEffect } from 'react'

/** Lets a textarea grow with its text, up to its `max-height`, where the browser cannot do so by itself. */
export function useAutoHeight(field: RefObject<HTMLTextAreaElement | null>, value: string) {
  useLayoutEffect(() => {
    const element = field.current
    if (element === null || globalThis.CSS?.supports?.('field-sizing', 'content')) return
    element.style.height = 'auto'
    if (value !== '') element.style.height = `${element.scrollHeight}px`
  }, [field, value])
}
