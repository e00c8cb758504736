/** Keeps a name inside a sentence from turning the sentence's direction (first-strong isolate … pop). */
export function isolate(name: string): string {
  return `\u2068${name}\u2069`
}

/** A number is read from left to right wherever it stands, and on one line. */
export const isolateNumber = (text: string) => `\u2066${text.replaceAll(' ', '\u00a0')}\u2069`
