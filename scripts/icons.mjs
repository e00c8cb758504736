// `npm run icons`: draws the app's icons from the brand mark (web/public/icon.svg) into web/public/icons.
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { chromium } from '@playwright/test'
import { ensureChromium } from './ensure-chromium.mjs'
import { root } from './ensure-installed.mjs'

const svg = readFileSync(path.join(root, 'web/public/icon.svg'), 'utf8')
const background = /<rect[^>]*fill="(#[0-9a-f]{6})"/.exec(svg)[1]
/** A launcher may cut a maskable icon down to the circle in its middle, four fifths of its width. */
const ICONS = [
  { name: 'icon-192', size: 192, share: 1 },
  { name: 'icon-512', size: 512, share: 1 },
  { name: 'maskable-192', size: 192, share: 0.8 },
  { name: 'maskable-512', size: 512, share: 0.8 },
  { name: 'apple-touch-icon', size: 180, share: 0.9 },
]

const browser = await chromium.launch({ executablePath: await ensureChromium(), args: ['--no-sandbox'] })
try {
  for (const { name, size, share } of ICONS) {
    const page = await browser.newPage({ viewport: { width: size, height: size } })
    const isFilled = share < 1
    await page.setContent(`<style>
      html, body { margin: 0; background: ${isFilled ? background : 'transparent'} }
      body { display: grid; place-items: center; block-size: 100vh }
      svg { inline-size: ${share * 100}vw; block-size: ${share * 100}vh }
    </style>${svg}`)
    writeFileSync(
      path.join(root, 'web/public/icons', `${name}.png`),
      await page.screenshot({ omitBackground: !isFilled }),
    )
    await page.close()
  }
} finally {
  await browser.close()
}
