/** Every page in every state, with a made-up clinic: what no single visit to a real one comes across. */
import { desktop, expect, phone, picture, test, violationsOn } from './clinic.ts'
import { GALLERY_NOW, type Gallery, openGallery } from './gallery-server.ts'
import { tooWide } from './layout-checks.ts'

let gallery: Gallery
test.beforeAll(async () => {
  gallery = await openGallery()
})
test.afterAll(() => gallery.close())

const sides = [
  ['phone, light', { ...phone, colorScheme: 'light' }],
  ['desktop, dark', { ...desktop, colorScheme: 'dark' }],
] as const

for (const [side, options] of sides) {
  test(`E43 every page in every state is accessible and fits: ${side}`, async ({ stranger }) => {
    const page = await stranger(options)
    await page.clock.setFixedTime(GALLERY_NOW)
    await page.goto(gallery.address())
    const scenes = await page.getByRole('link').allInnerTexts()
    expect(scenes.length).toBeGreaterThanOrEqual(50)
    test.setTimeout(scenes.length * 12_000)
    const found: string[] = []
    for (const scene of scenes) {
      await page.goto(gallery.address(scene))
      await expect(page.locator('#root h1').first()).toBeAttached()
      for (const violation of await violationsOn(page)) found.push(`${scene}: ${violation}`)
      const overflow = await tooWide(page)
      if (overflow > 0) found.push(`${scene}: ${overflow} px too wide`)
      await picture(page, `gallery-${scene}-${side.replace(', ', '-')}`)
    }
    expect(found).toEqual([])
  })
}
