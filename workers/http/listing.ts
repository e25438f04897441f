import { z } from 'zod';
import type { Listing } from '../../core/ingest/listing.ts';

/** OpenAI's query of a list. */
export const listQuery = {
  limit: z.coerce.number().int().min(1).max(100).default(20),
  order: z.enum(['asc', 'desc']).default('desc'),
  after: z.string().min(1).optional(),
  before: z.string().min(1).optional(),
};

export const listingOf = (query: {
  readonly limit: number;
  readonly order: 'asc' | 'desc';
  readonly after?: string | undefined;
  readonly before?: string | undefined;
}): Listing => ({
  limit: query.limit,
  order: query.order,
  after: query.after ?? null,
  before: query.before ?? null,
});

/** OpenAI's list object. */
export function listObject<Item extends { readonly id: string }>(data: readonly Item[], hasMore: boolean) {
  return {
    object: 'list',
    data,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: hasMore,
  };
}
