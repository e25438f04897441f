import type { Clock } from '../../clock.ts';
import { asId, type VectorStoreId } from '../../identifier.ts';
import { openVectorStore, type VectorStoreRepository } from '../../ingest/vector-store.ts';
import type { Retrieval } from '../../retrieve/retrieve.ts';
import { search } from '../../retrieve/search.ts';
import { MODEL_TIMEOUT_MS, type Tool } from '../tool.ts';

export interface SearchDependencies extends Retrieval {
  readonly vectorStores: VectorStoreRepository;
  readonly clock: Clock;
}

export type SearchArgs = {
  readonly query: string;
  readonly vector_store_ids: readonly string[];
  readonly limit?: number;
};

export type FoundPassage = {
  readonly file_id: string;
  readonly filename: string;
  readonly text: string;
  readonly score: number;
  /** From 1; null for formats without pages. */
  readonly page: number | null;
  readonly page_end: number | null;
  readonly start: number;
  readonly end: number;
};

export type SearchResult = { readonly passages: readonly FoundPassage[] };

const LIMIT = 5;

/** Finds passages in the tenant's vector stores, best first, exactly as `POST /v1/vector_stores/{id}/search` does. */
export const searchDocuments = (deps: SearchDependencies): Tool<SearchArgs, SearchResult> => ({
  name: 'search_documents',
  description: 'Finds passages in vector stores.',
  repeatability: 'read',
  timeoutMs: MODEL_TIMEOUT_MS,
  maxAttempts: 3,
  parameters: {
    type: 'object',
    properties: {
      query: { type: 'string', minLength: 1, maxLength: 10_000 },
      vector_store_ids: { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: 10 },
      limit: { type: 'integer', minimum: 1, maximum: 50 },
    },
    required: ['query', 'vector_store_ids'],
    additionalProperties: false,
  },
  result: { type: 'object', properties: { passages: { type: 'array' } }, required: ['passages'] },
  async run({ query, vector_store_ids: stores, limit = LIMIT }, work) {
    const vectorStoreIds = stores.map(asId<VectorStoreId>);
    for (const id of vectorStoreIds) await openVectorStore(deps, work.tenantId, id, 'vector_store_ids');
    const { hits } = await search(deps, work, { queries: [query], vectorStoreIds, limit });
    return {
      passages: hits.map(({ passage, score }) => ({
        file_id: passage.fileId,
        filename: passage.filename,
        text: passage.text,
        score,
        page: passage.page,
        page_end: passage.pageEnd,
        start: passage.start,
        end: passage.end,
      })),
    };
  },
});
