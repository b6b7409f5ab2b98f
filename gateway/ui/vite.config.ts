import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'
import { sourceDigest } from './source-digest.ts'

// Everything is addressed relative to the document, so the console works under any prefix; the nonce is the
// placeholder that the gateway replaces in every answer.
export default defineConfig({
  base: './',
  plugins: [react(), sourceDigest()],
  html: { cspNonce: 'NONCE_OF_THIS_ANSWER' },
  build: {
    outDir: '../web/static',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8090', '/healthz': 'http://127.0.0.1:8090' } },
  test: { environment: 'happy-dom', setupFiles: ['src/test-setup.ts'], css: false },
})
