import { useLayoutEffect, useRef } from 'react'
import type { VirtualizerHandle } from 'virtua'
import { type CustomContainerComponentProps, type CustomItemComponentProps, Virtualizer } from 'virtua'
import type { ListProps } from './list.ts'

export function List({ items, isHistoryAdded, children }: ListProps) {
  const list = useRef<VirtualizerHandle>(null)
  const last = useRef(items.length - 1)
  useLayoutEffect(() => list.current?.scrollToIndex(last.current, { align: 'end' }), [])
  return (
    <div className="bs-messages">
      <div className="bs-scroller">
        <Virtualizer ref={list} data={items} shift={isHistoryAdded} as={Box} item={Row}>
          {item => <div key={item.key}>{children(item)}</div>}
        </Virtualizer>
      </div>
    </div>
  )
}

function Box({ ref, style, children }: CustomContainerComponentProps) {
  return (
    <ol ref={ref} style={style} className="bs-list">
      {children}
    </ol>
  )
}

function Row({ ref, style, children }: CustomItemComponentProps) {
  return (
    <li ref={ref} style={style} className="bs-item">
      {children}
    </li>
  )
}
