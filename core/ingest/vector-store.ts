import { type Clock, DAY, HOUR } from '../clock.ts';
import { Failure, notFound } from '../failure.ts';
import type { BatchId, Random, TenantId, VectorStoreId } from '../identifier.ts';
import type { OrderedPageRange, Page } from '../page.ts';
import type { PassageIndex } from '../retrieve/indexes.ts';
import type { Chunking } from './chunk.ts';
import type { DocumentAttachments, DocumentCounts, DocumentIds, IngestQueue } from './document.ts';
import type { FileRepository, WakeSweeper } from './file.ts';

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
  /** How the files that come into it are cut, unless they say it themselves; null: `autoChunking`. */
  readonly chunking: Chunking | null;
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

function refuseExpired(store: VectorStore, now: number, param?: string): void {
  if (!isExpired(store, now)) return;
  throw new Failure(
    'conflict',
    `The vector store '${store.id}' has expired, and its passages are deleted. Create a new one from the same files.`,
    { reason: 'vector_store_expired', ...(param === undefined ? {} : { param }) },
  );
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
