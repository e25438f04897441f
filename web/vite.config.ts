import { readdirSync, readFileSync } from 'node:fs';
import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import packageFile from '../package.json' with { type: 'json' };

/** The service that `vite` (development only) passes API calls on to. */
const service = `http://127.0.0.1:${process.env.PORT ?? 8787}`;
const passedOn = Object.fromEntries(['/v1', '/api', '/health'].map((path) => [path, service]));

/**
 * Scalar's bundle, which draws `/docs` (`workers/http/reference-page.ts` names it): a static asset of its own, under its
 * version, so that a browser may keep it.
 */
const scalar: Plugin = {
  name: 'scalar',
  generateBundle() {
    const version = packageFile.devDependencies['@scalar/api-reference'];
    const bundle = new URL(
      '../node_modules/@scalar/api-reference/dist/browser/standalone.js',
      import.meta.url,
    );
    this.emitFile({ type: 'asset', fileName: `assets/scalar-${version}.js`, source: readFileSync(bundle) });
  },
};

/**
 * The character maps of Chinese, Japanese and Korean PDFs, which the service fetches one by one
 * (`adapters/asset-character-maps.ts`). They belong to the pdf.js that unpdf bundles, in whose version pdfjs-dist is pinned.
 */
const characterMaps: Plugin = {
  name: 'character-maps',
  generateBundle() {
    const folder = new URL('../node_modules/pdfjs-dist/cmaps/', import.meta.url);
    for (const name of readdirSync(folder).filter((one) => one.endsWith('.bcmap'))) {
      const source = readFileSync(new URL(name, folder));
      this.emitFile({ type: 'asset', fileName: `assets/character-maps/${name}`, source });
    }
  },
};

export default defineConfig(({ command }) => {
  // Vite builds a development React where NODE_ENV says so, and a test that starts the service says `test`.
  if (command === 'build') process.env.NODE_ENV = 'production';
  return {
    root: import.meta.dirname,
    plugins: [react(), tailwind(), scalar, characterMaps],
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
