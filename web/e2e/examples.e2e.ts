/** The components' live examples, as `npm run examples` serves them. */
import { fileURLToPath } from 'node:url'
import { createServer, type ViteDevServer } from 'vite'
import { desktop, expect, expectAccessible, phone, picture, test } from './clinic.ts'
import { tooWide } from './layout-checks.ts'

let server: ViteDevServer
test.beforeAll(async () => {
  server = await createServer({
    configFile: fileURLToPath(new URL('../../react/examples/vite.config.ts', import.meta.url)),
    server: { port: 0, hmr: false },
    logLevel: 'error',
  })
  await server.listen()
})
test.afterAll(() => server.close())

const sides = [
  ['light, left to right', { ...desktop, colorScheme: 'light' }, 'en-GB'],
  ['dark, right to left', { ...phone, colorScheme: 'dark' }, 'ar-MA'],
] as const

for (const [side, options, locale] of sides) {
  test(`E42 every live example is accessible and fits: ${side}`, async ({ stranger }) => {
    test.setTimeout(300_000)
    const page = await stranger(options)
    const problems: string[] = []
    page.on('console', said => {
      if (said.type() === 'error') problems.push(said.text())
    })
    page.on('pageerror', error => problems.push(error.message))
    await page.goto(`${server.resolvedUrls?.local[0]}?locale=${locale}`)
    const names = await page.locator('.ex-nav a').allInnerTexts()
    expect(names.length).toBeGreaterThan(15)
    for (const name of names) {
      await page.locator('.ex-nav a', { hasText: new RegExp(`^${name}$`) }).click()
      const heading = page.getByRole('heading', { level: 2, name })
      await expect(heading).toBeVisible()
      await expect(page.locator('.ex-stage').last()).not.toBeEmpty()
      // The same component stands on the page several times.
      await expectAccessible(page, ['landmark-unique'])
      expect(await tooWide(page), `${name} scrolls sideways`).toBe(0)
      // On a phone all of the names stand above it.
      await heading.evaluate(element => element.scrollIntoView())
      await picture(page, `example-${name}-${locale}`)
    }
    expect(problems).toEqual([])
  })
}
