import * as z from 'zod/mini';
import { authorization, read, refusal, Trouble, write } from './connection.ts';

/** Files of a vector store, in the page's words the documents of a collection. */
const progress = z.object({
  stage: z.optional(z.string()),
  blocks: z.nullish(z.number()),
  chunks: z.nullish(z.number()),
  embedded: z.nullish(z.number()),
  embedding: z.optional(z.string()),
  message: z.nullish(z.string()),
});

const storeFile = z.object({
  id: z.string(),
  filename: z.string(),
  created_at: z.number(),
  usage_bytes: z.optional(z.number()),
  status: z.enum(['in_progress', 'completed', 'cancelled', 'failed']),
  last_error: z.nullish(z.object({ code: z.string(), message: z.string() })),
  progress: z.nullish(progress),
});

const file = z.object({ id: z.string() });

export interface Document {
  readonly id: string;
  readonly name: string;
  readonly addedAt: number;
  readonly state: State;
}

export type State =
  | {
      readonly kind: 'ready';
      readonly passages: number | null;
      /** No embedding model was there: found by its words, not yet by its meaning. */
      readonly wordsOnly: boolean;
    }
  | {
      readonly kind: 'working';
      readonly stage: string;
      /** What holds it up, such as a model that does not answer; the service goes on trying. */
      readonly trouble: string | null;
      readonly done: number | null;
      readonly all: number | null;
    }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'cancelled' };

function stateOf(found: z.output<typeof storeFile>): State {
  const counts = found.progress;
  switch (found.status) {
    case 'completed':
      return {
        kind: 'ready',
        passages: counts?.chunks ?? null,
        wordsOnly: counts?.embedding === 'unavailable',
      };
    case 'failed':
      return { kind: 'failed', reason: found.last_error?.message ?? 'No reason was given.' };
    case 'cancelled':
      return { kind: 'cancelled' };
    case 'in_progress':
      return {
        kind: 'working',
        stage: counts?.stage ?? 'queued',
        trouble: counts?.message ?? null,
        done: counts?.embedded ?? null,
        all: counts?.chunks ?? null,
      };
  }
}

export interface DocumentPage {
  readonly documents: readonly Document[];
  /** Where the next page begins; null at the end. */
  readonly next: string | null;
}

const PAGE = 100;
const shown = (found: z.output<typeof storeFile>): Document => ({
  id: found.id,
  name: found.filename,
  addedAt: found.created_at * 1000,
  state: stateOf(found),
});

export async function listDocuments(collection: string, after: string | null): Promise<DocumentPage> {
  const from = after === null ? '' : `&after=${encodeURIComponent(after)}`;
  const page = await read(
    `/v1/vector_stores/${collection}/files?limit=${PAGE}${from}`,
    z.object({ data: z.array(storeFile), has_more: z.boolean(), last_id: z.nullish(z.string()) }),
  );
  return { documents: page.data.map(shown), next: page.has_more ? (page.last_id ?? null) : null };
}

export async function readDocument(collection: string, id: string): Promise<Document> {
  return shown(await read(`/v1/vector_stores/${collection}/files/${id}`, storeFile));
}

const block = z.object({
  text: z.string(),
  block: z.catch(z.enum(['heading', 'paragraph', 'list', 'table', 'code', 'figure']), 'paragraph'),
  start: z.number(),
  end: z.number(),
  page: z.nullish(z.number()),
  level: z.nullish(z.number()),
  rows: z.nullish(z.array(z.array(z.string()))),
});

export type Block = z.output<typeof block>;

/** The document as it was read, in order. `start` and `end` are offsets into the blocks' text joined by blank lines. */
export async function readBlocks(collection: string, id: string): Promise<readonly Block[]> {
  const content = z.object({
    data: z.array(block),
    has_more: z.optional(z.boolean()),
    next_page: z.nullish(z.string()),
  });
  const path = `/v1/vector_stores/${collection}/files/${id}/content`;
  const blocks: Block[] = [];
  let next: string | null = null;
  do {
    const found: z.output<typeof content> = await read(
      next === null ? path : `${path}?page=${encodeURIComponent(next)}`,
      content,
    );
    blocks.push(...found.data);
    next = found.has_more === true ? (found.next_page ?? null) : null;
  } while (next !== null);
  return blocks;
}

const deleted = z.object({ deleted: z.boolean() });

export const attach = (collection: string, id: string) =>
  write('POST', `/v1/vector_stores/${collection}/files`, { file_id: id }, storeFile);

/** Reads a failed document again from its stored bytes. */
export async function retry(collection: string, id: string): Promise<void> {
  await write('DELETE', `/v1/vector_stores/${collection}/files/${id}`, undefined, deleted);
  await attach(collection, id);
}

/** Deletes the file itself; its passages go with it, in every collection. */
export async function remove(collection: string, id: string): Promise<void> {
  await write('DELETE', `/v1/vector_stores/${collection}/files/${id}`, undefined, deleted);
  await write('DELETE', `/v1/files/${id}`, undefined, deleted);
}

/** `fetch` cannot tell how much of a body has left, so uploads go by XMLHttpRequest. `onProgress` gets 0…1. */
export function upload(source: File, onProgress: (share: number) => void): Promise<string> {
  const form = new FormData();
  form.set('purpose', 'assistants');
  form.set('file', source, source.name);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', '/v1/files');
    for (const [name, value] of Object.entries(authorization())) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => {
      if (event.lengthComputable && event.total > 0) onProgress(event.loaded / event.total);
    };
    request.onerror = () =>
      reject(new Trouble('The upload broke off. Check that you are online and try again.', 0, null));
    request.onload = () => {
      const id = request.getResponseHeader('x-request-id');
      if (request.status >= 300) return reject(refusal(request.status, id, request.responseText));
      const parsed = file.safeParse(JSON.parse(request.responseText));
      if (!parsed.success) return reject(new Trouble('The service did not name the uploaded file.', 200, id));
      resolve(parsed.data.id);
    };
    request.send(form);
  });
}
