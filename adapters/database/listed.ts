import { and, asc, desc, eq, gt, lt, or, type SQL, sql } from 'drizzle-orm';
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core';
import type { Listing, Page } from '../../core/ingest/listing.ts';
import { unknownCursor } from '../../core/ingest/listing.ts';

/** The columns by which a list is ordered: the time, then the id that cursors name. */
export interface ListOrder {
  readonly createdAt: SQLiteColumn;
  readonly id: SQLiteColumn;
}

/**
 * One page of an ordered list. `rows` reads with the condition, order and limit that it is given; `timeOf` looks
 * a cursor up, also one that was deleted a moment ago: a caller that deletes while paging asks for what comes after the
 * last one deleted. A page before a cursor is read backwards and turned round.
 */
export async function listed<Row>(
  columns: ListOrder,
  listing: Listing,
  timeOf: (id: string) => Promise<number | undefined>,
  rows: (where: SQL | undefined, order: SQL[], limit: number) => Promise<Row[]>,
): Promise<Page<Row>> {
  const backwards = listing.before !== null && listing.after === null;
  const ascending = (listing.order === 'asc') !== backwards;
  const beyond = async (param: 'after' | 'before', id: string | null, up: boolean) => {
    if (id === null) return undefined;
    const time = await timeOf(id);
    if (time === undefined) throw unknownCursor(param, id);
    const past = up ? gt : lt;
    return or(past(columns.createdAt, time), and(eq(columns.createdAt, time), past(columns.id, id)));
  };
  const where = and(
    await beyond('after', listing.after, listing.order === 'asc'),
    await beyond('before', listing.before, listing.order !== 'asc'),
  );
  const direction = ascending ? asc : desc;
  const found = await rows(where, [direction(columns.createdAt), direction(columns.id)], listing.limit + 1);
  const data = found.slice(0, listing.limit);
  return { data: backwards ? data.reverse() : data, hasMore: found.length > listing.limit };
}

/** A list of ids as one bound parameter: D1 takes at most 100. */
export const isOneOf = (column: SQLiteColumn, ids: readonly string[]): SQL =>
  sql`${column} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`;
