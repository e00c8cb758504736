import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

interface Manifest {
  icons: { src: string; sizes: string; type: string; purpose: string }[]
}

const file = (path: string) => readFileSync(new URL(`../web/public/${path}`, import.meta.url))

test('U99 the manifest names the app, and icons that are there and as large as they say', () => {
  const manifest = JSON.parse(file('manifest.webmanifest').toString()) as Manifest
  expect(manifest).toMatchObject({
    ...{ id: '/', name: 'Bedside', short_name: 'Bedside' },
    ...{ start_url: '/appointments', scope: '/', display: 'standalone' },
  })
  const pngs = manifest.icons.filter(icon => icon.type === 'image/png')
  for (const { src, sizes } of pngs) {
    const png = file(src)
    expect(png.toString('latin1', 1, 4)).toBe('PNG')
    expect(`${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`).toBe(sizes)
  }
  expect(pngs.map(icon => `${icon.purpose} ${icon.sizes}`)).toEqual([
    'any 192x192',
    'any 512x512',
    'maskable 192x192',
    'maskable 512x512',
  ])
})
