import { MessageInput } from '@bedside/react'
import type { Example } from './example.ts'

const ignore = () => {}

export const example: Example = {
  about: 'The field and its button. Enter sends where there is a keyboard, Shift and Enter begins a line.',
  states: {
    Empty: () => <MessageInput label="Message to Dr. Okafor" onSend={ignore} />,
    'With a text': () => (
      <MessageInput label="Message to Dr. Okafor" initialText="I will be late." onSend={ignore} />
    ),
    'Near the limit': () => (
      <MessageInput label="Message to Dr. Okafor" initialText={'word '.repeat(790)} onSend={ignore} />
    ),
    Offline: () => (
      <MessageInput
        label="Message to Dr. Okafor"
        onSend={ignore}
        notice="It will be sent when you are connected again."
      />
    ),
    'Open until a certain day': () => (
      <MessageInput
        label="Message to Dr. Okafor"
        onSend={ignore}
        replyUntil={new Date(Date.now() + 259_200_000).toISOString()}
      />
    ),
  },
}
