/** Every page in every state, with a made-up clinic: what no single visit to a real one comes across. */
import { fileURLToPath } from 'node:url'
import { build, type PreviewServer, preview } from 'vite'
import { desktop, expect, phone, picture, test, violationsOn } from './clinic.ts'

const NOW = '2026-11-23T10:00:00.000Z'
const web = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url))

let server: PreviewServer
test.beforeAll(async () => {
  const of = {
    configFile: web('vite.config.ts'),
    logLevel: 'error' as const,
    build: { outDir: web('../artefacts/gallery'), rollupOptions: { input: web('gallery.html') } },
  }
  await build(of)
  server = await preview({ ...of, preview: { host: '127.0.0.1', port: 0 } })
})
test.afterAll(() => server.close())

const sides = [
  ['phone, light', { ...phone, colorScheme: 'light' }],
  ['desktop, dark', { ...desktop, colorScheme: 'dark' }],
] as const

for (const [side, options] of sides) {
  test(`E43 every page in every state is accessible and fits: ${side}`, async ({ stranger }) => {
    test.setTimeout(300_000)
    const page = await stranger(options)
    await page.clock.setFixedTime(NOW)
    const gallery = `${server.resolvedUrls?.local[0]}gallery.html`
    await page.goto(gallery)
    const scenes = await page.getByRole('link').allInnerTexts()
    expect(scenes.length).toBeGreaterThanOrEqual(50)
    const found: string[] = []
    for (const scene of scenes) {
      await page.goto(`${gallery}?scene=${scene}`)
      await expect(page.locator('#root h1').first()).toBeAttached()
      for (const violation of await violationsOn(page)) found.push(`${scene}: ${violation}`)
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      if (overflow > 0) found.push(`${scene}: ${overflow} px too wide`)
      await picture(page, `gallery-${scene}-${side.replace(', ', '-')}`)
    }
    expect(found).toEqual([])
  })
}
