import { and, asc, desc, eq, gt, lt, or, type SQL, sql } from 'drizzle-orm';
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core';
import { type OrderedPageRange, type Page, pageOf, unknownCursor } from '../../core/page.ts';

/** The columns by which a list is ordered: the time, then the id that cursors name. */
export interface ListOrder {
  readonly createdAt: SQLiteColumn;
  readonly id: SQLiteColumn;
}

/**
 * One page of an ordered list. `items` reads with the condition, order and limit that it is given; `timeOf` looks
 * a cursor up, also one that was deleted a moment ago: a caller that deletes while paging asks for what comes after the
 * last one deleted. A page before a cursor is read backwards and turned round.
 */
export async function readOrderedPage<Item>(
  columns: ListOrder,
  range: OrderedPageRange,
  read: {
    readonly timeOf: (id: string) => Promise<number | undefined>;
    readonly items: (where: SQL | undefined, order: SQL[], limit: number) => Promise<readonly Item[]>;
    /** What a cursor names an item by. */
    readonly idOf: (item: Item) => string;
  },
): Promise<Page<Item>> {
  const backwards = range.before !== null && range.after === null;
  const ascending = (range.order === 'asc') !== backwards;
  const beyond = async (param: 'after' | 'before', id: string | null, up: boolean) => {
    if (id === null) return undefined;
    const time = await read.timeOf(id);
    if (time === undefined) throw unknownCursor(param, id);
    const past = up ? gt : lt;
    return or(past(columns.createdAt, time), and(eq(columns.createdAt, time), past(columns.id, id)));
  };
  const where = and(
    await beyond('after', range.after, range.order === 'asc'),
    await beyond('before', range.before, range.order !== 'asc'),
  );
  const direction = ascending ? asc : desc;
  const order = [direction(columns.createdAt), direction(columns.id)];
  const page = pageOf(await read.items(where, order, range.limit + 1), range.limit, read.idOf);
  return backwards ? { ...page, data: page.data.toReversed() } : page;
}

/** A list of ids as one bound parameter: D1 takes at most 100. */
export const isOneOf = (column: SQLiteColumn, ids: readonly string[]): SQL =>
  sql`${column} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`;
