import { toFile } from 'openai';
import { describe, expect, inject, test } from 'vitest';
import { FileCitation } from '../../contract/response.ts';
import { FileContentPage } from '../../contract/vector-store-files.ts';
import { scanned } from '../scans.ts';
import { type Account, newTenant } from './access.ts';
import { services } from './documents.ts';
import { openai } from './openai.ts';

const page = (...lines: readonly string[]) => ({
  lines: lines.map((text, at) => ({ text, y: 740 - at * 17, size: 13 })),
});

/** A scan of two pages behind one of text. */
const handbook = () =>
  scanned(services().pictures, [
    { ...page('The depot handbook is kept at the gate.'), isText: true },
    page('The north crane lifts 1850 kilograms.', 'It is tested every eleven weeks.'),
    page('Visitors wear a yellow vest.', 'The canteen closes at half past two.'),
  ]);

async function attached(account: Account, ocr?: boolean) {
  const client = openai(account);
  const store = await client.vectorStores.create({ name: 'Scans' });
  const file = await client.files.create({
    file: await toFile(await handbook(), 'handbook.pdf'),
    purpose: 'assistants',
  });
  const body = { file_id: file.id, ...(ocr === undefined ? {} : { ocr }) };
  return { client, store, file: await client.vectorStores.files.createAndPoll(store.id, body) };
}

test('PDFium draws pages in workerd', async () => {
  const drawn = await services().pictures.open(await handbook(), async (pages) => ({
    count: pages.count,
    page: await pages.draw(2),
  }));
  expect(drawn.count).toBe(3);
  expect(drawn.page).toMatchObject({ width: 1653, height: 2339 });
  expect(drawn.page?.pixels.some((grey) => grey < 100)).toBe(true);
});

test('without OCR, pages that are pictures are named', async () => {
  const { file } = await attached(await newTenant(), false);
  expect(file.status).toBe('completed');
  expect(JSON.stringify(file)).toMatch(/Not read: 2 page\(s\) without text \(2, 3\)/);
}, 60_000);

describe.skipIf(!inject('models').ocr)('pages that are pictures', () => {
  test('ING-41: are read, answered from, and cited as what they are', async () => {
    const account = await newTenant();
    const { client, store, file } = await attached(account);
    expect(file).toMatchObject({ status: 'completed', ocr: true, progress: { message: null } });
    const response = await client.responses.create({
      input: 'How much does the north crane lift?',
      tools: [{ type: 'file_search', vector_store_ids: [store.id] }],
    });
    const annotations = response.output.flatMap((item) =>
      item.type === 'message'
        ? item.content.flatMap((part) => (part.type === 'output_text' ? part.annotations : []))
        : [],
    );
    const citations = annotations.map((one) => FileCitation.parse(one));
    const citation = citations.find(({ quote }) => quote.includes('1850 kilograms'));
    expect(citation, response.output_text).toBeDefined();
    expect(citation).toMatchObject({ page: 2, ocr: { confidence: expect.any(Number) } });
    expect(citation?.ocr?.confidence).toBeGreaterThan(0.9);

    const content = await account.fetch(`/v1/vector_stores/${store.id}/files/${file.id}/content`);
    const blocks = FileContentPage.parse(await content.json()).data;
    expect(blocks.map((block) => [block.page, block.ocr !== undefined])).toEqual([
      [1, false],
      [2, true],
      [3, true],
    ]);
    const words = blocks[1]?.ocr?.words ?? [];
    expect(words.map(({ text }) => text).join(' ')).toContain('north crane lifts');
    for (const { bbox } of words) expect(bbox[1]).toBeGreaterThan(690);
  }, 180_000);
});
