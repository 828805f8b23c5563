/**
 * How the app is built and served while developing. The engine serves `dist` at `/` with a fallback to index.html.
 * The build keeps to the content security policy: no inline script, no data: script, no runtime code generation.
 */
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const LIBRARIES = /node_modules\/(react|react-dom|scheduler|@tanstack\/(react-router|router-core|history|store|query-core|react-query))\//
const ENGINE = process.env['NEXUS_PUBLIC_URL'] ?? 'http://127.0.0.1:8080'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    // Inlined assets would be data: URLs, which the policy refuses for fonts and scripts.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rolldownOptions: {
      // What every page needs and only changes with its version is one file: kept by the browser over releases of the app.
      output: { codeSplitting: { groups: [{ name: 'libraries', test: LIBRARIES }] } },
      onLog(level, log, handler) {
        // Server-component markers of libraries mean nothing in a browser bundle; there are thousands of them.
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handler(level, log)
      },
    },
  },
  server: {
    port: 5173,
    proxy: { '/api': ENGINE, '/content': ENGINE },
  },
})
