import { z } from 'zod';
import { seconds } from '../../core/clock.ts';
import type { Chunking } from '../../core/ingest/chunk.ts';
import type { DocumentCounts, StoredDocument } from '../../core/ingest/document.ts';
import { type CountedStore, expiryOf, type FileBatch, isExpired } from '../../core/ingest/vector-store.ts';

/** OpenAI's vector store objects, as they are read and as they are shown. */

const MAX_PAIRS = 16;
const MAX_KEY = 64;
const MAX_VALUE = 512;

const pairs = <Value extends z.ZodType>(value: Value) =>
  z
    .record(z.string().min(1).max(MAX_KEY), value)
    .refine((record) => Object.keys(record).length <= MAX_PAIRS, `at most ${MAX_PAIRS} pairs`);

/** Ours have 29 characters; a longer one names nothing, and would not fit into a statement by the thousand. */
export const fileId = z.string().max(64);

export const metadata = pairs(z.string().max(MAX_VALUE)).nullable();
export const attributes = pairs(z.union([z.string().max(MAX_VALUE), z.number(), z.boolean()])).nullable();

export const expiresAfter = z.strictObject({
  anchor: z.literal('last_active_at'),
  days: z.int().min(1).max(365),
});

export const chunkingStrategy = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('auto') }),
  z.strictObject({
    type: z.literal('static'),
    static: z
      .strictObject({
        max_chunk_size_tokens: z.int().min(100).max(4096),
        chunk_overlap_tokens: z.int().min(0),
      })
      .refine((sizes) => sizes.chunk_overlap_tokens * 2 <= sizes.max_chunk_size_tokens, {
        path: ['chunk_overlap_tokens'],
        message: 'it must not exceed half of max_chunk_size_tokens',
      }),
  }),
]);

export function chunkingOf(strategy: z.output<typeof chunkingStrategy> | undefined): Chunking | null {
  if (strategy === undefined || strategy.type === 'auto') return null;
  const { max_chunk_size_tokens: maxTokens, chunk_overlap_tokens: overlapTokens } = strategy.static;
  return { maxTokens, overlapTokens, auto: false };
}

export function storeObject(store: CountedStore, now: number) {
  const expiry = expiryOf(store);
  return {
    id: store.id,
    object: 'vector_store',
    created_at: seconds(store.createdAt),
    name: store.name,
    description: store.description,
    usage_bytes: store.usageBytes,
    file_counts: store.counts,
    status: isExpired(store, now) ? 'expired' : store.counts.in_progress > 0 ? 'in_progress' : 'completed',
    ...(store.expiresAfterDays === null
      ? {}
      : { expires_after: { anchor: 'last_active_at', days: store.expiresAfterDays } }),
    expires_at: expiry === null ? null : seconds(expiry),
    last_active_at: seconds(store.lastActiveAt),
    metadata: store.metadata,
  };
}

export const documentObject = (document: StoredDocument) => ({
  id: document.fileId,
  object: 'vector_store.file',
  created_at: seconds(document.createdAt),
  vector_store_id: document.vectorStoreId,
  filename: document.filename,
  status: document.status,
  usage_bytes: document.usageBytes,
  last_error: document.error,
  attributes: document.attributes,
  chunking_strategy: {
    type: 'static',
    static: {
      max_chunk_size_tokens: document.chunking.maxTokens,
      chunk_overlap_tokens: document.chunking.overlapTokens,
    },
  },
  progress: {
    stage: document.stage,
    blocks: document.blocks,
    chunks: document.passages,
    embedded: document.embedded,
    embedding: document.withoutVectors
      ? 'unavailable'
      : document.status === 'completed'
        ? 'complete'
        : 'pending',
    message: document.trouble,
  },
});

export const batchObject = (batch: FileBatch & { readonly counts: DocumentCounts }) => ({
  id: batch.id,
  object: 'vector_store.files_batch',
  created_at: seconds(batch.createdAt),
  vector_store_id: batch.vectorStoreId,
  status:
    batch.cancelledAt !== null ? 'cancelled' : batch.counts.in_progress > 0 ? 'in_progress' : 'completed',
  file_counts: batch.counts,
});
