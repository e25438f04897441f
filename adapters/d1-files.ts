import { and, eq, isNull } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import { asId, type TenantId } from '../core/identifier.ts';
import type { FileRepository, StoredFile } from '../core/ingest/file.ts';
import { documents, files } from './database/document-tables.ts';
import { isOneOf, readOrderedPage } from './database/ordered-page.ts';
import { removeDocuments } from './database/remove-documents.ts';

export function d1Files(database: D1Database): FileRepository {
  const db = drizzle(database);
  const visible = (tenantId: TenantId) => and(eq(files.tenantId, tenantId), isNull(files.hiddenAt));
  return {
    async open(file) {
      await db.insert(files).values({ ...file, hiddenAt: file.createdAt });
    },
    async show(file) {
      await db
        .update(files)
        .set({ ...file, hiddenAt: null })
        .where(and(eq(files.tenantId, file.tenantId), eq(files.id, file.id)));
    },
    async find(tenantId, ids) {
      const rows = await db
        .select()
        .from(files)
        .where(and(visible(tenantId), isOneOf(files.id, ids)));
      return rows.map(toFile);
    },
    async list(tenantId, { purpose }, range) {
      const wanted = and(
        visible(tenantId),
        purpose === null ? undefined : eq(files.purpose, purpose as StoredFile['purpose']),
      );
      return readOrderedPage(files, range, {
        timeOf: async (id) => {
          const [row] = await db
            .select({ at: files.createdAt })
            .from(files)
            .where(and(eq(files.tenantId, tenantId), eq(files.id, asId(id))));
          return row?.at;
        },
        items: async (where, order, limit) => {
          const rows = await db
            .select()
            .from(files)
            .where(and(wanted, where))
            .orderBy(...order)
            .limit(limit);
          return rows.map(toFile);
        },
        idOf: (item) => item.id,
      });
    },
    async hide(tenantId, id, at) {
      const [hidden, removed] = await db.batch([
        db
          .update(files)
          .set({ hiddenAt: at })
          .where(and(visible(tenantId), eq(files.id, asId(id))))
          .returning({ id: files.id }),
        removeDocuments(db, at, and(eq(documents.tenantId, tenantId), eq(documents.fileId, id))),
      ]);
      return hidden.length === 0 ? null : removed;
    },
  };
}

const toFile = ({ hiddenAt: _hiddenAt, ...file }: typeof files.$inferSelect): StoredFile => file;
