import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The service that `vite` (development only) passes API calls on to. */
const service = `http://127.0.0.1:${process.env.PORT ?? 8787}`;
const passedOn = Object.fromEntries(['/v1', '/api', '/health'].map((path) => [path, service]));

export default defineConfig(({ command }) => {
  // Vite builds a development React where NODE_ENV says so, and a test that starts the service says `test`.
  if (command === 'build') process.env.NODE_ENV = 'production';
  return {
    root: import.meta.dirname,
    plugins: [react(), tailwind()],
    build: {
      outDir: '../dist/web',
      emptyOutDir: true,
      target: 'es2024',
      // The page's policy (public/_headers) lets no font come as a data address.
      assetsInlineLimit: 0,
    },
    server: { host: '127.0.0.1', port: 5173, proxy: passedOn },
  };
});
