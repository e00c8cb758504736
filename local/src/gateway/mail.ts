/** A mail that auth would send. There is no mail server here: whoever starts the stack takes it, or nobody does. */
export interface LocalMail {
  to: string
  subject: string
  /** Where it leads: it lets whoever has it into the account, so it belongs into no log. */
  link: string
}

/** The first link of the mail's HTML; null: it has none. */
export function linkIn(html: string): string | null {
  const href = /<a href="([^"]+)"/.exec(html)?.[1]
  return href === undefined ? null : href.replaceAll('&amp;', '&')
}
