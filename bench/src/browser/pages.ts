/** Builds what a bench shows in a browser (`bench/pages/`) as the product is built, and serves it. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { build, preview } from 'vite'
import { LISTS, type ListName } from './lists.ts'

const ROOT = fileURLToPath(new URL('../../pages', import.meta.url))
const COMMON = { root: ROOT, configFile: false, logLevel: 'warn' } as const

export interface Pages {
  /** Of the page with this list; of the page that nothing can be lighter than. */
  urlOf(name: ListName | 'floor'): string
  /** The file to put into every page. */
  probe: string
  close(): Promise<void>
}

export async function servePages(): Promise<Pages> {
  const folder = await mkdtemp(path.join(tmpdir(), 'bedside-bench-'))
  // A build for each: in one of all, what two lists share would be counted for a third.
  for (const name of LISTS) await buildPage(path.join(folder, 'pages', name), 'index.html', name)
  await buildPage(path.join(folder, 'pages/floor'), 'floor.html')
  await build({
    ...COMMON,
    build: {
      outDir: path.join(folder, 'probe'),
      emptyOutDir: true,
      lib: {
        entry: path.join(ROOT, 'probe.ts'),
        formats: ['iife'],
        name: 'bedsideProbe',
        fileName: () => 'probe.js',
      },
    },
  })
  const server = await preview({
    ...COMMON,
    build: { outDir: path.join(folder, 'pages') },
    preview: { host: '127.0.0.1', port: 0 },
  })
  const url = server.resolvedUrls?.local[0]
  if (url === undefined) throw new Error('The pages of the bench are not served.')
  return {
    urlOf: name => `${url}${name}/${name === 'floor' ? 'floor' : 'index'}.html`,
    probe: path.join(folder, 'probe/probe.js'),
    async close() {
      await server.close()
      await rm(folder, { recursive: true })
    },
  }
}

function buildPage(outDir: string, file: string, list?: ListName) {
  return build({
    ...COMMON,
    plugins: [react()],
    base: './',
    ...(list && {
      resolve: { alias: { './list.tsx': path.join(ROOT, `lists/${list}.tsx`) } },
    }),
    build: {
      outDir,
      emptyOutDir: true,
      target: 'baseline-widely-available',
      rolldownOptions: { input: path.join(ROOT, file) },
    },
  })
}
