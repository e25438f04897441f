import { createExecutionContext, createMessageBatch, env, getQueueResult } from 'cloudflare:test';
import { toFile } from 'openai';
import { describe, expect, test, vi } from 'vitest';
import { d1Backlog } from '../../adapters/d1-backlog.ts';
import { Failure } from '../../core/failure.ts';
import type { StoredDocument } from '../../core/ingest/document.ts';
import { giveUp, ingest } from '../../core/ingest/ingest.ts';
import { sweep } from '../../core/ingest/sweep.ts';
import { LEASE_MS } from '../../core/ingest/turn.ts';
import type { Embedder } from '../../core/models/ports.ts';
import { Trace } from '../../core/telemetry/trace.ts';
import { compose } from '../../workers/composition.ts';
import worker from '../../workers/index.ts';
import { type Account, newTenant } from './access.ts';
import { openai } from './openai.ts';

/** Real embeddings of some hundred passages on a shared machine take their time. */
vi.setConfig({ testTimeout: 60_000 });

const paragraphs = (count: number, topic: string): string =>
  `# ${topic}\n\n${Array.from({ length: count }, (_, at) => `## Part ${at}\n\n${`Sentence ${at} about ${topic} and its care. `.repeat(20)}`).join('\n\n')}`;

const services = () => compose(env);
const span = () => new Trace('test', services()).root;

async function upload(account: Account, text: string | Uint8Array, name: string): Promise<string> {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text.slice();
  return (await openai(account).files.create({ file: await toFile(bytes, name), purpose: 'assistants' })).id;
}

/** What each of the four stores holds of a file. */
async function holdings(account: Account, store: string, file: string) {
  const count = async (database: D1Database, sql: string) =>
    (await database.prepare(sql).bind(account.tenantId, file).first<{ n: number }>())?.n ?? 0;
  const objects = await env.DOCUMENTS.list();
  const ids = await env.SEARCH.prepare('SELECT id FROM passages WHERE tenant_id = ? AND file_id = ?')
    .bind(account.tenantId, file)
    .all<{ id: string }>();
  const everVectors = await vectorIds(account, store, file);
  return {
    objects: objects.objects.filter((object) => object.key.includes(file)).length,
    rows: await count(env.DB, 'SELECT count(*) AS n FROM documents WHERE tenant_id = ? AND file_id = ?'),
    passages: ids.results.length,
    vectors: everVectors.length,
  };
}

async function vectorIds(account: Account, store: string, file: string): Promise<readonly string[]> {
  const values = Array.from({ length: 384 }, (_, at) => (at === 0 ? 1 : 0.01));
  const { matches } = await env.VECTORIZE.query(values, {
    namespace: account.tenantId,
    topK: 100,
    filter: { vector_store: store, file },
  });
  return matches.map((match) => match.id);
}

/** A document with its work not yet begun: the queue is real, so it is held back by a lease of the test's. */
async function pending(account: Account, text: string | Uint8Array, name: string) {
  const client = openai(account);
  const file = await upload(account, text, name);
  const store = await client.vectorStores.create({});
  const { documents, vectorStores } = services();
  const found = await vectorStores.find(account.tenantId, store.id);
  expect(found).not.toBeNull();
  await documents.attach([
    {
      id: `doc_${crypto.randomUUID().replaceAll('-', '').slice(0, 24)}`,
      tenantId: account.tenantId,
      keyId: 'key_test',
      vectorStoreId: store.id,
      fileId: file,
      batchId: null,
      attributes: {},
      chunking: { maxTokens: 400, overlapTokens: 0, auto: true },
      createdAt: Date.now(),
    },
  ]);
  return { client, ids: { tenantId: account.tenantId, vectorStoreId: store.id, fileId: file } };
}

const read = async (ids: {
  tenantId: string;
  vectorStoreId: string;
  fileId: string;
}): Promise<StoredDocument> => {
  const [document] = await services().documents.find(ids.tenantId, ids.vectorStoreId, [ids.fileId]);
  if (document === undefined) throw new Error('No such document.');
  return document;
};

const failing = (failure: Failure): Embedder => ({
  ...services().embedder,
  embed: async () => {
    throw failure;
  },
});

describe('delivery', () => {
  test('a message that comes three times, twice at once, changes nothing', async () => {
    const account = await newTenant();
    const { ids } = await pending(account, paragraphs(12, 'bicycles'), 'bicycles.md');
    await Promise.all([ingest(services(), ids, span()), ingest(services(), ids, span())]);
    const first = await read(ids);
    expect(first).toMatchObject({ status: 'completed', stage: 'ready', trouble: null });
    expect(first.embedded).toBe(first.passages);
    const before = await holdings(account, ids.vectorStoreId, ids.fileId);
    expect(before).toEqual({ objects: 2, rows: 1, passages: first.passages, vectors: first.passages });
    expect(await ingest(services(), ids, span())).toBeNull();
    expect(await holdings(account, ids.vectorStoreId, ids.fileId)).toEqual(before);
    expect(await read(ids)).toEqual(first);
  });

  test('a worker that died at any stage is replaced when its lease has run out, and nothing is lost or twice', async () => {
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
      void ingest(broken, ids, span());
      await vi.waitUntil(() => crashes > before, { timeout: 20_000 });
      expect(await ingest({ ...real, clock: () => now }, ids, span())).toBeNull();
      expect((await read(ids)).status).toBe('in_progress');
      now += LEASE_MS + 1;
    }
    await ingest({ ...services(), clock: () => now }, ids, span());
    const document = await read(ids);
    expect(document).toMatchObject({ status: 'completed', embedded: document.passages });
    expect(await holdings(account, ids.vectorStoreId, ids.fileId)).toEqual({
      objects: 2,
      rows: 1,
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
    await ingest(services(), ids, span());
    expect(await read(ids)).toMatchObject({ status: 'failed', error: { reason: 'interrupted' } });
  });
});

describe('models', () => {
  const down = new Failure('upstream_unavailable', 'The model is not available now.', { retryAfter: 7 });

  test('a model that is down is waited for, and the progress says so', async () => {
    const account = await newTenant();
    const { ids, client } = await pending(account, 'Patience with bicycles.', 'a.txt');
    expect(await ingest({ ...services(), embedder: failing(down) }, ids, span())).toEqual({
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
    expect(await ingest(services(), ids, span())).toBeNull();
    expect(await read(ids)).toMatchObject({ status: 'completed', withoutVectors: false, trouble: null });
  });

  test('without any model the words alone are searchable, and vectors follow when there is one', async () => {
    const account = await newTenant();
    const { ids, client } = await pending(account, 'Words alone find bicycles.', 'a.txt');
    const missing = new Failure('upstream_unavailable', 'No model.', { reason: 'model_missing' });
    expect(await ingest({ ...services(), embedder: failing(missing) }, ids, span())).toBeNull();
    const shown = () =>
      client.vectorStores.files.retrieve(ids.fileId, { vector_store_id: ids.vectorStoreId });
    expect(await shown()).toMatchObject({ status: 'completed', progress: { embedding: 'unavailable' } });
    expect(await holdings(account, ids.vectorStoreId, ids.fileId)).toMatchObject({ passages: 1, vectors: 0 });
    await ingest(services(), ids, span());
    expect(await shown()).toMatchObject({
      status: 'completed',
      progress: { embedding: 'complete', message: null },
    });
    expect(await holdings(account, ids.vectorStoreId, ids.fileId)).toMatchObject({ passages: 1, vectors: 1 });
  });

  test('vectors that cannot be found yet keep it from being completed', async () => {
    const account = await newTenant();
    const { ids } = await pending(account, 'Settling takes time.', 'a.txt');
    const real = services();
    const slow = { ...real, vectors: { ...real.vectors, visible: async () => false } };
    expect(await ingest(slow, ids, span())).toEqual({ delaySeconds: 1 });
    expect(await read(ids)).toMatchObject({ status: 'in_progress', stage: 'settling' });
    const later = { ...slow, clock: () => Date.now() + 6 * 60_000 };
    expect(await ingest(later, ids, span())).toBeNull();
    expect(await read(ids)).toMatchObject({ status: 'completed', stage: 'ready' });
  });
});

describe('deletion', () => {
  const gone = { objects: 0, rows: 0, passages: 0, vectors: 0 };

  async function indexed(account: Account) {
    const pendingDocument = await pending(account, paragraphs(10, 'brakes'), 'brakes.md');
    await ingest(services(), pendingDocument.ids, span());
    expect(
      (await holdings(account, pendingDocument.ids.vectorStoreId, pendingDocument.ids.fileId)).vectors,
    ).toBeGreaterThan(3);
    return pendingDocument;
  }

  test('a deleted file leaves all four stores, its words at once', async () => {
    const account = await newTenant();
    const { client, ids } = await indexed(account);
    await client.files.delete(ids.fileId);
    expect(await holdings(account, ids.vectorStoreId, ids.fileId)).toMatchObject({ objects: 0, passages: 0 });
    await vi.waitUntil(
      async () =>
        JSON.stringify(await holdings(account, ids.vectorStoreId, ids.fileId)) === JSON.stringify(gone),
      { timeout: 40_000, interval: 200 },
    );
    await sweep({ ...services(), backlog: d1Backlog(env.DB) });
    expect(await env.DB.prepare('SELECT * FROM files WHERE id = ?').bind(ids.fileId).first()).toBeNull();
  });

  test('a file taken out of a store stays a file; put back in, it is indexed once', async () => {
    const account = await newTenant();
    const { client, ids } = await indexed(account);
    const store = { vector_store_id: ids.vectorStoreId };
    const before = (await read(ids)).passages;
    await client.vectorStores.files.delete(ids.fileId, store);
    expect(await holdings(account, ids.vectorStoreId, ids.fileId)).toMatchObject({ passages: 0 });
    const again = await client.vectorStores.files.createAndPoll(ids.vectorStoreId, { file_id: ids.fileId });
    expect(again.status).toBe('completed');
    await vi.waitUntil(async () => (await holdings(account, ids.vectorStoreId, ids.fileId)).rows === 1, {
      timeout: 40_000,
      interval: 200,
    });
    expect(await holdings(account, ids.vectorStoreId, ids.fileId)).toEqual({
      objects: 2,
      rows: 1,
      passages: before,
      vectors: before,
    });
  });

  test('another chunking replaces what was indexed', async () => {
    const account = await newTenant();
    const { client, ids } = await indexed(account);
    const before = (await read(ids)).passages;
    const again = await client.vectorStores.files.createAndPoll(ids.vectorStoreId, {
      file_id: ids.fileId,
      chunking_strategy: { type: 'static', static: { max_chunk_size_tokens: 100, chunk_overlap_tokens: 20 } },
    });
    expect(again.status).toBe('completed');
    const { passages } = await read(ids);
    expect(passages).toBeGreaterThan(before);
    await vi.waitUntil(async () => (await holdings(account, ids.vectorStoreId, ids.fileId)).rows === 1, {
      timeout: 40_000,
      interval: 200,
    });
    expect(await holdings(account, ids.vectorStoreId, ids.fileId)).toEqual({
      objects: 2,
      rows: 1,
      passages,
      vectors: passages,
    });
  });

  test('a deleted store takes its documents with it, and no file', async () => {
    const account = await newTenant();
    const { client, ids } = await indexed(account);
    await client.vectorStores.delete(ids.vectorStoreId);
    await vi.waitUntil(async () => (await holdings(account, ids.vectorStoreId, ids.fileId)).rows === 0, {
      timeout: 40_000,
      interval: 200,
    });
    expect(await holdings(account, ids.vectorStoreId, ids.fileId)).toEqual({ ...gone, objects: 2 });
    await sweep({ ...services(), backlog: d1Backlog(env.DB) });
    expect(
      await env.DB.prepare('SELECT * FROM vector_stores WHERE id = ?').bind(ids.vectorStoreId).first(),
    ).toBeNull();
    expect(await client.files.retrieve(ids.fileId)).toMatchObject({ id: ids.fileId });
  });

  test('a worker that writes after the deletion finds its document gone, and takes all of it out again', async () => {
    const account = await newTenant();
    const { client, ids } = await pending(account, paragraphs(10, 'brakes'), 'brakes.md');
    const real = services();
    const late = {
      ...real,
      embedder: {
        ...real.embedder,
        embed: async (...call: Parameters<Embedder['embed']>) => {
          const vectors = await real.embedder.embed(...call);
          await client.files.delete(ids.fileId);
          return vectors;
        },
      },
    };
    expect(await ingest(late, ids, span())).toEqual({ delaySeconds: 0 });
    await ingest(services(), ids, span());
    expect(await holdings(account, ids.vectorStoreId, ids.fileId)).toEqual(gone);
  });

  test('a cancelled batch stops what is in progress and takes out what of it was indexed', async () => {
    const account = await newTenant();
    const client = openai(account);
    const store = await client.vectorStores.create({});
    const file = await upload(account, paragraphs(10, 'gears'), 'gears.md');
    const batch = await client.vectorStores.fileBatches.create(store.id, { file_ids: [file] });
    const cancelled = await client.vectorStores.fileBatches.cancel(batch.id, { vector_store_id: store.id });
    expect(cancelled.status).toBe('cancelled');
    expect(cancelled.file_counts.in_progress).toBe(0);
    const { status } = await read({ tenantId: account.tenantId, vectorStoreId: store.id, fileId: file });
    if (status === 'cancelled') {
      await vi.waitUntil(async () => (await holdings(account, store.id, file)).passages === 0, {
        timeout: 40_000,
        interval: 200,
      });
    }
  });
});

describe('hostile documents fail with a reason and harm nothing else', () => {
  test.each([
    ['invalid UTF-8', 'a.txt', new Uint8Array([0x61, 0xff]), 'invalid_file', 'not_utf8'],
    ['an image', 'a.png', new Uint8Array([0x89, 0x50, 0]), 'unsupported_file', 'unsupported_format'],
    ['a broken PDF', 'a.pdf', new TextEncoder().encode('%PDF-1.7 …'), 'invalid_file', 'malformed'],
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
