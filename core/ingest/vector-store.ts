import type { Clock } from '../clock.ts';
import { Failure, notFound } from '../failure.ts';
import { newId, type Random } from '../identifier.ts';
import type { FileAttributes } from '../retrieve/filter.ts';
import type { PassageIndex } from '../retrieve/indexes.ts';
import type { Scope } from '../scope.ts';
import { autoChunking, type Chunking } from './chunk.ts';
import type {
  DocumentCounts,
  DocumentIds,
  DocumentRegister,
  IngestQueue,
  NewDocument,
  StoredDocument,
} from './document.ts';
import type { FileRegister, Poke } from './file.ts';
import type { Listing, Page } from './listing.ts';

export interface VectorStore {
  readonly id: string;
  readonly tenantId: string;
  readonly name: string;
  readonly description: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  /** Days after the last activity; null never expires. */
  readonly expiresAfterDays: number | null;
  readonly createdAt: number;
  readonly lastActiveAt: number;
}

export interface CountedStore extends VectorStore {
  readonly counts: DocumentCounts;
  readonly usageBytes: number;
}

export interface VectorStoreRegister {
  create(store: VectorStore): Promise<void>;
  find(tenantId: string, id: string): Promise<CountedStore | null>;
  list(tenantId: string, listing: Listing): Promise<Page<CountedStore>>;
  /** Replaces name, metadata, expiry and last activity. */
  change(store: VectorStore): Promise<void>;
  /** False when the tenant has no such store. */
  remove(tenantId: string, id: string, at: number): Promise<boolean>;
}

export interface FileBatch {
  readonly id: string;
  readonly tenantId: string;
  readonly vectorStoreId: string;
  readonly createdAt: number;
  readonly cancelledAt: number | null;
}

export interface BatchRegister {
  create(batch: FileBatch): Promise<void>;
  find(
    tenantId: string,
    vectorStoreId: string,
    id: string,
  ): Promise<(FileBatch & { readonly counts: DocumentCounts }) | null>;
  cancel(tenantId: string, id: string, at: number): Promise<void>;
}

export interface VectorStoreDependencies {
  readonly clock: Clock;
  readonly random: Random;
  readonly files: FileRegister;
  readonly vectorStores: VectorStoreRegister;
  readonly batches: BatchRegister;
  readonly documents: DocumentRegister;
  readonly passages: PassageIndex;
  readonly ingestQueue: IngestQueue;
  readonly poke: Poke;
}

const DAY = 24 * 60 * 60 * 1000;

export const expiryOf = (store: VectorStore): number | null =>
  store.expiresAfterDays === null ? null : store.lastActiveAt + store.expiresAfterDays * DAY;

export async function findVectorStore<Store extends VectorStore>(
  deps: { readonly vectorStores: { find(tenantId: string, id: string): Promise<Store | null> } },
  scope: Pick<Scope, 'tenantId'>,
  id: string,
  param?: string,
): Promise<Store> {
  const store = await deps.vectorStores.find(scope.tenantId, id);
  if (store === null) throw notFound('vector store', id, param);
  return store;
}

export interface Attachment {
  readonly fileId: string;
  readonly attributes: FileAttributes;
  readonly chunking: Chunking | null;
  /** Where the request names the file, for the refusal: `file_ids[3]`. */
  readonly param: string;
}

/**
 * Puts files into a store and their work on the queue. A file that is there already with the same chunking
 * keeps its passages and takes the new attributes; with another chunking it is indexed anew.
 */
export async function attachFiles(
  deps: VectorStoreDependencies,
  scope: Scope,
  store: VectorStore,
  attachments: readonly Attachment[],
  batchId: string | null = null,
): Promise<void> {
  refuseExpired(store, deps.clock());
  await requireFiles(deps, scope, attachments);
  const ids = attachments.map((attachment) => attachment.fileId);
  const present = new Map(
    (await deps.documents.find(scope.tenantId, store.id, ids)).map((document) => [document.fileId, document]),
  );
  const added: NewDocument[] = [];
  for (const attachment of attachments) {
    const chunking = attachment.chunking ?? autoChunking;
    const before = present.get(attachment.fileId);
    if (batchId === null && before !== undefined && isSame(before, chunking)) {
      await describeDocument(deps, before, attachment.attributes);
    } else {
      const id = newId('doc', deps.random);
      const { fileId, attributes } = attachment;
      const { tenantId, keyId } = scope;
      const createdAt = deps.clock();
      added.push({
        id,
        tenantId,
        keyId,
        vectorStoreId: store.id,
        fileId,
        batchId,
        attributes,
        chunking,
        createdAt,
      });
    }
  }
  if (added.length === 0) return;
  await deps.poke();
  await deps.documents.attach(added);
  for (const { fileId } of added) {
    if (present.has(fileId)) await deps.passages.remove(scope, { vectorStoreId: store.id, fileId });
  }
  await deps.vectorStores.change({ ...store, lastActiveAt: deps.clock() });
  await deps.ingestQueue.send(added);
}

async function requireFiles(
  deps: VectorStoreDependencies,
  scope: Scope,
  attachments: readonly Attachment[],
): Promise<void> {
  const found = await deps.files.find(
    scope.tenantId,
    attachments.map((attachment) => attachment.fileId),
  );
  const known = new Set(found.map((file) => file.id));
  const missing = attachments.find((attachment) => !known.has(attachment.fileId));
  if (missing !== undefined) throw notFound('file', missing.fileId, missing.param);
}

const isSame = (document: StoredDocument, chunking: Chunking): boolean =>
  (document.status === 'completed' || document.status === 'in_progress') &&
  document.chunking.maxTokens === chunking.maxTokens &&
  document.chunking.overlapTokens === chunking.overlapTokens &&
  document.chunking.auto === chunking.auto;

function refuseExpired(store: VectorStore, now: number): void {
  const expiry = expiryOf(store);
  if (expiry === null || expiry > now) return;
  throw new Failure('conflict', `The vector store '${store.id}' has expired.`, {
    reason: 'vector_store_expired',
  });
}

export async function findDocument(
  deps: Pick<VectorStoreDependencies, 'documents'>,
  scope: Pick<Scope, 'tenantId'>,
  vectorStoreId: string,
  fileId: string,
): Promise<StoredDocument> {
  const [document] = await deps.documents.find(scope.tenantId, vectorStoreId, [fileId]);
  if (document === undefined) throw notFound('file in this vector store', fileId);
  return document;
}

/** Changes what filters ask about; the passages stay. */
export async function describeDocument(
  deps: Pick<VectorStoreDependencies, 'documents' | 'passages'>,
  document: StoredDocument,
  attributes: FileAttributes,
): Promise<StoredDocument> {
  await deps.documents.describe(document, attributes);
  const described = { ...document, attributes };
  await deps.passages.describe(document, described);
  return described;
}

/** Takes a file out of a store. When this returns it cannot be found there any more; its vectors follow. */
export async function detachFile(
  deps: VectorStoreDependencies,
  scope: Pick<Scope, 'tenantId'>,
  vectorStoreId: string,
  fileId: string,
): Promise<void> {
  await deps.poke();
  const removed = await deps.documents.remove(scope.tenantId, { vectorStoreId, fileId }, deps.clock());
  if (removed.length === 0) throw notFound('file in this vector store', fileId);
  await deps.passages.remove(scope, { vectorStoreId, fileId });
  await deps.ingestQueue.send(removed);
}

export async function deleteVectorStore(
  deps: VectorStoreDependencies,
  scope: Pick<Scope, 'tenantId'>,
  id: string,
): Promise<void> {
  const now = deps.clock();
  await deps.poke();
  if (!(await deps.vectorStores.remove(scope.tenantId, id, now))) throw notFound('vector store', id);
  const removed = await deps.documents.remove(scope.tenantId, { vectorStoreId: id }, now);
  await deps.passages.drop(scope, id);
  await deps.ingestQueue.send(removed);
}

export async function createBatch(
  deps: VectorStoreDependencies,
  scope: Scope,
  store: VectorStore,
  attachments: readonly Attachment[],
): Promise<FileBatch> {
  const batch: FileBatch = {
    id: newId('vsfb', deps.random),
    tenantId: scope.tenantId,
    vectorStoreId: store.id,
    createdAt: deps.clock(),
    cancelledAt: null,
  };
  await requireFiles(deps, scope, attachments);
  await deps.batches.create(batch);
  await attachFiles(deps, scope, store, attachments, batch.id);
  return batch;
}

/** Ends what is still in progress; what of it had been indexed is taken out again. */
export async function cancelBatch(
  deps: VectorStoreDependencies,
  scope: Pick<Scope, 'tenantId'>,
  batch: FileBatch,
): Promise<void> {
  const now = deps.clock();
  await deps.poke();
  await deps.batches.cancel(scope.tenantId, batch.id, now);
  const cancelled: readonly DocumentIds[] = await deps.documents.cancel(scope.tenantId, batch.id, now);
  for (const ids of cancelled) await deps.passages.remove(scope, ids);
  await deps.ingestQueue.send(cancelled);
}
