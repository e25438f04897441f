import { z } from 'zod';
import { optional, withDefault } from './field.ts';
import { Filter, MaxResults, RankingOptions } from './search-options.ts';
import { Attributes } from './vector-stores.ts';

const Query = z
  .string()
  .max(10_000)
  .refine((text) => text.trim() !== '', 'expected text that is not blank');

export const SearchRequest = z.strictObject({
  query: z.union([Query, z.array(Query).min(1).max(8)]).describe('A text or up to 8 texts.'),
  filters: optional(Filter),
  max_num_results: withDefault(MaxResults, 10),
  ranking_options: optional(RankingOptions),
  rewrite_query: withDefault(z.boolean(), false),
});
export type SearchRequest = z.infer<typeof SearchRequest>;

export const SearchResult = z.object({
  file_id: z.string(),
  filename: z.string(),
  score: z.number(),
  attributes: Attributes,
  content: z.array(
    z.object({
      type: z.literal('text'),
      text: z.string(),
      page: z.int().optional(),
      page_end: z.int().optional(),
      start: z.int(),
      end: z.int(),
    }),
  ),
});
export type SearchResult = z.infer<typeof SearchResult>;

export const SearchResultsPage = z.object({
  object: z.literal('vector_store.search_results.page'),
  search_query: z.array(z.string()),
  data: z.array(SearchResult).describe('Passages, best first; a file may come several times.'),
  has_more: z.boolean(),
  next_page: z.string().nullable(),
});
export type SearchResultsPage = z.infer<typeof SearchResultsPage>;
