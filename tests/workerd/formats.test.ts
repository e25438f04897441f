import { describe, expect, test } from 'vitest';
import { bytesOf, formatSamples } from '../format-samples.ts';
import { newTenant } from './access.ts';
import { upload } from './documents.ts';
import { openai } from './openai.ts';

describe('every format through the door', () => {
  test('samples are uploaded, indexed and shown with what was remarked', async () => {
    const account = await newTenant();
    const client = openai(account);
    const store = await client.vectorStores.create({});
    const ids = new Map<string, string>();
    for (const sample of formatSamples) {
      ids.set(sample.filename, await upload(account, await bytesOf(sample), sample.filename));
    }
    const batch = await client.vectorStores.fileBatches.createAndPoll(store.id, {
      file_ids: [...ids.values()],
    });
    expect(batch.file_counts).toMatchObject({ completed: formatSamples.length, failed: 0 });
    for (const [filename, id] of ids) {
      const { data } = await client.vectorStores.files.content(id, { vector_store_id: store.id });
      const text = data.map((part) => part.text).join('\n');
      const sample = formatSamples.find((one) => one.filename === filename);
      const last =
        sample?.blocks
          .at(-1)
          ?.replace(/^\w+(?: \d+)?: /, '')
          .split('\n')
          .at(-1)
          ?.split(' | ')
          .at(-1) ?? '';
      expect(text, filename).toContain(last.trim());
    }
  }, 120_000);
});
