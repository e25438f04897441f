import { beforeAll, describe, expect, test } from 'vitest';
import type { PagePicture } from '../../../core/ingest/ocr/page-pictures.ts';
import { encodePng } from '../../../core/ingest/ocr/png.ts';
import { pdf } from '../../../tests/documents.ts';
import { nodePages } from '../../../tests/pdfium.ts';
import { folderOf, modelCache } from '../cache.ts';
import { fetchModels, hubAddress } from '../fetch-models.ts';
import { localModels } from '../manifest.ts';
import { progressOn } from '../progress.ts';
import { turned } from './gray-image.ts';
import { PageReader } from './page-reader.ts';
import { readPng } from './png.ts';

const models = localModels.filter(({ kind }) => kind === 'ocr');
const cache = modelCache();
const missing = await fetchModels(models, { cache, hub: hubAddress(), progress: progressOn(process.stderr) });

const sentences = [
  'The boiler in hall seven is emptied every Thursday.',
  'Its valve opens at 4.5 bar and closes at 3.2 bar.',
  'Write to Ms Okafor before you change the seal.',
];

const drawn = (bytes: Uint8Array<ArrayBuffer>): Promise<PagePicture> =>
  nodePages.open(bytes, async (pages) => {
    const picture = await pages.draw(1);
    if (picture === null) throw new Error('The page cannot be drawn.');
    return picture;
  });

test('a picture is the same after PNG', async () => {
  const picture = await drawn(pdf([[{ text: 'Grey is a colour.', y: 700, size: 30 }]]));
  const back = readPng(Buffer.from(await encodePng(picture)));
  expect([back.width, back.height]).toEqual([picture.width, picture.height]);
  expect(Buffer.from(back.pixels).equals(Buffer.from(picture.pixels))).toBe(true);
});

describe.skipIf(missing.size > 0)('PP-OCRv4', () => {
  let reader: PageReader;
  beforeAll(async () => {
    const [model] = models;
    if (model === undefined) throw new Error('The manifest has no OCR model.');
    reader = await PageReader.load(folderOf(cache, model));
  }, 60_000);

  test.each([0, 1, 2, 3])(
    'reads a page that was turned by %i quarters',
    async (quarters) => {
      const picture = await drawn(pdf([sentences.map((text, at) => ({ text, y: 700 - at * 30 }))]));
      const page = await reader.read(turned(picture, quarters));
      expect(page.quarters).toBe((4 - quarters) % 4);
      const texts = page.lines.map(({ text }) => text);
      expect(new Set(texts)).toEqual(new Set(sentences));
      for (const { confidence } of page.lines) expect(confidence).toBeGreaterThan(0.95);
    },
    120_000,
  );

  test('says where each word stands, in the pixels of the picture that came', async () => {
    const picture = await drawn(pdf([[{ text: 'First and last', x: 100, y: 600, size: 20 }]]));
    const { lines } = await reader.read(picture);
    const words = lines.flatMap((line) => line.words);
    expect(words.map(({ text }) => text)).toEqual(['First', 'and', 'last']);
    // Helvetica's own widths at 20 points: the words begin at 100, 144.5 and 183.4 points; y counts from the foot.
    const begins = [100, 144.5, 183.4].map((point) => point * picture.scale);
    for (const [at, { box }] of words.entries()) {
      expect(Math.abs(box[0] - (begins[at] ?? 0))).toBeLessThan(12);
      expect(box[1]).toBeGreaterThan((842 - 600 - 25) * picture.scale);
      expect(box[3]).toBeLessThan((842 - 600 + 10) * picture.scale);
    }
  }, 120_000);

  test('finds nothing on a blank page', async () => {
    const picture = await drawn(pdf([[]]));
    expect((await reader.read(picture)).lines).toEqual([]);
  }, 120_000);
});
