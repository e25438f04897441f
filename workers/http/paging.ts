import type { ListQuery } from '../../contract/listing.ts';
import type { Paging } from '../../contract/paging.ts';
import type { OrderedPageRange, Page, PageRange } from '../../core/page.ts';

export const rangeOf = ({ limit, after }: Paging): PageRange => ({ limit, after: after ?? null });

export const orderedRangeOf = ({ limit, order, after, before }: ListQuery): OrderedPageRange => ({
  limit,
  order,
  after: after ?? null,
  before: before ?? null,
});

/** A page of a list under `/api`. */
export const serializePage = <Item, Serialized>(page: Page<Item>, serialize: (item: Item) => Serialized) => ({
  data: page.data.map(serialize),
  has_more: page.next !== null,
  next: page.next,
});

/** OpenAI's list object, as every list under `/v1` is answered. */
export function serializeList<Item, Serialized extends { readonly id: string }>(
  page: Page<Item>,
  serialize: (item: Item) => Serialized,
) {
  const data = page.data.map(serialize);
  return {
    object: 'list' as const,
    data,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: page.next !== null,
  };
}

export const isoTime = (milliseconds: number): string => new Date(milliseconds).toISOString();
