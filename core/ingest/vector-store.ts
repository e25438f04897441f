import { type Clock, DAY, HOUR } from '../clock.ts';
import { Failure, notFound } from '../failure.ts';
import {
  type BatchId,
  type FileId,
  newId,
  type Random,
  type TenantId,
  type VectorStoreId,
} from '../identifier.ts';
import type { OrderedPageRange, Page } from '../page.ts';
import type { FileAttributes } from '../retrieve/filter.ts';
import type { PassageIndex } from '../retrieve/indexes.ts';
import type { Scope } from '../scope.ts';
import { autoChunking, type Chunking } from './chunk.ts';
import type {
  DocumentAttachments,
  DocumentCounts,
  DocumentIds,
  IngestQueue,
  NewDocument,
  StoredDocument,
} from './document.ts';
import type { FileRepository, WakeSweeper } from './file.ts';
import { followAttributes } from './follow-attributes.ts';

export interface VectorStore {
  readonly id: VectorStoreId;
  readonly tenantId: TenantId;
  readonly name: string;
  readonly description: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  /** Days after the last activity; null never expires. */
  readonly expiresAfterDays: number | null;
  /** Whether pages without text are read from their pictures; null: as the deployment has it. */
  readonly ocr: boolean | null;
  readonly createdAt: number;
  readonly lastActiveAt: number;
  /** Set by the sweeper, in the step that removes the store's documents. */
  readonly expiredAt: number | null;
}

export interface CountedStore extends VectorStore {
  readonly counts: DocumentCounts;
  readonly usageBytes: number;
}

export type VectorStoreChanges = Partial<
  Pick<VectorStore, 'name' | 'metadata' | 'expiresAfterDays' | 'ocr' | 'lastActiveAt'>
>;

/** Stores and the batches in which files come into them. */
export interface VectorStoreRepository {
  create(store: VectorStore): Promise<void>;
  find(tenantId: TenantId, id: VectorStoreId): Promise<VectorStore | null>;
  /** As `find`, with its documents counted: one row read for each of them. */
  count(tenantId: TenantId, id: VectorStoreId): Promise<CountedStore | null>;
  list(tenantId: TenantId, range: OrderedPageRange): Promise<Page<CountedStore>>;
  /** What is left out stays. An expired store no longer changes. */
  change(tenantId: TenantId, id: VectorStoreId, changes: VectorStoreChanges): Promise<void>;
  /**
   * From now on nobody sees the store or its documents; returns which. Null when the tenant
   * has no such store.
   */
  remove(tenantId: TenantId, id: VectorStoreId, at: number): Promise<readonly DocumentIds[] | null>;
  createBatch(batch: FileBatch): Promise<void>;
  findBatch(
    tenantId: TenantId,
    vectorStoreId: VectorStoreId,
    id: BatchId,
  ): Promise<(FileBatch & { readonly counts: DocumentCounts }) | null>;
  /** Marks the batch, ends what of it is still in progress, both in one step, and answers which. */
  cancelBatch(tenantId: TenantId, id: BatchId, at: number): Promise<readonly DocumentIds[]>;
}

export interface FileBatch {
  readonly id: BatchId;
  readonly tenantId: TenantId;
  readonly vectorStoreId: VectorStoreId;
  readonly createdAt: number;
  readonly cancelledAt: number | null;
}

export interface VectorStoreDependencies {
  readonly clock: Clock;
  readonly random: Random;
  readonly files: FileRepository;
  readonly vectorStores: VectorStoreRepository;
  readonly documents: DocumentAttachments;
  readonly passages: PassageIndex;
  readonly ingestQueue: IngestQueue;
  readonly wakeSweeper: WakeSweeper;
  /** For stores that say nothing about it. */
  readonly ocrByDefault: boolean;
}

/** Expiry counts in days, so a store that is asked all day is written to once in so long, not once a question. */
const ACTIVITY_MS = HOUR;

export const expiryOf = (store: VectorStore): number | null =>
  store.expiresAfterDays === null ? null : store.lastActiveAt + store.expiresAfterDays * DAY;

export function isExpired(store: VectorStore, now: number): boolean {
  const expiry = expiryOf(store);
  return store.expiredAt !== null || (expiry !== null && expiry <= now);
}

export async function findVectorStore(
  deps: Pick<VectorStoreDependencies, 'vectorStores'>,
  tenantId: TenantId,
  id: VectorStoreId,
  param?: string,
): Promise<VectorStore> {
  const store = await deps.vectorStores.find(tenantId, id);
  if (store === null) throw notFound('vector store', id, param);
  return store;
}

export async function countVectorStore(
  deps: Pick<VectorStoreDependencies, 'vectorStores'>,
  tenantId: TenantId,
  id: VectorStoreId,
): Promise<CountedStore> {
  const store = await deps.vectorStores.count(tenantId, id);
  if (store === null) throw notFound('vector store', id);
  return store;
}

/** A store that a question is put to or files are put into, which puts its expiry off. */
export async function openVectorStore(
  deps: Pick<VectorStoreDependencies, 'vectorStores' | 'clock'>,
  tenantId: TenantId,
  id: VectorStoreId,
  param?: string,
): Promise<VectorStore> {
  const store = await findVectorStore(deps, tenantId, id, param);
  const now = deps.clock();
  refuseExpired(store, now, param);
  if (now - store.lastActiveAt >= ACTIVITY_MS) {
    await deps.vectorStores.change(tenantId, id, { lastActiveAt: now });
  }
  return store;
}

/** An expired store stays expired: its passages are deleted. */
export async function changeVectorStore(
  deps: Pick<VectorStoreDependencies, 'vectorStores' | 'clock' | 'wakeSweeper'>,
  tenantId: TenantId,
  id: VectorStoreId,
  changes: VectorStoreChanges,
): Promise<CountedStore> {
  const now = deps.clock();
  refuseExpired(await findVectorStore(deps, tenantId, id), now);
  if (typeof changes.expiresAfterDays === 'number') await deps.wakeSweeper();
  await deps.vectorStores.change(tenantId, id, { ...changes, lastActiveAt: now });
  return countVectorStore(deps, tenantId, id);
}

export interface Attachment {
  readonly fileId: FileId;
  readonly attributes: FileAttributes;
  readonly chunking: Chunking | null;
  /** Null: as the store has it. */
  readonly ocr: boolean | null;
  /** Where the request names the file, for the refusal: `file_ids[3]`. */
  readonly param: string;
}

/**
 * Puts files into a store and their work on the queue. A file that is there already with the same chunking and OCR
 * keeps its passages and takes the new attributes; with others it is indexed again.
 */
export async function attachFiles(
  deps: VectorStoreDependencies,
  scope: Scope,
  store: VectorStore,
  attachments: readonly Attachment[],
  batchId: BatchId | null = null,
): Promise<void> {
  await requireFiles(deps, scope, attachments);
  const ids = attachments.map((attachment) => attachment.fileId);
  const present = new Map(
    (await deps.documents.find(scope.tenantId, store.id, ids)).map((document) => [document.fileId, document]),
  );
  const added: NewDocument[] = [];
  for (const attachment of attachments) {
    const chunking = attachment.chunking ?? autoChunking;
    const ocr = attachment.ocr ?? store.ocr ?? deps.ocrByDefault;
    const before = present.get(attachment.fileId);
    if (batchId === null && before !== undefined && isSame(before, { chunking, ocr })) {
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
        ocr,
        createdAt,
      });
    }
  }
  if (added.length === 0) return;
  await deps.wakeSweeper();
  await deps.documents.attach(scope.tenantId, added);
  for (const { fileId } of added) {
    if (present.has(fileId)) await deps.passages.remove(scope.tenantId, { vectorStoreId: store.id, fileId });
  }
  await deps.vectorStores.change(scope.tenantId, store.id, { lastActiveAt: deps.clock() });
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

const isSame = (
  document: StoredDocument,
  { chunking, ocr }: Pick<StoredDocument, 'chunking' | 'ocr'>,
): boolean =>
  document.ocr === ocr &&
  (document.status === 'completed' || document.status === 'in_progress') &&
  document.chunking.maxTokens === chunking.maxTokens &&
  document.chunking.overlapTokens === chunking.overlapTokens &&
  document.chunking.auto === chunking.auto;

function refuseExpired(store: VectorStore, now: number, param?: string): void {
  if (!isExpired(store, now)) return;
  throw new Failure(
    'conflict',
    `The vector store '${store.id}' has expired, and its passages are deleted. Create a new one from the same files.`,
    { reason: 'vector_store_expired', ...(param === undefined ? {} : { param }) },
  );
}

export async function findDocument(
  deps: Pick<VectorStoreDependencies, 'documents'>,
  tenantId: TenantId,
  vectorStoreId: VectorStoreId,
  fileId: FileId,
): Promise<StoredDocument> {
  const [document] = await deps.documents.find(tenantId, vectorStoreId, [fileId]);
  if (document === undefined) throw notFound('file in this vector store', fileId);
  return document;
}

/** Changes what filters ask about; the passages stay. The row leads, and the index follows until both agree. */
export async function describeDocument(
  deps: Pick<VectorStoreDependencies, 'documents' | 'passages'>,
  document: StoredDocument,
  attributes: FileAttributes,
): Promise<StoredDocument> {
  if (!(await deps.documents.describe(document.tenantId, document, attributes))) {
    throw notFound('file in this vector store', document.fileId);
  }
  const { tenantId, vectorStoreId, fileId } = document;
  await followAttributes(deps.passages, { ...document, attributes: null }, async () => {
    const [now] = await deps.documents.find(tenantId, vectorStoreId, [fileId]);
    return now ?? null;
  });
  return { ...document, attributes };
}

/** Takes a file out of a store. When this returns it cannot be found there any more; its vectors follow. */
export async function detachFile(
  deps: VectorStoreDependencies,
  tenantId: TenantId,
  vectorStoreId: VectorStoreId,
  fileId: FileId,
): Promise<void> {
  await deps.wakeSweeper();
  const ids = { tenantId: tenantId, vectorStoreId, fileId };
  if (!(await deps.documents.remove(tenantId, ids, deps.clock())))
    throw notFound('file in this vector store', fileId);
  await deps.passages.remove(tenantId, ids);
  await deps.ingestQueue.send([ids]);
}

export async function deleteVectorStore(
  deps: VectorStoreDependencies,
  tenantId: TenantId,
  id: VectorStoreId,
): Promise<void> {
  const now = deps.clock();
  await deps.wakeSweeper();
  const removed = await deps.vectorStores.remove(tenantId, id, now);
  if (removed === null) throw notFound('vector store', id);
  await deps.passages.drop(tenantId, id);
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
  await deps.vectorStores.createBatch(batch);
  await attachFiles(deps, scope, store, attachments, batch.id);
  return batch;
}

/** Ends what is still in progress; what of it had been indexed is taken out again. An ended batch stays as it is. */
export async function cancelBatch(
  deps: VectorStoreDependencies,
  tenantId: TenantId,
  batch: FileBatch & { readonly counts: DocumentCounts },
): Promise<void> {
  if (batch.counts.in_progress === 0) return;
  const now = deps.clock();
  await deps.wakeSweeper();
  const cancelled: readonly DocumentIds[] = await deps.vectorStores.cancelBatch(tenantId, batch.id, now);
  for (const ids of cancelled) await deps.passages.remove(tenantId, ids);
  await deps.ingestQueue.send(cancelled);
}
