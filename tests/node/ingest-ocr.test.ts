import { beforeAll, describe, expect, test } from 'vitest';
import { Failure } from '../../core/failure.ts';
import { attachFiles } from '../../core/ingest/attachment.ts';
import { parsedText } from '../../core/ingest/block.ts';
import type { DocumentIds } from '../../core/ingest/document.ts';
import { ingest } from '../../core/ingest/ingest.ts';
import { encodePng } from '../../core/ingest/ocr/png.ts';
import { findVectorStore } from '../../core/ingest/vector-store.ts';
import type { PageRecognizer } from '../../core/models/page-recognizer.ts';
import { nodePages } from '../pdfium.ts';
import { scanned } from '../scans.ts';
import { IngestBench } from './ingest-bench.ts';

const line = (text: string) => [{ text, y: 700 }];
let scan: Uint8Array<ArrayBuffer>;
let mixed: Uint8Array<ArrayBuffer>;

beforeAll(async () => {
  const pictures = ['First', 'Second', 'Third'].map((text) => ({ lines: line(`${text} picture`) }));
  scan = await scanned(nodePages, pictures);
  mixed = await scanned(nodePages, [
    { lines: line('The first page is text.'), isText: true },
    { lines: line('The second page is a picture.') },
    { lines: line('The third page is text.'), isText: true },
  ]);
});

/** Says of the n-th picture that it is shown what stands in `readings`; counts how often it was asked. */
class Scripted implements PageRecognizer {
  readonly model = 'scripted';
  asked = 0;
  readonly #readings: readonly (string | Failure)[];

  constructor(...readings: readonly (string | Failure)[]) {
    this.#readings = readings;
  }

  worstCase: PageRecognizer['worstCase'] = () => new IngestBench().deps.recognizer.worstCase();

  async recognize(png: Uint8Array): Promise<string> {
    expect(Buffer.from(png.subarray(1, 4)).toString()).toBe('PNG');
    const reading = this.#readings[this.asked];
    this.asked += 1;
    if (reading === undefined) throw new Error('One page too many was read.');
    if (typeof reading !== 'string') throw reading;
    return reading;
  }
}

async function ingested(bench: IngestBench, ids: DocumentIds, recognizer: PageRecognizer): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) {
    if ((await ingest({ ...bench.deps, recognizer }, ids, bench.trace())) === null) return;
    bench.now += 30_000;
  }
  throw new Error('The document is not done after 20 turns.');
}

const blocksOf = async (bench: IngestBench, { tenantId, fileId }: DocumentIds) =>
  (await bench.deps.contents.readBlocks(tenantId, fileId)) ?? [];

describe('pages that are pictures', () => {
  test('stay unread without OCR, as they were', async () => {
    const bench = new IngestBench();
    const recognizer = new Scripted();
    const [ids, other] = [await bench.pending(scan, 'scan.pdf'), await bench.pending(mixed, 'mixed.pdf')];
    await ingested(bench, ids, recognizer);
    await ingested(bench, other, recognizer);
    expect(await bench.document(ids)).toMatchObject({ status: 'failed', error: { reason: 'needs_ocr' } });
    expect(await bench.document(other)).toMatchObject({
      status: 'completed',
      unread: expect.stringContaining('(2)'),
    });
    expect(recognizer.asked).toBe(0);
  });

  test('are read with OCR, and what was read says so', async () => {
    const bench = new IngestBench();
    const ids = await bench.pending(scan, 'scan.pdf', true);
    await ingested(bench, ids, new Scripted('Alpha words.', 'Beta words.', 'Gamma words.'));
    expect(await bench.document(ids)).toMatchObject({ status: 'completed', unread: null, ocr: true });
    const blocks = await blocksOf(bench, ids);
    expect(blocks.map(({ text, page, ocr }) => [text, page, ocr?.confidence])).toEqual([
      ['Alpha words.', 1, null],
      ['Beta words.', 2, null],
      ['Gamma words.', 3, null],
    ]);
    expect(await bench.found(ids, 'beta words')).toBeGreaterThan(0);
  });

  test("ING-42: each page's best source: only the page without text is asked for, and stands in its place", async () => {
    const bench = new IngestBench();
    const ids = await bench.pending(mixed, 'mixed.pdf', true);
    const recognizer = new Scripted('The middle was recognized.');
    await ingested(bench, ids, recognizer);
    expect(recognizer.asked).toBe(1);
    const blocks = await blocksOf(bench, ids);
    expect(blocks.map(({ text, page, ocr }) => [text, page, ocr !== undefined])).toEqual([
      ['The first page is text.', 1, false],
      ['The middle was recognized.', 2, true],
      ['The third page is text.', 3, false],
    ]);
  });

  test('ING-43: no page is paid for twice, wherever a worker dies or a model fails', async () => {
    const bench = new IngestBench();
    const ids = await bench.pending(scan, 'scan.pdf', true);
    const away = new Failure('upstream_unavailable', 'The model is away.');
    const recognizer = new Scripted('One.', away, 'Two.', 'Three.');
    const dying = {
      ...bench.deps.contents,
      writeBlocks: () => Promise.reject(new Error('The worker died.')),
    };
    const once = { ...bench.deps, recognizer };
    expect(await ingest(once, ids, bench.trace())).toMatchObject({ delaySeconds: expect.any(Number) });
    expect((await bench.document(ids))?.waitingFor).toContain('Waiting for the OCR model');
    bench.now += 30_000;
    await expect(ingest({ ...once, contents: dying }, ids, bench.trace())).rejects.toThrow(
      'The worker died.',
    );
    bench.now += 300_000;
    await ingested(bench, ids, recognizer);
    expect(recognizer.asked).toBe(4);
    expect(parsedText(await blocksOf(bench, ids))).toBe('One.\n\nTwo.\n\nThree.');
    expect(await bench.document(ids)).toMatchObject({ status: 'completed', waitingFor: null });
  });

  test('ING-44: blank pages are known to be blank, and a scan without any text is refused', async () => {
    const bench = new IngestBench();
    const [ids, empty] = [
      await bench.pending(scan, 'scan.pdf', true),
      await bench.pending(scan, 'empty.pdf', true),
    ];
    await ingested(bench, ids, new Scripted('', 'Words.', ''));
    expect(await bench.document(ids)).toMatchObject({ status: 'completed', unread: null });
    expect(await bench.found(ids, 'blank')).toBe(0);
    await ingested(bench, empty, new Scripted('', '', ''));
    expect(await bench.document(empty)).toMatchObject({ status: 'failed', error: { reason: 'needs_ocr' } });
  });

  test('a picture of a letter is a document of one page; without OCR it is refused', async () => {
    const bench = new IngestBench();
    const picture = await nodePages.open(scan, async (pages) => pages.draw(1));
    if (picture === null) throw new Error('The page cannot be drawn.');
    const png = await encodePng(picture);
    const [ids, other] = [
      await bench.pending(png, 'letter.png', true),
      await bench.pending(png, 'letter.png'),
    ];
    await ingested(bench, ids, new Scripted('Dear Ms Okafor,'));
    await ingested(bench, other, new Scripted());
    expect((await blocksOf(bench, ids)).map(({ text }) => text)).toEqual(['Dear Ms Okafor,']);
    expect(await bench.document(ids)).toMatchObject({ status: 'completed' });
    expect(await bench.document(other)).toMatchObject({ status: 'failed', error: { reason: 'needs_ocr' } });
  });

  test('stay unread, and named, where the model is missing', async () => {
    const bench = new IngestBench();
    const missing = () =>
      new Scripted(new Failure('upstream_unavailable', 'No such model.', { reason: 'model_missing' }));
    const [ids, other] = [
      await bench.pending(scan, 'scan.pdf', true),
      await bench.pending(mixed, 'mixed.pdf', true),
    ];
    await ingested(bench, ids, missing());
    await ingested(bench, other, missing());
    expect(await bench.document(ids)).toMatchObject({ status: 'failed', error: { reason: 'needs_ocr' } });
    expect(await bench.document(other)).toMatchObject({
      status: 'completed',
      unread: expect.stringContaining('(2)'),
    });
  });

  test('of a document that was read without OCR are read when it is attached with it; offsets stay', async () => {
    const bench = new IngestBench();
    const ids = await bench.pending(mixed, 'mixed.pdf');
    await ingested(bench, ids, new Scripted());
    const before = await blocksOf(bench, ids);
    const store = await findVectorStore(bench.deps, ids.tenantId, ids.vectorStoreId);
    await attachFiles(bench.deps, bench.scope, store, [
      { fileId: ids.fileId, attributes: {}, chunking: null, ocr: true, param: 'file_id' },
    ]);
    await ingested(bench, ids, new Scripted('The middle was recognized.'));
    const after = await blocksOf(bench, ids);
    const place = ({ text, start, end }: (typeof after)[number]) => ({ text, start, end });
    expect(after.slice(0, before.length).map(place)).toEqual(before.map(place));
    expect(after.slice(before.length).map(({ text, page }) => [text, page])).toEqual([
      ['The middle was recognized.', 2],
    ]);
    expect(await bench.document(ids)).toMatchObject({ status: 'completed', unread: null });
  });
});
