import { defineConfig } from 'vite';

const page = (name: string) => new URL(`${name}.html`, import.meta.url).pathname;

export default defineConfig({
  // The sources of this repository; an app elsewhere installs the package.
  resolve: { alias: { '@tiffin/client': new URL('../../clients/typescript/src/index.ts', import.meta.url).pathname } },
  build: { target: 'es2023', rollupOptions: { input: ['index', 'customer', 'kitchen', 'courier'].map(page) } },
});
