import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'
import { sourceDigest } from './source-digest.ts'

// What every page needs comes in few files: on a first visit each further one is a way there and back.
const GROUPS = [
  { name: 'kit', test: /node_modules/, minShareCount: 3 },
  { name: 'parts', test: /src\/(api|parts\/(?!Chart)|route|shell)/, minShareCount: 2 },
]

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
    rolldownOptions: { output: { codeSplitting: { groups: GROUPS } } },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8090', '/healthz': 'http://127.0.0.1:8090' } },
  test: { environment: 'happy-dom', setupFiles: ['src/test-setup.ts'], css: false },
})
