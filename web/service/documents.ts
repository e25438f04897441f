import { FileDeleted, File as StoredFile } from '../../contract/files.ts';
import {
  type FileContentBlock,
  FileContentPage,
  VectorStoreFile,
  VectorStoreFileDeleted,
} from '../../contract/vector-store-files.ts';
import { authorization, known, looseOpenAiList, read, refusal, ServiceError, write } from './connection.ts';

/** Files of a vector store, in the page's words the documents of a collection. */
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
      /** Where something is missing: its vectors, or pages that could not be read. */
      readonly note: string | null;
    }
  | {
      readonly kind: 'working';
      readonly stage: string;
      /** Why it waits, such as for a model that does not answer; the service goes on trying. */
      readonly note: string | null;
      readonly done: number | null;
      readonly all: number | null;
    }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'cancelled' };

function stateOf(found: VectorStoreFile): State {
  const { progress } = found;
  switch (found.status) {
    case 'completed':
      return {
        kind: 'ready',
        passages: progress.chunks,
        note: progress.message,
      };
    case 'failed':
      return { kind: 'failed', reason: found.last_error?.message ?? 'No reason was given.' };
    case 'cancelled':
      return { kind: 'cancelled' };
    case 'in_progress':
      return {
        kind: 'working',
        stage: progress.stage,
        note: progress.message,
        done: progress.embedded,
        all: progress.chunks,
      };
  }
}

export interface DocumentPage {
  readonly documents: readonly Document[];
  /** Where the next page begins; null at the end. */
  readonly next: string | null;
}

const PAGE = 100;
const toDocument = (found: VectorStoreFile): Document => ({
  id: found.id,
  name: found.filename,
  addedAt: found.created_at * 1000,
  state: stateOf(found),
});

export async function listDocuments(collection: string, after: string | null): Promise<DocumentPage> {
  const from = after === null ? '' : `&after=${encodeURIComponent(after)}`;
  const page = await read(`/v1/vector_stores/${collection}/files?limit=${PAGE}${from}`, looseOpenAiList);
  return {
    documents: known(page.data, VectorStoreFile).map(toDocument),
    next: page.has_more ? page.last_id : null,
  };
}

export async function readDocument(collection: string, id: string): Promise<Document> {
  return toDocument(await read(`/v1/vector_stores/${collection}/files/${id}`, VectorStoreFile));
}

export type Block = FileContentBlock;

/** The document as it was read, in order. `start` and `end` are offsets into the blocks' text joined by blank lines. */
export async function readBlocks(collection: string, id: string): Promise<readonly Block[]> {
  const path = `/v1/vector_stores/${collection}/files/${id}/content`;
  const blocks: Block[] = [];
  let next: string | null = null;
  do {
    const found: FileContentPage = await read(
      next === null ? path : `${path}?page=${encodeURIComponent(next)}`,
      FileContentPage,
    );
    blocks.push(...found.data);
    next = found.has_more ? found.next_page : null;
  } while (next !== null);
  return blocks;
}

export const attach = (collection: string, id: string) =>
  write('POST', `/v1/vector_stores/${collection}/files`, { file_id: id }, VectorStoreFile);

/** Reads a failed document again from its stored bytes. */
export async function retry(collection: string, id: string): Promise<void> {
  await write('DELETE', `/v1/vector_stores/${collection}/files/${id}`, undefined, VectorStoreFileDeleted);
  await attach(collection, id);
}

/** Deletes the file itself; its passages go with it, in every collection. */
export async function remove(collection: string, id: string): Promise<void> {
  await write('DELETE', `/v1/vector_stores/${collection}/files/${id}`, undefined, VectorStoreFileDeleted);
  await write('DELETE', `/v1/files/${id}`, undefined, FileDeleted);
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
      reject(new ServiceError('The upload broke off. Check that you are online and try again.', 0, null));
    request.onload = () => {
      const id = request.getResponseHeader('x-request-id');
      if (request.status >= 300) return reject(refusal(request.status, id, request.responseText));
      const parsed = StoredFile.safeParse(JSON.parse(request.responseText));
      if (!parsed.success)
        return reject(new ServiceError('The service did not name the uploaded file.', 200, id));
      resolve(parsed.data.id);
    };
    request.send(form);
  });
}
