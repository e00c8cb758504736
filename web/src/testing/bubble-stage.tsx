/**
 * Message bubbles by the thousand, without the list around them: `web/e2e/hostile-text.e2e.ts` gives texts and looks at
 * what is drawn. Built for that test only.
 */
import type { Message } from '@bedside/core'
import { Avatar, MessageBubble, ReceiptMark, StringsProvider, useText } from '@bedside/react'
import { doctor, message, patient } from '@bedside/react/testing'
import { flushSync } from 'react-dom'
import { createRoot } from 'react-dom/client'

declare global {
  interface Window {
    /** `json`: an array of texts; half a surrogate pair passes in its escaped form only. */
    showBubbles(json: string, locale: string): void
  }
}

const element = document.getElementById('root')
if (element === null) throw new Error('bubble-stage.html has no #root')
const root = createRoot(element)
window.showBubbles = (json, locale) => {
  const texts: string[] = JSON.parse(json)
  const messages = texts.map((text, index) =>
    message(index + 1, index % 2 ? patient.id : doctor.id, text, {
      replyTo: index % 3 === 0 ? `m${index}` : null,
    }),
  )
  flushSync(() =>
    root.render(
      <StringsProvider locale={locale} timeZone="UTC">
        <Stage messages={messages} />
      </StringsProvider>,
    ),
  )
}

/** As the list draws them. */
function Stage({ messages }: { messages: readonly Message[] }) {
  const { locale, direction } = useText()
  return (
    <main className="bs-chat" lang={locale} dir={direction}>
      <div className="bs-messages">
        <div className="bs-scroller">
          <div className="bs-list">
            {messages.map((each, index) => {
              const isMine = each.senderId === patient.id
              const before = messages[index - 1]?.body ?? null
              return (
                <div key={each.id} className="bs-group" data-mine={isMine || undefined}>
                  {!isMine && <Avatar name={each.body ?? ''} role={doctor.role} />}
                  <div className="bs-group-body">
                    <p className="bs-sender">
                      <bdi className="bs-sender-name">{each.body?.slice(0, 60)}</bdi>
                    </p>
                    <ol className="bs-bubbles">
                      <li>
                        <div className="bs-bubble-row">
                          <MessageBubble
                            message={each}
                            isMine={isMine}
                            quote={{ name: each.body?.slice(0, 60) ?? '', text: before }}
                            receipt={isMine ? <ReceiptMark state="read" isWordy /> : null}
                          />
                          <button type="button" className="bs-more" aria-label="…" />
                        </div>
                      </li>
                    </ol>
                  </div>
                </div>
              )
            })}
          </div>
        </div>
      </div>
    </main>
  )
}
