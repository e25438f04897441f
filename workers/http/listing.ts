import type { ListQuery } from '../../contract/listing.ts';
import type { Listing } from '../../core/ingest/listing.ts';

export const listingOf = ({ limit, order, after, before }: ListQuery): Listing => ({
  limit,
  order,
  after: after ?? null,
  before: before ?? null,
});

/** OpenAI's list object. */
export const serializeList = <Item extends { readonly id: string }>(data: Item[], hasMore: boolean) => ({
  object: 'list' as const,
  data,
  first_id: data[0]?.id ?? null,
  last_id: data.at(-1)?.id ?? null,
  has_more: hasMore,
});
