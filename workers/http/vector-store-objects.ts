import type { FileBatch as BatchObject, VectorStoreFile } from '../../contract/vector-store-files.ts';
import type { ChunkingStrategy, ChunkingStrategyParam, VectorStore } from '../../contract/vector-stores.ts';
import { seconds } from '../../core/clock.ts';
import { DEFAULT_PERCENTILE } from '../../core/ingest/breakpoints.ts';
import { autoChunking, type Chunking } from '../../core/ingest/chunk.ts';
import type { DocumentCounts, StoredDocument } from '../../core/ingest/document.ts';
import { type CountedStore, expiryOf, type FileBatch, isExpired } from '../../core/ingest/vector-store.ts';

/** OpenAI's vector store objects, as the routes of stores, their files and their batches answer them. */

export function chunkingOf(strategy: ChunkingStrategyParam | undefined): Chunking | null {
  if (strategy === undefined) return null;
  switch (strategy.type) {
    case 'auto':
      return autoChunking;
    case 'static': {
      const { max_chunk_size_tokens: maxTokens, chunk_overlap_tokens: overlapTokens } = strategy.static;
      return { maxTokens, overlapTokens, auto: false };
    }
    case 'structure':
      return sized('structure', strategy.structure.max_chunk_size_tokens);
    case 'fixed':
      return {
        ...sized('fixed', strategy.fixed.max_chunk_size_tokens),
        overlapTokens: strategy.fixed.chunk_overlap_tokens,
      };
    case 'page':
      return sized('page', strategy.page.max_chunk_size_tokens);
    case 'semantic':
      return {
        ...sized('semantic', strategy.semantic.max_chunk_size_tokens),
        percentile: strategy.semantic.breakpoint_percentile,
      };
  }
}

const sized = (strategy: NonNullable<Chunking['strategy']>, maxTokens: number): Chunking => ({
  strategy,
  maxTokens,
  overlapTokens: 0,
  auto: false,
});

/** `auto` and `static` are answered as `static`, as OpenAI does. */
function serializeChunking({ strategy, maxTokens, overlapTokens, percentile }: Chunking): ChunkingStrategy {
  const size = { max_chunk_size_tokens: maxTokens };
  const sizes = { ...size, chunk_overlap_tokens: overlapTokens };
  switch (strategy ?? 'static') {
    case 'static':
      return { type: 'static', static: sizes };
    case 'structure':
      return { type: 'structure', structure: size };
    case 'fixed':
      return { type: 'fixed', fixed: sizes };
    case 'page':
      return { type: 'page', page: size };
    case 'semantic':
      return {
        type: 'semantic',
        semantic: { ...size, breakpoint_percentile: percentile ?? DEFAULT_PERCENTILE },
      };
  }
}

export function serializeStore(store: CountedStore, now: number): VectorStore {
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
    chunking_strategy: store.chunking === null ? null : serializeChunking(store.chunking),
    ocr: store.ocr,
  };
}

export const serializeDocument = (document: StoredDocument): VectorStoreFile => ({
  id: document.fileId,
  object: 'vector_store.file',
  created_at: seconds(document.createdAt),
  vector_store_id: document.vectorStoreId,
  filename: document.filename,
  status: document.status,
  usage_bytes: document.usageBytes,
  last_error: document.error,
  attributes: document.attributes,
  chunking_strategy: serializeChunking(document.chunking),
  ocr: document.ocr,
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
    message: progressMessage(document),
  },
});

function progressMessage({ waitingFor, unread }: StoredDocument): string | null {
  const said = [waitingFor, unread].filter((text) => text !== null);
  return said.length === 0 ? null : said.join(' ');
}

export const serializeBatch = (batch: FileBatch & { readonly counts: DocumentCounts }): BatchObject => ({
  id: batch.id,
  object: 'vector_store.files_batch',
  created_at: seconds(batch.createdAt),
  vector_store_id: batch.vectorStoreId,
  status:
    batch.cancelledAt !== null ? 'cancelled' : batch.counts.in_progress > 0 ? 'in_progress' : 'completed',
  file_counts: batch.counts,
});
