import { desc, type SQL, sql } from 'drizzle-orm';
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

/** The rows behind a cursor, all without one. Throws `invalid_request` on what no page has given out. */
export function olderThan({ createdAt, id }: NewestFirst, after: string | null): SQL | undefined {
  if (after === null) return undefined;
  const [, time, last] = /^(\d{1,15})\.(\w+)$/.exec(after) ?? [];
  if (time === undefined || last === undefined) throw unknownPage();
  return sql`(${createdAt}, ${id}) < (${Number(time)}, ${last})`;
}

export const unknownPage = () => invalid('after', "Invalid 'after': expected the 'next' of the page before.");
