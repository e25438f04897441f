import { toFile } from 'openai';
import { describe, expect, test } from 'vitest';
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
