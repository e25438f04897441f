import { Hono } from 'hono';
import { exampleSearch } from '../../contract/openai-examples.ts';
import { searchRequest } from '../../contract/openai-request-examples.ts';
import { SearchRequest, type SearchResult, SearchResultsPage } from '../../contract/search.ts';
import { asId } from '../../core/identifier.ts';
import { openVectorStore } from '../../core/ingest/vector-store.ts';
import type { Hit } from '../../core/retrieve/query.ts';
import { search } from '../../core/retrieve/search.ts';
import { needs } from './authentication.ts';
import type { Routes } from './context.ts';
import { operation } from './operation.ts';
import { rankingOf } from './search-options.ts';
import { jsonBody } from './validation.ts';

export const searches = new Hono<Routes>().post(
  '/:vector_store_id/search',
  needs('read'),
  operation({
    summary: 'Search a vector store: passages, best first',
    description:
      'Dense and full-text search, fused and reranked. `hybrid_search` weighs the two sides: {1, 0} is dense ' +
      'only, {0, 1} full text only; `ranker: "none"` leaves the fused order. A file may come several times.',
    tag: 'vector stores',
    request: searchRequest,
    answers: { 200: { schema: SearchResultsPage, example: exampleSearch } },
  }),
  jsonBody(SearchRequest),
  async (c) => {
    const { services, scope, meter } = c.var;
    const asked = c.req.valid('json');
    const store = await openVectorStore(services, scope.tenantId, asId(c.req.param('vector_store_id')));
    const { searches, hits } = await search(services, meter.work, {
      queries: typeof asked.query === 'string' ? [asked.query] : asked.query,
      rewrite: asked.rewrite_query,
      vectorStoreIds: [store.id],
      filter: asked.filters ?? null,
      limit: asked.max_num_results,
      ...rankingOf(asked.ranking_options),
    });
    return c.json<SearchResultsPage>({
      object: 'vector_store.search_results.page',
      search_query: [...searches],
      data: hits.map(serializeHit),
      has_more: false,
      next_page: null,
    });
  },
);

const serializeHit = ({ passage, score }: Hit): SearchResult => ({
  file_id: passage.fileId,
  filename: passage.filename,
  score,
  attributes: { ...passage.attributes },
  content: [
    {
      type: 'text',
      text: passage.text,
      ...(passage.page === null ? {} : { page: passage.page }),
      ...(passage.pageEnd === null ? {} : { page_end: passage.pageEnd }),
      start: passage.start,
      end: passage.end,
    },
  ],
});
