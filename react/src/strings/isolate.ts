/** Keeps a name inside a sentence from turning the sentence's direction (first-strong isolate … pop). */
export function isolate(name: string): string {
  return `\u2068${name}\u2069`
}
