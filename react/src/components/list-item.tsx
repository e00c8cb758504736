import type { CustomContainerComponentProps, CustomItemComponentProps } from 'virtua'

/** As long as all rows together. */
export function ListBox({ ref, style, children }: CustomContainerComponentProps) {
  return (
    <ol ref={ref} style={style} className="bs-list">
      {children}
    </ol>
  )
}

/** What the virtual list places and measures. */
export function ListItem({ ref, style, index, children }: CustomItemComponentProps) {
  return (
    <li ref={ref} style={style} className="bs-item" data-index={index}>
      {children}
    </li>
  )
}
