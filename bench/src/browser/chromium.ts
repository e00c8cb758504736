/** The browser of a bench, with the window of a desktop. */
import { type Browser, chromium } from 'playwright-core'

export function openChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

export const WINDOW = { viewport: { width: 1280, height: 800 }, locale: 'en-GB', timezoneId: 'Europe/London' }
