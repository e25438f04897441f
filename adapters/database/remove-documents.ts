import { and, isNull, type SQL } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import { documents } from './document-tables.ts';

export const documentIds = {
  tenantId: documents.tenantId,
  vectorStoreId: documents.vectorStoreId,
  fileId: documents.fileId,
};

/**
 * Hides documents from everybody, makes them due for cleaning and answers which. To be run in one batch with what
 * takes their file or store away: between the two, a crash would leave them to be found for good.
 */
export const removeDocuments = (db: DrizzleD1Database, at: number, which: SQL | undefined) =>
  db
    .update(documents)
    .set({ removedAt: at, dueAt: at })
    .where(and(which, isNull(documents.removedAt)))
    .returning(documentIds);
