import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { errorMessage } from '../../core/error-message.ts';
import { asId } from '../../core/identifier.ts';
import type { Block } from '../../core/ingest/block.ts';
import { recognizePages } from '../../core/ingest/ocr/recognize-pages.ts';
import { Trace } from '../../core/telemetry/trace.ts';
import { nodePages } from '../../tests/pdfium.ts';
import { localRecognizer } from '../../tests/recognizer.ts';
import { markdownOf, type Reader, tablesOf } from './reader.ts';

/** Every page from its picture, also where it has text: what OCR alone makes of a document whose text is known. */
export const ocr: Reader = {
  name: 'ocr',
  async *read(paths) {
    const recognizer = await localRecognizer();
    const { root: span } = new Trace('bench', { clock: Date.now, random: (bytes) => bytes });
    const contents = { readReadings: async () => new Map<number, string>(), writeReading: async () => {} };
    for (const path of paths) {
      const bytes = new Uint8Array(await readFile(path));
      const began = performance.now();
      const seconds = () => (performance.now() - began) / 1000;
      try {
        const blocks: readonly Block[] =
          (await recognizePages(
            { recognizer, pictures: nodePages, contents },
            { tenantId: asId('bench'), fileId: asId('bench'), bytes },
            { blocks: null, kept: false },
            { span, afford: async () => {}, step: async () => false },
          )) ?? [];
        yield {
          file: basename(path),
          markdown: markdownOf(blocks),
          tables: tablesOf(blocks),
          seconds: seconds(),
          error: null,
        };
      } catch (error) {
        yield {
          file: basename(path),
          markdown: '',
          tables: [],
          seconds: seconds(),
          error: errorMessage(error),
        };
      }
    }
  },
};
