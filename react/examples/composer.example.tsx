import { Composer, type Target } from '@bedside/react'
import { useState } from 'react'
import { conversation } from './conversation.ts'
import type { Example } from './example.ts'
import { useLiveChat } from './live-chat.ts'

export const example: Example = {
  about: 'Writes a message, an answer, or another text for an earlier message.',
  states: {
    'A new message': () => <Writing target={null} />,
    'An answer': () => <Writing target={{ is: 'reply', id: 'm5' }} />,
    'Another text': () => <Writing target={{ is: 'edit', id: 'm4' }} />,
  },
}

function Writing({ target: first }: { target: Target }) {
  const { chat, actions } = useLiveChat({ messages: conversation })
  const [target, setTarget] = useState(first)
  return <Composer chat={chat} actions={actions} target={target} onTarget={setTarget} />
}
