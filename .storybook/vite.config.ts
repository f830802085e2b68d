import { defineConfig } from 'vite';

/** What stories need: packages that are CommonJS are made modules by Vite itself. */
export default defineConfig({
  define: { global: 'globalThis' },
  optimizeDeps: { include: ['pusher-js/worker/index.js', 'tweetnacl'] },
});
