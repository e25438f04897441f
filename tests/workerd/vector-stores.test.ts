import { env } from 'cloudflare:test';
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
    expect((await env.DB.prepare('SELECT 1').all()).success).toBe(true);
  });
});
