import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { openVectorStore } from '../../core/ingest/vector-store.ts';
import type { Hit } from '../../core/retrieve/query.ts';
import { search } from '../../core/retrieve/search.ts';
import { needs } from './authentication.ts';
import type { Routes } from './context.ts';
import { filters, maxResults, rankingOf, rankingOptions } from './search-options.ts';
import { jsonBody } from './validation.ts';

const query = z
  .string()
  .max(10_000)
  .refine((text) => text.trim() !== '', 'expected text that is not blank');

const body = z.strictObject({
  query: z.union([query, z.array(query).min(1).max(8)], 'expected a string or a list of up to 8 strings'),
  filters: filters.nullish(),
  max_num_results: maxResults.default(10),
  ranking_options: rankingOptions.optional(),
  rewrite_query: z.boolean().default(false),
});

export const searches = new Hono<Routes>().post(
  '/:vector_store_id/search',
  needs('read'),
  describeRoute({
    summary: 'Search a vector store: passages, best first',
    description:
      'Dense and full-text search, fused and reranked. `hybrid_search` weighs the two sides: {1, 0} is dense ' +
      'only, {0, 1} full text only; `ranker: "none"` leaves the fused order. A file may come several times.',
    tags: ['vector stores'],
  }),
  jsonBody(body),
  async (c) => {
    const { services, scope, trace } = c.var;
    const asked = c.req.valid('json');
    const store = await openVectorStore(services, scope, c.req.param('vector_store_id'));
    const { searches, hits } = await search(
      services,
      scope,
      {
        queries: typeof asked.query === 'string' ? [asked.query] : asked.query,
        rewrite: asked.rewrite_query,
        vectorStoreIds: [store.id],
        filter: asked.filters ?? null,
        limit: asked.max_num_results,
        ...rankingOf(asked.ranking_options),
      },
      trace.root,
    );
    return c.json({
      object: 'vector_store.search_results.page',
      search_query: searches,
      data: hits.map(shown),
      has_more: false,
      next_page: null,
    });
  },
);

const shown = ({ passage, score }: Hit) => ({
  file_id: passage.fileId,
  filename: passage.filename,
  score,
  attributes: passage.attributes,
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
