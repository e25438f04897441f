import { and, eq, isNull, type SQL, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import { asId, type TenantId } from '../core/identifier.ts';
import type { DocumentCounts } from '../core/ingest/document.ts';
import type { CountedStore, VectorStore, VectorStoreRepository } from '../core/ingest/vector-store.ts';
import { documents, fileBatches, vectorStores } from './database/document-tables.ts';
import { readOrderedPage } from './database/ordered-page.ts';
import { documentIds, removeDocuments } from './database/remove-documents.ts';

/** Counts of documents by status as one JSON object, so that a list of stores is one statement. */
const countsWhere = (condition: SQL) => sql<string>`(
  SELECT json_group_object(status, json_array(number, bytes)) FROM (
    SELECT ${documents.status} AS status, count(*) AS number, sum(${documents.usageBytes}) AS bytes
    FROM ${documents} WHERE ${condition} AND ${documents.removedAt} IS NULL GROUP BY ${documents.status}
  ))`;

export function d1VectorStores(database: D1Database): VectorStoreRepository {
  const db = drizzle(database);
  const present = (tenantId: TenantId) =>
    and(eq(vectorStores.tenantId, tenantId), isNull(vectorStores.removedAt));
  const counted = countsWhere(sql`${documents.vectorStoreId} = ${vectorStores.id}`);
  return {
    async create(store) {
      await db.insert(vectorStores).values(store);
    },
    async find(tenantId, id) {
      const [row] = await db
        .select()
        .from(vectorStores)
        .where(and(present(tenantId), eq(vectorStores.id, id)));
      return row === undefined ? null : toStore(row);
    },
    async count(tenantId, id) {
      const [row] = await db
        .select({ store: vectorStores, counted })
        .from(vectorStores)
        .where(and(present(tenantId), eq(vectorStores.id, id)));
      return row === undefined ? null : toCounted(row);
    },
    async list(tenantId, range) {
      return readOrderedPage(vectorStores, range, {
        timeOf: async (id) => {
          const [row] = await db
            .select({ at: vectorStores.createdAt })
            .from(vectorStores)
            .where(and(eq(vectorStores.tenantId, tenantId), eq(vectorStores.id, asId(id))));
          return row?.at;
        },
        items: async (where, order, limit) => {
          const rows = await db
            .select({ store: vectorStores, counted })
            .from(vectorStores)
            .where(and(present(tenantId), where))
            .orderBy(...order)
            .limit(limit);
          return rows.map(toCounted);
        },
        idOf: (item) => item.id,
      });
    },
    async change(tenantId, id, changes) {
      await db
        .update(vectorStores)
        .set(changes)
        .where(and(present(tenantId), eq(vectorStores.id, id), isNull(vectorStores.expiredAt)));
    },
    async remove(tenantId, id, at) {
      const [stores, removed] = await db.batch([
        db
          .update(vectorStores)
          .set({ removedAt: at })
          .where(and(present(tenantId), eq(vectorStores.id, id)))
          .returning({ id: vectorStores.id }),
        removeDocuments(db, at, and(eq(documents.tenantId, tenantId), eq(documents.vectorStoreId, id))),
      ]);
      return stores.length === 0 ? null : removed;
    },
    async createBatch(batch) {
      await db.insert(fileBatches).values(batch);
    },
    async findBatch(tenantId, vectorStoreId, id) {
      const [row] = await db
        .select({ batch: fileBatches, counted: countsWhere(sql`${documents.batchId} = ${fileBatches.id}`) })
        .from(fileBatches)
        .where(
          and(
            eq(fileBatches.tenantId, tenantId),
            eq(fileBatches.vectorStoreId, vectorStoreId),
            eq(fileBatches.id, id),
          ),
        );
      return row === undefined ? null : { ...row.batch, counts: readCounts(row.counted).counts };
    },
    async cancelBatch(tenantId, id, at) {
      const [, cancelled] = await db.batch([
        db
          .update(fileBatches)
          .set({ cancelledAt: at })
          .where(and(eq(fileBatches.tenantId, tenantId), eq(fileBatches.id, id))),
        db
          .update(documents)
          .set({ status: 'cancelled', dueAt: at })
          .where(
            and(
              eq(documents.tenantId, tenantId),
              isNull(documents.removedAt),
              eq(documents.batchId, id),
              eq(documents.status, 'in_progress'),
            ),
          )
          .returning(documentIds),
      ]);
      return cancelled;
    },
  };
}

const toStore = ({ removedAt: _removedAt, ...store }: typeof vectorStores.$inferSelect): VectorStore => store;

const toCounted = (row: { store: typeof vectorStores.$inferSelect; counted: string }): CountedStore => ({
  ...toStore(row.store),
  ...readCounts(row.counted),
});

function readCounts(json: string): { readonly counts: DocumentCounts; readonly usageBytes: number } {
  const byStatus = JSON.parse(json) as Partial<Record<keyof DocumentCounts, [number, number]>>;
  const of = (status: keyof DocumentCounts) => byStatus[status]?.[0] ?? 0;
  const all = Object.values(byStatus);
  return {
    counts: {
      in_progress: of('in_progress'),
      completed: of('completed'),
      failed: of('failed'),
      cancelled: of('cancelled'),
      total: all.reduce((sum, [number]) => sum + number, 0),
    },
    usageBytes: all.reduce((sum, [, bytes]) => sum + bytes, 0),
  };
}
