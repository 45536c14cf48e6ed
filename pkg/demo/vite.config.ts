import { readFileSync } from 'node:fs';
import { defineConfig } from 'vite';

/** What the page may do: run its own files and no others, and connect to nothing. */
const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; form-action 'none'; base-uri 'none'";

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const commands = /^## Audit$[^]*?^```sh\n([^]*?)^```$/m.exec(readme)?.[1];
if (!commands) throw new Error('the README has no commands under Audit');

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  define: { COMMANDS: JSON.stringify(commands.trimEnd()), POLICY: JSON.stringify(POLICY) },
  build: {
    outDir: 'dist',
    cssCodeSplit: false,
    modulePreload: false,
    assetsInlineLimit: 0,
    rolldownOptions: { output: { format: 'iife' } },
  },
  worker: { format: 'iife' },
  // The tag binds the page, the header its worker.
  preview: { headers: { 'Content-Security-Policy': POLICY } },
  plugins: [
    {
      name: 'policy',
      transformIndexHtml: {
        order: 'post',
        handler: (html) => ({
          // Browsers load no modules from a disk.
          html: html.replace('type="module" crossorigin', 'defer').replaceAll(' crossorigin', ''),
          tags: [
            {
              tag: 'meta',
              attrs: { 'http-equiv': 'Content-Security-Policy', content: POLICY },
              injectTo: 'head-prepend',
            },
          ],
        }),
      },
    },
  ],
});
