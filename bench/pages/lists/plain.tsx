/** Every row in the page; the browser's own scroll anchoring. */
import { useLayoutEffect, useRef } from 'react'
import type { ListProps } from './list.ts'

export function List({ items, children }: ListProps) {
  const box = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight
  }, [])
  return (
    <div className="bs-messages">
      <div ref={box} className="bs-scroller" style={{ overflowAnchor: 'auto' }}>
        <ol className="bs-list">
          {items.map(item => (
            <li key={item.key} className="bs-item">
              {children(item)}
            </li>
          ))}
        </ol>
      </div>
    </div>
  )
}
