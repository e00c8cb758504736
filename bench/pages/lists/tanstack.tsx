import { useVirtualizer } from '@tanstack/react-virtual'
import { useLayoutEffect, useRef } from 'react'
import type { ListProps } from './list.ts'

const ESTIMATED_ROW_PX = 72

export function List({ items, children }: ListProps) {
  const box = useRef<HTMLDivElement>(null)
  const list = useVirtualizer({
    count: items.length,
    getScrollElement: () => box.current,
    estimateSize: () => ESTIMATED_ROW_PX,
    getItemKey: index => items[index]?.key ?? index,
    // Its own way to keep a chat in its place while history comes.
    anchorTo: 'end',
  })
  const scrollToEnd = useRef(() => list.scrollToEnd())
  useLayoutEffect(() => scrollToEnd.current(), [])
  return (
    <div className="bs-messages">
      <div ref={box} className="bs-scroller">
        <ol className="bs-list" style={{ position: 'relative', blockSize: list.getTotalSize() }}>
          {list.getVirtualItems().map(({ index, key, start }) => {
            const item = items[index]
            return (
              item && (
                <li
                  key={key}
                  ref={list.measureElement}
                  data-index={index}
                  className="bs-item"
                  style={{
                    position: 'absolute',
                    insetInline: 0,
                    top: 0,
                    transform: `translateY(${start}px)`,
                  }}
                >
                  {children(item)}
                </li>
              )
            )
          })}
        </ol>
      </div>
    </div>
  )
}
