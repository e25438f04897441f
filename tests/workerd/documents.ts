import { env } from 'cloudflare:test';
import { toFile } from 'openai';
import { expect } from 'vitest';
import { asId, type FileId, newId, type VectorStoreId } from '../../core/identifier.ts';
import type { DocumentIds, StoredDocument } from '../../core/ingest/document.ts';
import { Trace } from '../../core/telemetry/trace.ts';
import type { Account } from './access.ts';
import { openai } from './openai.ts';
import { compose } from './services.ts';

/** Documents under test: made, read back, and counted in all four stores. */

export const paragraphs = (count: number, topic: string): string =>
  `# ${topic}\n\n${Array.from({ length: count }, (_, at) => `## Part ${at}\n\n${`Sentence ${at} about ${topic} and its care. `.repeat(20)}`).join('\n\n')}`;

export const services = () => compose(env);
export const trace = () => new Trace('test', services());

export async function upload(account: Account, text: string | Uint8Array, name: string): Promise<string> {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text.slice();
  return (await openai(account).files.create({ file: await toFile(bytes, name), purpose: 'assistants' })).id;
}

/** What each of the four stores holds of a file: R2, `DB`, `SEARCH` (what filters ask, passages), Vectorize. */
export async function holdings(account: Account, store: string, file: string) {
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
    filtered: await count(
      env.SEARCH,
      'SELECT count(*) AS n FROM documents WHERE tenant_id = ? AND file_id = ?',
    ),
    passages: ids.results.length,
    vectors: everVectors.length,
  };
}

export const nothing = { objects: 0, rows: 0, filtered: 0, passages: 0, vectors: 0 };

/** Rows of the store's full text; null when it has no table. */
export async function words(store: string): Promise<number | null> {
  const table = await env.SEARCH.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name = ?")
    .bind(`fts_${store}`)
    .first();
  if (table === null) return null;
  return (
    (await env.SEARCH.prepare(`SELECT count(*) AS n FROM fts_${store}`).first<{ n: number }>())?.n ?? null
  );
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
export async function pending(account: Account, text: string | Uint8Array, name: string) {
  const client = openai(account);
  const file = await upload(account, text, name);
  const store = await client.vectorStores.create({});
  const { documents, vectorStores } = services();
  const vectorStoreId = asId<VectorStoreId>(store.id);
  const fileId = asId<FileId>(file);
  const found = await vectorStores.find(account.tenantId, vectorStoreId);
  expect(found).not.toBeNull();
  await documents.attach(account.tenantId, [
    {
      id: newId('doc'),
      tenantId: account.tenantId,
      keyId: account.keyId,
      vectorStoreId,
      fileId,
      batchId: null,
      attributes: {},
      chunking: { maxTokens: 400, overlapTokens: 0, auto: true },
      ocr: false,
      createdAt: Date.now(),
    },
  ]);
  return { client, ids: { tenantId: account.tenantId, vectorStoreId, fileId } };
}

export const read = async (ids: DocumentIds): Promise<StoredDocument> => {
  const [document] = await services().documents.find(ids.tenantId, ids.vectorStoreId, [ids.fileId]);
  if (document === undefined) throw new Error('No such document.');
  return document;
};
