/** One list of real bubbles, the one that the build was made for. What can be asked of it is in `window.lists`. */
import '@bedside/react/styles.css'
import type { Message } from '@bedside/core'
import { ChatRow, createItemReader, StringsProvider } from '@bedside/react'
import { patient, readyChat } from '@bedside/react/testing'
import { useMemo } from 'react'
import { flushSync } from 'react-dom'
import { createRoot } from 'react-dom/client'
import { conversation } from './conversation.ts'
import { List } from './list.tsx'

/** A list that has not come to its end by then never will. */
const LOST_AFTER_MS = 60_000
const nothing = () => {}
const verbs = { onReply: nothing, onEdit: nothing, onRetract: () => Promise.reject(new Error('No server.')) }
const readItems = createItemReader()

function Page({ messages }: { messages: readonly Message[] }) {
  const lastSeq = messages.at(-1)?.seq ?? 0
  const chat = useMemo(
    () => readyChat({ messages, openedAtReadSeq: lastSeq, hasOlder: true, isLoadingOlder: true }),
    [messages, lastSeq],
  )
  const items = useMemo(
    () => readItems(messages, [], { timeZone: 'Europe/London', openedAtReadSeq: lastSeq, me: patient.id }),
    [messages, lastSeq],
  )
  return (
    <StringsProvider locale="en-GB" timeZone="Europe/London">
      <div className="bs-chat" style={{ blockSize: '100%' }}>
        <List chat={chat} items={items} isHistoryAdded={(messages[0]?.seq ?? 0) < shownFrom}>
          {item => (
            <ChatRow
              item={item}
              chat={chat}
              verbs={verbs}
              latestMineSeq={null}
              onRetry={nothing}
              onDiscard={nothing}
            />
          )}
        </List>
      </div>
    </StringsProvider>
  )
}

const element = document.getElementById('root')
if (element === null) throw new Error('index.html has no #root')
const root = createRoot(element)
let messages: readonly Message[] = []
let shownFrom = 0

function render() {
  flushSync(() => root.render(<Page messages={messages} />))
  shownFrom = messages[0]?.seq ?? 0
}

const nextFrame = () => new Promise(resolve => requestAnimationFrame(resolve))

const lists = {
  /** Shows messages `from` to `to`; milliseconds until the last one is at the end of the screen. */
  async show(from: number, to: number): Promise<number> {
    messages = conversation(from, to)
    shownFrom = from
    const start = performance.now()
    render()
    const isThere = () => {
      const box = document.querySelector('.bs-scroller')?.getBoundingClientRect()
      const row = document.querySelector(`[data-seq="${to}"]`)?.getBoundingClientRect()
      return box !== undefined && row !== undefined && row.bottom <= box.bottom + 1 && row.top >= box.top
    }
    while (!isThere()) {
      if (performance.now() - start > LOST_AFTER_MS)
        throw new Error('The last message does not come to the end.')
      await nextFrame()
    }
    await nextFrame()
    return performance.now() - start
  },
  /** A page of history. */
  prepend(count: number): void {
    const from = (messages[0]?.seq ?? 1) - count
    messages = [...conversation(from, from + count - 1), ...messages]
    render()
  },
}
declare global {
  interface Window {
    lists: typeof lists
  }
}
window.lists = lists
