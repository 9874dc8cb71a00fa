/** Builds the pages into dist/renderer: relative addresses, since the same files are served over HTTP and from the app's own scheme. */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [react()],
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    target: 'es2024',
    // The Content-Security-Policy lets scripts come from files only, and a polyfill is one more script.
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1_500,
  },
});
