import { createContext, useContext } from 'react'
import type { CustomContainerComponentProps, CustomItemComponentProps } from 'virtua'

/** Which row is the last of all, in the page or not. */
export const LastIndex = createContext(-1)

/** As long as all rows together. Rows take the pointer while they move as well: a press just after is lost otherwise. */
export function ListBox({ ref, style, children }: CustomContainerComponentProps) {
  return (
    <ol ref={ref} style={{ ...style, pointerEvents: 'auto' }} className="bs-list">
      {children}
    </ol>
  )
}

/** What the virtual list places and measures. */
export function ListItem({ ref, style, index, children }: CustomItemComponentProps) {
  const isLast = index === useContext(LastIndex)
  return (
    <li ref={ref} style={style} className="bs-item" data-index={index} data-last={isLast || undefined}>
      {children}
    </li>
  )
}
