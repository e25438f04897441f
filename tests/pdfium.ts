import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { pdfiumPages } from '../adapters/pdfium-pages.ts';

/** PDFium as node compiles it; in the Worker the bundler has. */
export const nodePages = pdfiumPages(async () =>
  WebAssembly.compile(await readFile(fileURLToPath(import.meta.resolve('@embedpdf/pdfium/pdfium.wasm')))),
);
