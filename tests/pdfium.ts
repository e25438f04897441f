import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { pdfiumPages } from '../adapters/pdfium-pages.ts';

/** Compiling is what Node can do and workerd cannot, so the types of the Worker, which see this too, leave it out. */
const { compile } = WebAssembly as unknown as {
  compile(bytes: Uint8Array): Promise<WebAssembly.Module>;
};

/** PDFium as node compiles it; in the Worker the bundler has. */
export const nodePages = pdfiumPages(async () =>
  compile(await readFile(fileURLToPath(import.meta.resolve('@embedpdf/pdfium/pdfium.wasm')))),
);
