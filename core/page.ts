/** A slice of a list in its stable order: up to `limit` items behind the one that `after` names. */
export interface PageRange {
  /** 1…100. */
  readonly limit: number;
  readonly after: string | null;
}

export interface Page<Item> {
  readonly data: readonly Item[];
  /** What to send as `after` to go on; null at the end. */
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
