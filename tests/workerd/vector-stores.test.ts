import { env } from 'cloudflare:test';
import { toFile } from 'openai';
import { describe, expect, test } from 'vitest';
import { d1Documents } from '../../adapters/d1-documents.ts';
import { d1VectorStores } from '../../adapters/d1-vector-stores.ts';
import { asId, type DocumentId, type FileId, type KeyId, type VectorStoreId } from '../../core/identifier.ts';
import { autoChunking } from '../../core/ingest/chunk.ts';
import { openVectorStore } from '../../core/ingest/vector-store.ts';
import { newTenant } from './access.ts';
import { openai } from './openai.ts';

const guide = `# Bicycle guide

## Tyres

Keep the tyres at four bar. Check the pressure every month.

## Chain

Clean the chain with a dry cloth, then oil it.
`;

describe('vector stores', () => {
  test('the official client takes a file through its whole life', async () => {
    const client = openai(await newTenant());
    const file = await client.files.create({
      file: await toFile(new TextEncoder().encode(guide), 'guide.md'),
      purpose: 'assistants',
    });
    expect(file).toMatchObject({
      filename: 'guide.md',
      bytes: new TextEncoder().encode(guide).length,
      purpose: 'assistants',
    });

    const store = await client.vectorStores.create({ name: 'Guides', metadata: { team: 'shop' } });
    const indexed = await client.vectorStores.files.createAndPoll(store.id, {
      file_id: file.id,
      attributes: { language: 'en', year: 2026, public: true },
    });
    expect(indexed).toMatchObject({ status: 'completed', last_error: null, attributes: { year: 2026 } });
    expect(indexed).toMatchObject({ progress: { stage: 'ready', blocks: 5, chunks: 1, embedded: 1 } });

    expect(await client.vectorStores.retrieve(store.id)).toMatchObject({
      status: 'completed',
      name: 'Guides',
      file_counts: { completed: 1, in_progress: 0, total: 1 },
    });

    const blocks = [];
    for await (const block of client.vectorStores.files.content(file.id, { vector_store_id: store.id }))
      blocks.push(block);
    expect(blocks[0]).toMatchObject({
      type: 'text',
      text: 'Bicycle guide',
      block: 'heading',
      level: 1,
      start: 0,
      end: 13,
    });

    await client.vectorStores.files.delete(file.id, { vector_store_id: store.id });
    await expect(
      client.vectorStores.files.retrieve(file.id, { vector_store_id: store.id }),
    ).rejects.toMatchObject({ status: 404 });
    expect(await (await client.files.content(file.id)).text()).toBe(guide);
    expect(await client.files.delete(file.id)).toEqual({ id: file.id, object: 'file', deleted: true });
    await expect(client.files.retrieve(file.id)).rejects.toMatchObject({ status: 404 });
    expect(await client.vectorStores.delete(store.id)).toMatchObject({ deleted: true });
  });

  test('many files at once are a batch; lists filter by status; stores are changed and paged', async () => {
    const client = openai(await newTenant());
    const store = await client.vectorStores.create({
      name: 'Batch',
      expires_after: { anchor: 'last_active_at', days: 3 },
    });
    const files = await Promise.all(
      ['one', 'two'].map((name) => toFile(new TextEncoder().encode(`About ${name}.`), `${name}.txt`)),
    );
    const batch = await client.vectorStores.fileBatches.uploadAndPoll(store.id, { files });
    expect(batch).toMatchObject({ status: 'completed', file_counts: { completed: 2, total: 2 } });
    const names: string[] = [];
    for await (const file of client.vectorStores.fileBatches.listFiles(batch.id, {
      vector_store_id: store.id,
      filter: 'completed',
    })) {
      names.push((file as typeof file & { filename: string }).filename);
    }
    expect(names.toSorted()).toEqual(['one.txt', 'two.txt']);
    expect((await client.vectorStores.files.list(store.id, { filter: 'failed' })).data).toEqual([]);
    const changed = await client.vectorStores.update(store.id, {
      name: 'Renamed',
      metadata: { a: 'b' },
      expires_after: null,
    });
    expect(changed).toMatchObject({ name: 'Renamed', metadata: { a: 'b' }, expires_at: null });
    expect((await client.vectorStores.list()).data.map((one) => one.id)).toEqual([store.id]);
  }, 30_000);

  test('whoever deletes while paging meets every store once, and no cursor that is gone', async () => {
    const client = openai(await newTenant());
    for (let made = 0; made < 5; made += 1) await client.vectorStores.create({ name: `${made}` });
    const names: string[] = [];
    for await (const store of client.vectorStores.list({ limit: 2 })) {
      names.push(store.name);
      await client.vectorStores.delete(store.id);
    }
    expect(names.toSorted()).toEqual(['0', '1', '2', '3', '4']);
  });

  test('two thousand files with all the attributes they may have are bound in parts that D1 takes', async () => {
    const account = await newTenant();
    const bound: number[] = [];
    const watched = new Proxy(env.DB, {
      get: (database, name) =>
        name === 'prepare'
          ? (sql: string) => ({
              bind: (...values: readonly unknown[]) => {
                bound.push(...values.map((value) => new TextEncoder().encode(String(value)).length));
                return database.prepare(sql).bind(...values);
              },
            })
          : database[name as 'batch'].bind(database),
    });
    const attributes = Object.fromEntries(
      Array.from({ length: 16 }, (_, at) => [`key${at}`, '一'.repeat(512)] as const),
    );
    const added = Array.from({ length: 2_000 }, (_, at) => ({
      id: asId<DocumentId>(`doc_${account.tenantId}_${at}`),
      tenantId: account.tenantId,
      keyId: asId<KeyId>('key_test'),
      vectorStoreId: asId<VectorStoreId>('vs_0'),
      fileId: asId<FileId>(`file-${at}`),
      batchId: null,
      attributes,
      chunking: autoChunking,
      ocr: false,
      createdAt: 0,
    }));
    await d1Documents(watched).attach(account.tenantId, added);
    expect(bound.reduce((sum, bytes) => sum + bytes, 0)).toBeGreaterThan(40_000_000);
    expect(Math.max(...bound)).toBeLessThan(2_000_000);
  }, 30_000);

  test('the one name that schemas pass over is refused, and may still be spoken of', async () => {
    const account = await newTenant();
    const send = (body: string) =>
      account.fetch('/v1/vector_stores', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
    const refused = await send('{"metadata":{"__proto__":"x"}}');
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ error: { param: '__proto__' } });
    expect((await send('{"metadata":{"\\u005f_pr\\u006fto__":"x"}}')).status).toBe(400);
    const text = 'A "__proto__": is a name.';
    const taken = await send(JSON.stringify({ metadata: { text } }));
    expect(await taken.json()).toMatchObject({ metadata: { text } });
  });

  test('a batch that has ended cannot be cancelled any more', async () => {
    const client = openai(await newTenant());
    const store = await client.vectorStores.create({});
    const file = await client.files.create({
      file: await toFile(new TextEncoder().encode(guide), 'g.md'),
      purpose: 'assistants',
    });
    const batch = await client.vectorStores.fileBatches.createAndPoll(store.id, {
      file_ids: [file.id, file.id],
    });
    expect(batch).toMatchObject({ status: 'completed', file_counts: { completed: 1, total: 1 } });
    const cancelled = await client.vectorStores.fileBatches.cancel(batch.id, { vector_store_id: store.id });
    expect(cancelled).toEqual(batch);
  }, 30_000);

  test('a question to a store reads the row of the store, whatever it holds', async () => {
    const account = await newTenant();
    const store = await openai(account).vectorStores.create({});
    const asked: string[] = [];
    const watched = new Proxy(env.DB, {
      get: (database, name) =>
        name === 'prepare'
          ? (sql: string) => {
              asked.push(sql);
              return database.prepare(sql);
            }
          : Reflect.get(database, name),
    });
    const deps = { vectorStores: d1VectorStores(watched), clock: Date.now };
    expect(await openVectorStore(deps, account.tenantId, asId(store.id))).toMatchObject({ id: store.id });
    expect(asked.length).toBe(1);
    expect(asked.join()).not.toContain('documents');
  });

  test('another tenant sees no store, document or batch', async () => {
    const owner = openai(await newTenant());
    const other = openai(await newTenant());
    const store = await owner.vectorStores.create({});
    const file = await owner.files.create({
      file: await toFile(new TextEncoder().encode(guide), 'g.md'),
      purpose: 'assistants',
    });
    const batch = await owner.vectorStores.fileBatches.createAndPoll(store.id, { file_ids: [file.id] });
    const inStore = { vector_store_id: store.id };
    const attempts = [
      () => other.vectorStores.retrieve(store.id),
      () => other.vectorStores.update(store.id, { name: 'mine' }),
      () => other.vectorStores.delete(store.id),
      () => other.vectorStores.files.list(store.id),
      () => other.vectorStores.files.retrieve(file.id, inStore),
      () => other.vectorStores.files.content(file.id, inStore),
      () => other.vectorStores.files.delete(file.id, inStore),
      () => other.vectorStores.fileBatches.retrieve(batch.id, inStore),
      () => other.vectorStores.fileBatches.cancel(batch.id, inStore),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ status: 404 });
    expect((await other.vectorStores.list()).data).toEqual([]);
    expect(await owner.vectorStores.retrieve(store.id)).toMatchObject({
      name: '',
      file_counts: { completed: 1 },
    });
  }, 30_000);
});
