import { setTimeout as delay } from 'node:timers/promises';
import type OpenAI from 'openai';
import type { Progress } from './progress.ts';
import type { DocumentCollection, TestDocument } from './test-collection.ts';

/** The attribute of each file that holds its document's id in the collection: results and filters name it. */
export const DOCUMENT = 'document';

/** Part of what a store is known by: another way of writing documents down means loading again. */
const FORM = '2';
const UPLOADS_AT_ONCE = 8;
const FILES_A_BATCH = 100;

/**
 * The id of a vector store that holds the collection: one file a document, uploaded as a user would and waited for, or
 * found loaded. A `fresh` one is loaded again: after a change to how documents are read, what is found is another's work.
 */
export async function load(
  client: OpenAI,
  collection: DocumentCollection,
  progress: Progress,
  { fresh = false }: { readonly fresh?: boolean } = {},
): Promise<string> {
  const written = collection.documents.filter(({ title, text }) => `${title}${text}`.trim() !== '');
  const known = { collection: collection.sha256, form: FORM };
  const found = await findStore(client, known, fresh);
  if (found !== null) {
    progress.say(`${collection.name}: already loaded, ${written.length} documents`);
    return found;
  }
  const store = await client.vectorStores.create({ name: `Benchmark: ${collection.name}`, metadata: known });
  for (let at = 0; at < written.length; at += FILES_A_BATCH) {
    const part = written.slice(at, at + FILES_A_BATCH);
    const files = await inParallel(part, UPLOADS_AT_ONCE, async (document) => {
      const file = new File([contentOf(document)], filenameOf(document));
      const { id } = await client.files.create({ file, purpose: 'assistants' });
      return { file_id: id, attributes: { [DOCUMENT]: document.id } };
    });
    await client.vectorStores.fileBatches.create(store.id, { files: [...files] });
    progress.show(`${collection.name}: ${at + part.length} of ${written.length} uploaded`);
  }
  await indexed(client, store.id, collection.name, progress);
  await client.vectorStores.update(store.id, { metadata: { ...known, loaded: 'yes' } });
  progress.say(`${collection.name}: ${written.length} documents loaded`);
  return store.id;
}

async function findStore(
  client: OpenAI,
  known: Readonly<Record<string, string>>,
  fresh: boolean,
): Promise<string | null> {
  for await (const store of client.vectorStores.list({ limit: 100 })) {
    const metadata = store.metadata ?? {};
    if (!Object.entries(known).every(([key, value]) => metadata[key] === value)) continue;
    if (metadata.loaded === 'yes' && !fresh) return store.id;
    // A load that was broken off: what is missing is not worth finding out.
    await client.vectorStores.delete(store.id);
  }
  return null;
}

async function indexed(client: OpenAI, id: string, name: string, progress: Progress): Promise<void> {
  for (;;) {
    const { file_counts } = await client.vectorStores.retrieve(id);
    const { completed, failed, in_progress, total } = file_counts;
    progress.show(`${name}: ${completed} of ${total} indexed${failed === 0 ? '' : `, ${failed} failed`}`);
    if (in_progress === 0) {
      if (failed > 0) throw new Error(`${failed} documents of ${name} failed in vector store ${id}.`);
      return;
    }
    await delay(1000);
  }
}

/** Markdown where there is a title, with the text's own marks escaped: a collection's text is not Markdown. */
const contentOf = ({ title, text, filename }: TestDocument): string =>
  title === '' || filename !== undefined ? text : `# ${escaped(title)}\n\n${escaped(text)}\n`;

const filenameOf = ({ title, filename }: TestDocument): string =>
  filename ?? (title === '' ? 'document.txt' : 'document.md');

const escaped = (text: string): string =>
  text.replaceAll(/[\\`*_{}[\]<>()#+\-.!|~&:@]/g, '\\$&').replaceAll(/\s+/g, ' ');

/** Runs `work` over all items, `limit` at a time, and answers in their order. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results = new Map<number, Result>();
  const queue = items.entries();
  await Promise.all(
    Array.from({ length: limit }, async () => {
      for (const [index, item] of queue) results.set(index, await work(item));
    }),
  );
  return [...results].toSorted(([a], [b]) => a - b).map(([, result]) => result);
}
