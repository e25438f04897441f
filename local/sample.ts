import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import OpenAI, { toFile } from 'openai';

const name = 'Sample: Kingfisher Cycles';

/** What the page offers to ask, one a line. */
const questions = [
  'How long is the battery of the Heron covered?',
  'What does a puncture repair cost?',
  'How many days of holiday do I have?',
].join('\n');

/**
 * Uploads the sample documents through the public API, as any client would: on the first start only, so that
 * somebody who deletes them is rid of them. What an interrupted first start had already uploaded is kept.
 *
 * @returns how many documents can be asked, or null when this was done before.
 */
export async function seedSample(service: {
  readonly url: string;
  readonly key: string;
  readonly state: string;
}): Promise<number | null> {
  const done = join(service.state, 'sample-seeded');
  if (existsSync(done)) return null;
  const client = new OpenAI({ baseURL: `${service.url}/v1`, apiKey: service.key });
  const store =
    (await storeOf(client)) ?? (await client.vectorStores.create({ name, metadata: { questions } }));
  const there = await namesIn(client, store.id);
  const folder = join(import.meta.dirname, 'sample');
  const missing = (await readdir(folder)).filter((file) => !there.has(file)).sort();
  if (missing.length > 0) {
    const files = await Promise.all(
      missing.map(async (file) => toFile(await readFile(join(folder, file)), file)),
    );
    await client.vectorStores.fileBatches.uploadAndPoll(store.id, { files }, { pollIntervalMs: 500 });
  }
  const { file_counts } = await client.vectorStores.retrieve(store.id);
  if (file_counts.failed > 0) {
    throw new Error(`${file_counts.failed} of ${file_counts.total} sample documents could not be read.`);
  }
  await writeFile(done, store.id);
  return file_counts.completed;
}

async function storeOf(client: OpenAI): Promise<OpenAI.VectorStore | undefined> {
  for await (const store of client.vectorStores.list()) if (store.name === name) return store;
  return undefined;
}

async function namesIn(client: OpenAI, store: string): Promise<Set<string>> {
  const names = new Set<string>();
  for await (const file of client.vectorStores.files.list(store)) {
    names.add((await client.files.retrieve(file.id)).filename);
  }
  return names;
}
