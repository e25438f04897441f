import { invalid } from './failure.ts';

/** A slice of a list in its own order: up to `limit` items behind the one that `after` names. */
export interface PageRange {
  /** 1…100. */
  readonly limit: number;
  readonly after: string | null;
}

/** As OpenAI pages: by time of creation, then id, in either order, behind one item or before another. */
export interface OrderedPageRange extends PageRange {
  readonly order: 'asc' | 'desc';
  readonly before: string | null;
}

export interface Page<Item> {
  readonly data: readonly Item[];
  /** The cursor that continues in the direction that was read; null at the end. */
  readonly next: string | null;
}

/** Makes a page of `limit` + 1 rows that were read: the extra one only tells that there is more. */
export function pageOf<Item>(
  rows: readonly Item[],
  limit: number,
  cursor: (item: Item) => string,
): Page<Item> {
  const data = rows.slice(0, limit);
  const last = data.at(-1);
  return { data, next: rows.length > limit && last !== undefined ? cursor(last) : null };
}

/** A cursor that names nothing in the list: refused, because an empty page would look like its end. */
export const unknownCursor = (param: 'after' | 'before', id: string) =>
  invalid(param, `'${param}' names nothing in this list: '${id}'.`);
