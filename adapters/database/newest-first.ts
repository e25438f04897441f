import { asc, desc, type SQL, sql } from 'drizzle-orm';
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core';
import { invalid } from '../../core/failure.ts';

/** A list under `/api`: newest first, the id breaks ties, a cursor is both of the last row shown. */
export interface NewestFirst {
  readonly createdAt: SQLiteColumn;
  readonly id: SQLiteColumn;
}

export const newestFirst = ({ createdAt, id }: NewestFirst): SQL[] => [desc(createdAt), desc(id)];

export const cursorOf = ({ createdAt, id }: { readonly createdAt: number; readonly id: string }): string =>
  `${createdAt}.${id}`;

export const oldestFirst = ({ createdAt, id }: NewestFirst): SQL[] => [asc(createdAt), asc(id)];

/** The rows behind a cursor, all without one. Throws `invalid_request` on what no page has given out. */
export function olderThan({ createdAt, id }: NewestFirst, after: string | null): SQL | undefined {
  if (after === null) return undefined;
  const { time, last } = parseCursor(after);
  return sql`(${createdAt}, ${id}) < (${time}, ${last})`;
}

/** The same in a list that begins with the oldest. */
export function newerThan({ createdAt, id }: NewestFirst, after: string | null): SQL | undefined {
  if (after === null) return undefined;
  const { time, last } = parseCursor(after);
  return sql`(${createdAt}, ${id}) > (${time}, ${last})`;
}

function parseCursor(after: string): { readonly time: number; readonly last: string } {
  const [, time, last] = /^(\d{1,15})\.([\w-]+)$/.exec(after) ?? [];
  if (time === undefined || last === undefined) throw unknownPage();
  return { time: Number(time), last };
}

export const unknownPage = () => invalid('after', "Invalid 'after': expected the 'next' of the page before.");
