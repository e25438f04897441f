import { createExecutionContext, createMessageBatch, env, getQueueResult } from 'cloudflare:test';
import { deflateSync } from 'node:zlib';
import { describe, expect, test, vi } from 'vitest';
import { d1Backlog } from '../../adapters/d1-backlog.ts';
import { Failure } from '../../core/failure.ts';
import { giveUp, ingest } from '../../core/ingest/ingest.ts';
import { LEASE_MS } from '../../core/ingest/lease.ts';
import { sweep } from '../../core/ingest/sweep.ts';
import type { Embedder } from '../../core/models/ports.ts';
import worker from '../../workers/index.ts';
import { pdf } from '../documents.ts';
import { at, chinesePage, lines, pdfFile } from '../pdf-file.ts';
import { newTenant } from './access.ts';
import { holdings, paragraphs, pending, read, services, trace, upload } from './documents.ts';
import { openai } from './openai.ts';

/** Real embeddings of some hundred passages on a shared machine take their time. */
vi.setConfig({ testTimeout: 60_000 });

const failing = (failure: Failure): Embedder => ({
  ...services().embedder,
  embed: async () => {
    throw failure;
  },
});

describe('delivery', () => {
  test('ING-1: a message that comes three times, twice at once, changes nothing', async () => {
    const account = await newTenant();
    const { ids } = await pending(account, paragraphs(12, 'bicycles'), 'bicycles.md');
    await Promise.all([ingest(services(), ids, trace()), ingest(services(), ids, trace())]);
    const first = await read(ids);
    expect(first).toMatchObject({ status: 'completed', stage: 'ready', waitingFor: null });
    expect(first.embedded).toBe(first.passages);
    const before = await holdings(account, ids.vectorStoreId, ids.fileId);
    expect(before).toEqual({
      objects: 2,
      rows: 1,
      filtered: 1,
      passages: first.passages,
      vectors: first.passages,
    });
    expect(await ingest(services(), ids, trace())).toBeNull();
    expect(await holdings(account, ids.vectorStoreId, ids.fileId)).toEqual(before);
    expect(await read(ids)).toEqual(first);
  });

  test('ING-2: a worker that died at any stage is replaced when its lease has run out, and nothing is lost or twice', async () => {
    const account = await newTenant();
    const { ids } = await pending(account, paragraphs(40, 'chains'), 'chains.md');
    let now = Date.now();
    let crashes = 0;
    const stages = ['read', 'writeBlocks', 'passages', 'embed', 'vectors', 'visible'] as const;
    for (const stage of stages) {
      const real = services();
      const dies = async (): Promise<never> => {
        crashes += 1;
        return new Promise<never>(() => undefined);
      };
      const broken = {
        ...real,
        clock: () => now,
        contents: {
          ...real.contents,
          ...(stage === 'read' ? { read: dies } : {}),
          ...(stage === 'writeBlocks' ? { writeBlocks: dies } : {}),
        },
        passages: stage === 'passages' ? { ...real.passages, write: dies } : real.passages,
        embedder: stage === 'embed' ? { ...real.embedder, embed: dies } : real.embedder,
        vectors: {
          ...real.vectors,
          ...(stage === 'vectors' ? { write: dies } : {}),
          ...(stage === 'visible' ? { visible: dies } : {}),
        },
      };
      const before = crashes;
      void ingest(broken, ids, trace());
      await vi.waitUntil(() => crashes > before, { timeout: 20_000 });
      expect(await ingest({ ...real, clock: () => now }, ids, trace())).toBeNull();
      expect((await read(ids)).status).toBe('in_progress');
      now += LEASE_MS + 1;
    }
    await ingest({ ...services(), clock: () => now }, ids, trace());
    const document = await read(ids);
    expect(document).toMatchObject({ status: 'completed', embedded: document.passages });
    expect(await holdings(account, ids.vectorStoreId, ids.fileId)).toEqual({
      objects: 2,
      rows: 1,
      filtered: 1,
      passages: document.passages,
      vectors: document.passages,
    });
  });

  test('what the queue has lost is put back by the sweeper once it is due', async () => {
    const account = await newTenant();
    const { ids } = await pending(account, 'Lost on the way.', 'lost.txt');
    const sent: unknown[] = [];
    const real = services();
    const deps = {
      ...real,
      backlog: d1Backlog(env.DB),
      ingestQueue: { send: async (some: readonly unknown[]) => void sent.push(...some) },
    };
    const mine = () => sent.filter((one) => (one as typeof ids).fileId === ids.fileId);
    await sweep(deps);
    expect(mine()).toEqual([]);
    const next = await sweep({ ...deps, clock: () => Date.now() + 40_000 });
    expect(mine()).toEqual([ids]);
    expect(next).not.toBeNull();
  });

  test('a dead letter gives its document a reason', async () => {
    const account = await newTenant();
    const { ids } = await pending(account, paragraphs(3, 'poison'), 'poison.md');
    const batch = createMessageBatch('selvedge-ingest-dead', [
      { id: '1', timestamp: new Date(), attempts: 6, body: ids },
    ]);
    const context = createExecutionContext();
    await worker.queue(batch, env);
    expect((await getQueueResult(batch, context)).explicitAcks).toEqual(['1']);
    expect(await read(ids)).toMatchObject({
      status: 'failed',
      error: { code: 'server_error', reason: 'interrupted' },
    });
    await giveUp(services(), ids);
  });

  test('a document that kills its worker again and again fails with a reason', async () => {
    const account = await newTenant();
    const { ids } = await pending(account, 'Poison.', 'poison.txt');
    await env.DB.prepare('UPDATE documents SET attempts = 8 WHERE file_id = ?').bind(ids.fileId).run();
    await ingest(services(), ids, trace());
    expect(await read(ids)).toMatchObject({ status: 'failed', error: { reason: 'interrupted' } });
  });
});

test('attributes that change while a document is indexed are the ones that filters see', async () => {
  const account = await newTenant();
  const { client, ids } = await pending(account, 'Saddles of leather.', 'saddles.txt');
  const inStore = { vector_store_id: ids.vectorStoreId };
  const real = services();
  const busy: typeof real.passages = {
    ...real.passages,
    write: async (...call) => {
      await client.vectorStores.files.update(ids.fileId, { ...inStore, attributes: { year: 2026 } });
      await real.passages.write(...call);
    },
  };
  expect(await ingest({ ...real, passages: busy }, ids, trace())).toBeNull();
  const found = await client.vectorStores.search(ids.vectorStoreId, {
    query: 'leather',
    filters: { type: 'eq', key: 'year', value: 2026 },
  });
  expect(found.data).toMatchObject([{ file_id: ids.fileId, attributes: { year: 2026 } }]);
});

test('ING-31: a PDF names the pages that it lost, by reason, and a Chinese font finds its character map', async () => {
  const account = await newTenant();
  const line = (text: string) => ({ content: at(72, 700, text) });
  const garbage = 'Wkh txlfn eurzq ira mxpsv ryhu wkh odcb grj dqg wkhq vohhsv';
  const bytes = pdfFile(
    [
      line('The first page.'),
      { content: lines(72, 700, [garbage, garbage, garbage]) },
      chinesePage('押金为两个月租金。'),
      line(''),
    ],
    { kids: ([a, b, c, d]) => [a ?? '', b ?? '', '99 0 R', c ?? '', d ?? ''] },
  );
  const { client, ids } = await pending(account, bytes, 'mixed.pdf');
  expect(await ingest(services(), ids, trace())).toBeNull();
  const inStore = { vector_store_id: ids.vectorStoreId };
  const { status, progress } = (await client.vectorStores.files.retrieve(ids.fileId, inStore)) as unknown as {
    status: string;
    progress: { message: string };
  };
  expect(status).toBe('completed');
  expect(progress.message).toBe(
    'Not read: 1 page(s) whose fonts do not say which letters they draw (2); 1 page(s) that are damaged (3); ' +
      '1 page(s) without text (5). With "ocr": true on the file or its vector store, pages that are pictures are read.',
  );
  const content = await client.vectorStores.files.content(ids.fileId, inStore);
  expect(content.data[3]).toMatchObject({ page: 4, text: '押金为两个月租金。' });
});

test('a PDF of which a page holds no text is completed, says so, and never finds its own remark', async () => {
  const account = await newTenant();
  const pages = [[{ text: 'Forks are serviced in March.', y: 700 }], [], [{ text: 'Hubs in May.', y: 700 }]];
  const { client, ids } = await pending(account, pdf(pages), 'scan.pdf');
  expect(await ingest(services(), ids, trace())).toBeNull();
  const inStore = { vector_store_id: ids.vectorStoreId };
  expect(await client.vectorStores.files.retrieve(ids.fileId, inStore)).toMatchObject({
    status: 'completed',
    progress: { message: expect.stringContaining('1 page(s) without text (2)') },
  });
  const content = await client.vectorStores.files.content(ids.fileId, inStore);
  expect(content.data).toMatchObject([{ page: 1 }, { page: 2, block: 'figure', unread: true }, { page: 3 }]);
  const found = await client.vectorStores.search(ids.vectorStoreId, { query: 'page blank picture not read' });
  expect(found.data.map((hit) => hit.content[0]?.text).toSorted()).toEqual([
    'Forks are serviced in March.',
    'Hubs in May.',
  ]);
});

describe('models', () => {
  const down = new Failure('upstream_unavailable', 'The model is not available now.', { retryAfter: 7 });

  test('a model that is down is waited for, and the progress says so', async () => {
    const account = await newTenant();
    const { ids, client } = await pending(account, 'Patience with bicycles.', 'a.txt');
    expect(await ingest({ ...services(), embedder: failing(down) }, ids, trace())).toEqual({
      delaySeconds: 7,
    });
    const shown = await client.vectorStores.files.retrieve(ids.fileId, {
      vector_store_id: ids.vectorStoreId,
    });
    expect(shown).toMatchObject({
      status: 'in_progress',
      progress: {
        stage: 'embedding',
        embedding: 'pending',
        message: expect.stringContaining('next try in 7 s'),
      },
    });
    expect(await ingest(services(), ids, trace())).toBeNull();
    expect(await read(ids)).toMatchObject({ status: 'completed', withoutVectors: false, waitingFor: null });
  });

  test('without any model the words alone are searchable, and vectors follow when there is one', async () => {
    const account = await newTenant();
    const { ids, client } = await pending(account, 'Words alone find bicycles.', 'a.txt');
    const missing = new Failure('upstream_unavailable', 'No model.', { reason: 'model_missing' });
    expect(await ingest({ ...services(), embedder: failing(missing) }, ids, trace())).toBeNull();
    const shown = () =>
      client.vectorStores.files.retrieve(ids.fileId, { vector_store_id: ids.vectorStoreId });
    expect(await shown()).toMatchObject({ status: 'completed', progress: { embedding: 'unavailable' } });
    expect(await holdings(account, ids.vectorStoreId, ids.fileId)).toMatchObject({ passages: 1, vectors: 0 });
    await ingest(services(), ids, trace());
    expect(await shown()).toMatchObject({
      status: 'completed',
      progress: { embedding: 'complete', message: null },
    });
    expect(await holdings(account, ids.vectorStoreId, ids.fileId)).toMatchObject({ passages: 1, vectors: 1 });
  });

  test('ING-3: vectors that cannot be found yet keep it from being completed', async () => {
    const account = await newTenant();
    const { ids } = await pending(account, 'Settling takes time.', 'a.txt');
    const real = services();
    const slow = { ...real, vectors: { ...real.vectors, visible: async () => false } };
    expect(await ingest(slow, ids, trace())).toEqual({ delaySeconds: 1 });
    expect(await read(ids)).toMatchObject({ status: 'in_progress', stage: 'settling' });
    const later = { ...slow, clock: () => Date.now() + 6 * 60_000 };
    expect(await ingest(later, ids, trace())).toBeNull();
    expect(await read(ids)).toMatchObject({ status: 'completed', stage: 'ready' });
  });
});

/** A page whose drawing unpacks to 80 MiB. */
function pdfBomb(): Uint8Array {
  const packed = deflateSync(new Uint8Array(80 * 1024 * 1024).fill(0x20)).toString('latin1');
  const text = new TextDecoder('latin1').decode(pdf([[]]));
  const stream = `<< /Length ${packed.length} /Filter /FlateDecode >>\nstream\n${packed}\nendstream`;
  const filled = text.replace(/<< \/Length 0 >>\nstream\n\nendstream/, () => stream);
  return Uint8Array.from(filled, (character) => character.charCodeAt(0));
}

describe('hostile documents fail with a reason and harm nothing else', () => {
  test.each([
    ['invalid UTF-8', 'a.txt', new Uint8Array([0x61, 0xff]), 'invalid_file', 'not_utf8'],
    ['an image', 'a.png', new Uint8Array([0x89, 0x50, 0]), 'unsupported_file', 'unsupported_format'],
    ['a broken PDF', 'a.pdf', new TextEncoder().encode('%PDF-1.7 …'), 'invalid_file', 'malformed'],
    ['a PDF that unpacks to 80 MiB', 'a.pdf', pdfBomb(), 'invalid_file', 'too_large'],
    ['an empty Markdown file', 'a.md', new TextEncoder().encode('\n\n'), 'invalid_file', 'empty'],
  ])(
    '%s',
    async (_name, filename, bytes, code, reason) => {
      const account = await newTenant();
      const client = openai(account);
      const store = await client.vectorStores.create({});
      const good = await upload(account, 'A good document about bells.', 'good.txt');
      const bad = await upload(account, bytes, filename);
      const batch = await client.vectorStores.fileBatches.createAndPoll(store.id, { file_ids: [good, bad] });
      expect(batch.file_counts).toMatchObject({ completed: 1, failed: 1, total: 2 });
      const shown = await client.vectorStores.files.retrieve(bad, { vector_store_id: store.id });
      expect(shown).toMatchObject({ status: 'failed', last_error: { code, reason } });
      expect(await holdings(account, store.id, bad)).toMatchObject({ passages: 0, vectors: 0 });
    },
    20_000,
  );
});
