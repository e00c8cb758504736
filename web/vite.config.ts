import tailwind from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { serviceWorker } from './service-worker/plugin.mjs'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwind(), serviceWorker()],
  build: {
    target: 'baseline-widely-available',
    // The policy allows nothing from data: URLs.
    assetsInlineLimit: 0,
    // Who starts waits for it; `npm run bench -- browser` weighs what is fetched.
    reportCompressedSize: false,
  },
  server: { host: '127.0.0.1' },
})
