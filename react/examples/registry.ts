/** Every example, by the name of its component: `message-bubble.example.tsx` shows `MessageBubble`. */
import type { Example } from './example.ts'

export interface Entry extends Example {
  name: string
  /** The example's own text, to copy from. */
  source: string
}

const modules = import.meta.glob<{ example: Example }>('./*.example.tsx', { eager: true })
const sources = import.meta.glob<string>('./*.example.tsx', { eager: true, query: '?raw', import: 'default' })

export const entries: readonly Entry[] = Object.entries(modules).map(([path, { example }]) => ({
  ...example,
  name: nameOf(path),
  source: sources[path] ?? '',
}))

function nameOf(path: string): string {
  return path
    .replace(/^\.\/|\.example\.tsx$/g, '')
    .split('-')
    .map(word => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
}
