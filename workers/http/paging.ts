import type { Paging } from '../../contract/paging.ts';
import type { Page, PageRange } from '../../core/page.ts';

export const rangeOf = ({ limit, after }: Paging): PageRange => ({ limit, after: after ?? null });

export const serializePage = <Item, Serialized>(page: Page<Item>, serialize: (item: Item) => Serialized) => ({
  data: page.data.map(serialize),
  has_more: page.next !== null,
  next: page.next,
});

export const isoTime = (milliseconds: number): string => new Date(milliseconds).toISOString();
