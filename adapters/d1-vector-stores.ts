import { and, eq, isNull, type SQL, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import type { DocumentCounts } from '../core/ingest/document.ts';
import type { BatchRegister, CountedStore, VectorStoreRegister } from '../core/ingest/vector-store.ts';
import { documents, fileBatches, vectorStores } from './database/document-tables.ts';
import { listed } from './database/listed.ts';

/** Counts of documents by status as one JSON object, so that a list of stores is one statement. */
const countsWhere = (condition: SQL) => sql<string>`(
  SELECT json_group_object(status, json_array(number, bytes)) FROM (
    SELECT ${documents.status} AS status, count(*) AS number, sum(${documents.usageBytes}) AS bytes
    FROM ${documents} WHERE ${condition} AND ${documents.removedAt} IS NULL GROUP BY ${documents.status}
  ))`;

export function d1VectorStores(database: D1Database): VectorStoreRegister {
  const db = drizzle(database);
  const present = (tenantId: string) =>
    and(eq(vectorStores.tenantId, tenantId), isNull(vectorStores.removedAt));
  const counted = countsWhere(sql`${documents.vectorStoreId} = ${vectorStores.id}`);
  return {
    async create(store) {
      await db.insert(vectorStores).values(store);
    },
    async find(tenantId, id) {
      const [row] = await db
        .select({ store: vectorStores, counted })
        .from(vectorStores)
        .where(and(present(tenantId), eq(vectorStores.id, id)));
      return row === undefined ? null : toStore(row);
    },
    async list(tenantId, listing) {
      const page = await listed(
        vectorStores,
        listing,
        async (id) => {
          const [row] = await db
            .select({ at: vectorStores.createdAt })
            .from(vectorStores)
            .where(and(present(tenantId), eq(vectorStores.id, id)));
          return row?.at;
        },
        (where, order, limit) =>
          db
            .select({ store: vectorStores, counted })
            .from(vectorStores)
            .where(and(present(tenantId), where))
            .orderBy(...order)
            .limit(limit),
      );
      return { ...page, data: page.data.map(toStore) };
    },
    async change({ tenantId, id, name, description, metadata, expiresAfterDays, lastActiveAt }) {
      await db
        .update(vectorStores)
        .set({ name, description, metadata, expiresAfterDays, lastActiveAt })
        .where(and(present(tenantId), eq(vectorStores.id, id)));
    },
    async remove(tenantId, id, at) {
      const removed = await db
        .update(vectorStores)
        .set({ removedAt: at })
        .where(and(present(tenantId), eq(vectorStores.id, id)))
        .returning({ id: vectorStores.id });
      return removed.length > 0;
    },
  };
}

export function d1Batches(database: D1Database): BatchRegister {
  const db = drizzle(database);
  return {
    async create(batch) {
      await db.insert(fileBatches).values(batch);
    },
    async find(tenantId, vectorStoreId, id) {
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
    async cancel(tenantId, id, at) {
      await db
        .update(fileBatches)
        .set({ cancelledAt: at })
        .where(and(eq(fileBatches.tenantId, tenantId), eq(fileBatches.id, id)));
    },
  };
}

function toStore(row: { store: typeof vectorStores.$inferSelect; counted: string }): CountedStore {
  const { removedAt: _removedAt, ...store } = row.store;
  return { ...store, ...readCounts(row.counted) };
}

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
