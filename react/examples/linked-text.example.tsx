import { LinkedText } from '@bedside/react'
import type { Example } from './example.ts'

const show = (text: string) => () => (
  <p dir="auto">
    <LinkedText text={text} />
  </p>
)

export const example: Example = {
  about: 'A message’s text with links to the web, to mail and to telephones, and to nothing else.',
  states: {
    'A web page': show('The map is at https://example.org/visit, behind the church.'),
    'Mail and telephone': show('Write to desk@example.org or call +44 20 7946 0018.'),
    'What is no link': show('javascript:alert(1) data:text/html,x'),
    'Right to left': show('العنوان على https://example.org/visit والهاتف 020 7946 0018'),
  },
}
