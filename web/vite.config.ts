import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const server = process.env['TIDEGATE_ORIGIN'] ?? 'http://127.0.0.1:8080';
// What the development server hands on to a running Tidegate.
const proxied = ['/api', '/login', '/logout', '/export', '/archives', '/restart-server'];

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: {
    alias: {
      '@': here('./src'),
      // Radix locks scrolling behind dialogs with a <style> element, which the content security policy forbids.
      'react-remove-scroll': here('./src/ui/scroll-lock.tsx'),
    },
  },
  build: {
    target: 'baseline-widely-available',
    // Everything is a file of this origin: nothing is inlined as data: or as a script in the page.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    // The licences of what is built in, which they ask for.
    license: { fileName: 'licenses.txt' },
  },
  server: {
    proxy: Object.fromEntries(
      proxied.map((path) => [
        path,
        {
          target: server,
          // The page to sign in with is ours; only what is sent to it is the server's.
          bypass: (request: { method?: string; url?: string }) =>
            path === '/login' && request.method === 'GET' ? '/index.html' : undefined,
        },
      ]),
    ),
  },
  test: {
    // Components ask for a document in their first line.
    environment: 'node',
    include: ['src/**/*.test.{ts,tsx}'],
    restoreMocks: true,
  },
});
