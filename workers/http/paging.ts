import { z } from 'zod';
import type { Page, PageRange } from '../../core/page.ts';

/** The paging of every list under `/api`: `?limit=20&after=…`, where `after` is the `next` of the page before. */
export const paging = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  after: z.string().min(1).max(200).optional(),
});

export const rangeOf = ({ limit, after }: z.infer<typeof paging>): PageRange => ({
  limit,
  after: after ?? null,
});

export const shownPage = <Item, Shown>(page: Page<Item>, show: (item: Item) => Shown) => ({
  data: page.data.map(show),
  has_more: page.next !== null,
  next: page.next,
});
