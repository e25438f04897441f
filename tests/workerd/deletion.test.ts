import { env } from 'cloudflare:test';
import { toFile } from 'openai';
import { describe, expect, test, vi } from 'vitest';
import { d1Backlog } from '../../adapters/d1-backlog.ts';
import { Failure } from '../../core/failure.ts';
import { asId, type FileId, type VectorStoreId } from '../../core/identifier.ts';
import type { DocumentIds } from '../../core/ingest/document.ts';
import { ingest } from '../../core/ingest/ingest.ts';
import { LEASE_MS } from '../../core/ingest/lease.ts';
import { sweep } from '../../core/ingest/sweep.ts';
import { deleteVectorStore } from '../../core/ingest/vector-store.ts';
import type { Embedder } from '../../core/models/ports.ts';
import { type Account, newTenant } from './access.ts';
import { holdings, nothing, paragraphs, pending, read, services, trace, upload, words } from './documents.ts';
import { openai } from './openai.ts';

/** Real embeddings on a shared machine take their time, and queues wait for theirs. */
vi.setConfig({ testTimeout: 60_000 });

const soon = { timeout: 40_000, interval: 200 };

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const storeRow = (id: string) => env.DB.prepare('SELECT * FROM vector_stores WHERE id = ?').bind(id).first();

describe('deletion', () => {
  async function indexed(account: Account) {
    const pendingDocument = await pending(account, paragraphs(10, 'brakes'), 'brakes.md');
    await ingest(services(), pendingDocument.ids, trace());
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
      async () => same(await holdings(account, ids.vectorStoreId, ids.fileId), nothing),
      soon,
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
    await vi.waitUntil(async () => (await holdings(account, ids.vectorStoreId, ids.fileId)).rows === 1, soon);
    expect(await holdings(account, ids.vectorStoreId, ids.fileId)).toEqual({
      objects: 2,
      rows: 1,
      filtered: 1,
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
    await vi.waitUntil(async () => (await holdings(account, ids.vectorStoreId, ids.fileId)).rows === 1, soon);
    expect(await holdings(account, ids.vectorStoreId, ids.fileId)).toEqual({
      objects: 2,
      rows: 1,
      filtered: 1,
      passages,
      vectors: passages,
    });
  });

  test('a deleted store takes its documents with it, and no file', async () => {
    const account = await newTenant();
    const { client, ids } = await indexed(account);
    await client.vectorStores.delete(ids.vectorStoreId);
    await vi.waitUntil(async () => (await holdings(account, ids.vectorStoreId, ids.fileId)).rows === 0, soon);
    expect(await holdings(account, ids.vectorStoreId, ids.fileId)).toEqual({ ...nothing, objects: 2 });
    await sweep({ ...services(), backlog: d1Backlog(env.DB) });
    expect(await storeRow(ids.vectorStoreId)).toBeNull();
    expect(await words(ids.vectorStoreId)).toBeNull();
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
    expect(await ingest(late, ids, trace())).toEqual({ delaySeconds: 0 });
    await ingest(services(), ids, trace());
    expect(await holdings(account, ids.vectorStoreId, ids.fileId)).toEqual(nothing);
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
    const { status } = await read({
      tenantId: account.tenantId,
      vectorStoreId: asId<VectorStoreId>(store.id),
      fileId: asId<FileId>(file),
    });
    if (status === 'cancelled') {
      await vi.waitUntil(async () => (await holdings(account, store.id, file)).passages === 0, soon);
    }
  });

  test('a store deleted while Vectorize is away goes all the same, its vectors last', async () => {
    const account = await newTenant();
    const { ids } = await indexed(account);
    const real = services();
    const quiet = { ...real, ingestQueue: { send: async () => undefined } };
    await deleteVectorStore(quiet, account.tenantId, ids.vectorStoreId);
    expect(await words(ids.vectorStoreId)).toBeNull();
    const away: typeof real.vectors = {
      ...real.vectors,
      remove: async () => {
        throw new Failure('upstream_failed', 'The vector index did not answer.');
      },
    };
    await expect(ingest({ ...real, vectors: away }, ids, trace())).rejects.toThrow('did not answer');
    expect(await holdings(account, ids.vectorStoreId, ids.fileId)).toMatchObject({ rows: 1, passages: 0 });
    const sent: DocumentIds[] = [];
    const sweeping = {
      ...real,
      backlog: d1Backlog(env.DB),
      ingestQueue: { send: async (some: readonly DocumentIds[]) => void sent.push(...some) },
    };
    await sweep({ ...sweeping, clock: () => Date.now() + 2 * LEASE_MS });
    expect(sent).toContainEqual(ids);
    await ingest(real, ids, trace());
    expect(await holdings(account, ids.vectorStoreId, ids.fileId)).toEqual({ ...nothing, objects: 2 });
    await sweep(sweeping);
    expect(await storeRow(ids.vectorStoreId)).toBeNull();
    expect(await words(ids.vectorStoreId)).toBeNull();
  });

  test('a file in two stores leaves both when it expires', async () => {
    const account = await newTenant();
    const client = openai(account);
    const file = await client.files.create({
      file: await toFile(new TextEncoder().encode('Lights for the dark.'), 'lights.txt'),
      purpose: 'assistants',
      expires_after: { anchor: 'created_at', seconds: 3600 },
    });
    const stores = [await client.vectorStores.create({}), await client.vectorStores.create({})];
    for (const [shelf, store] of stores.entries()) {
      await client.vectorStores.files.createAndPoll(store.id, { file_id: file.id, attributes: { shelf } });
    }
    const clock = () => Date.now() + 3_600_001;
    await sweep({ ...services(), backlog: d1Backlog(env.DB), clock });
    for (const { id } of stores) {
      expect(await words(id)).toBe(0);
      expect((await client.vectorStores.search(id, { query: 'lights' })).data).toEqual([]);
      await vi.waitUntil(async () => same(await holdings(account, id, file.id), nothing), soon);
    }
    await expect(client.files.retrieve(file.id)).rejects.toMatchObject({ status: 404 });
    await sweep({ ...services(), backlog: d1Backlog(env.DB), clock });
    expect(await env.DB.prepare('SELECT * FROM files WHERE id = ?').bind(file.id).first()).toBeNull();
  });

  test('a store expires after its days without use: refused to questions, its content gone, its files kept', async () => {
    const account = await newTenant();
    const { client, ids } = await indexed(account);
    const id = ids.vectorStoreId;
    await client.vectorStores.update(id, { expires_after: { anchor: 'last_active_at', days: 1 } });
    const day = 24 * 60 * 60 * 1000;
    const idleFor = (hours: number) =>
      env.DB.prepare('UPDATE vector_stores SET last_active_at = ? WHERE id = ?')
        .bind(Date.now() - hours * (day / 24), id)
        .run();
    const sweeping = { ...services(), backlog: d1Backlog(env.DB) };

    await idleFor(23);
    const search = () => client.vectorStores.search(id, { query: 'brakes' });
    expect((await search()).data.length).toBeGreaterThan(0);
    expect((await client.vectorStores.retrieve(id)).expires_at).toBeGreaterThan(
      (Date.now() + day / 2) / 1000,
    );

    await idleFor(25);
    const expired = { status: 409, code: 'vector_store_expired' };
    await expect(search()).rejects.toMatchObject(expired);
    await sweep(sweeping);
    expect(await words(id)).toBeNull();
    await vi.waitUntil(
      async () => same(await holdings(account, id, ids.fileId), { ...nothing, objects: 2 }),
      soon,
    );
    expect(await client.vectorStores.retrieve(id)).toMatchObject({
      status: 'expired',
      file_counts: { total: 0 },
    });
    const attempts = [
      search,
      () =>
        client.responses.create({
          input: 'Brakes?',
          tools: [{ type: 'file_search', vector_store_ids: [id] }],
        }),
      () => client.vectorStores.files.create(id, { file_id: ids.fileId }),
      () => client.vectorStores.update(id, { expires_after: null }),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject(expired);
    expect(await client.files.retrieve(ids.fileId)).toMatchObject({ id: ids.fileId });
    expect(await client.vectorStores.delete(id)).toMatchObject({ deleted: true });
  });
});
