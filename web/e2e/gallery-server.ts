/** The gallery (`src/testing/gallery.tsx`), built as the app is. */
import { fileURLToPath } from 'node:url'
import { build, preview } from 'vite'

export const GALLERY_NOW = '2026-11-23T10:00:00.000Z'
const web = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url))

export interface Gallery {
  /** Without a scene: the list of them. */
  address(scene?: string): string
  close(): Promise<void>
}

export async function openGallery(): Promise<Gallery> {
  const of = {
    configFile: web('vite.config.ts'),
    logLevel: 'error' as const,
    build: { outDir: web('../artefacts/gallery'), rollupOptions: { input: web('gallery.html') } },
  }
  await build(of)
  const server = await preview({ ...of, preview: { host: '127.0.0.1', port: 0 } })
  const base = `${server.resolvedUrls?.local[0]}gallery.html`
  return { address: scene => (scene ? `${base}?scene=${scene}` : base), close: () => server.close() }
}
