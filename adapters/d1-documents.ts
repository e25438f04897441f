import { and, desc, eq, isNull, type SQL, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import { asId, type DocumentId, type TenantId } from '../core/identifier.ts';
import type {
  DocumentChanges,
  DocumentPlace,
  DocumentRepository,
  NewDocument,
  StoredDocument,
} from '../core/ingest/document.ts';
import { GRACE_MS } from '../core/ingest/lease.ts';
import { documents, files } from './database/document-tables.ts';
import { isOneOf, readOrderedPage } from './database/ordered-page.ts';
import { removeDocuments } from './database/remove-documents.ts';

type Database = ReturnType<typeof drizzle>;

/** A document's row and what it needs of its file. */
const select = (db: Database) =>
  db
    .select({ document: documents, file: files })
    .from(documents)
    .innerJoin(files, eq(files.id, documents.fileId));

const present = (tenantId: TenantId) => and(eq(documents.tenantId, tenantId), isNull(documents.removedAt));

const isDocument = (tenantId: TenantId, { vectorStoreId, fileId }: DocumentPlace) =>
  and(
    eq(documents.tenantId, tenantId),
    eq(documents.vectorStoreId, vectorStoreId),
    eq(documents.fileId, fileId),
  );

export function d1Documents(database: D1Database): DocumentRepository {
  const db = drizzle(database);
  const held = (tenantId: TenantId, id: DocumentId, token: string): SQL | undefined =>
    and(eq(documents.tenantId, tenantId), eq(documents.id, id), eq(documents.lease, token));
  return {
    async attach(tenantId, added) {
      const attachment = (rows: string) => [
        database
          .prepare(
            `UPDATE documents SET removed_at = unixepoch() * 1000, due_at = unixepoch() * 1000
             WHERE removed_at IS NULL AND tenant_id = ? AND (vector_store_id, file_id) IN
               (SELECT value ->> 'vectorStoreId', value ->> 'fileId' FROM json_each(?))`,
          )
          .bind(tenantId, rows),
        // The joins refuse what was deleted since the request looked; a file that comes twice is one document.
        database
          .prepare(
            `INSERT INTO documents (id, tenant_id, key_id, vector_store_id, file_id, batch_id, status, stage,
               attributes, chunking, ocr, created_at, due_at)
             SELECT new.value ->> 'id', files.tenant_id, new.value ->> 'keyId', vector_stores.id, files.id,
               new.value ->> 'batchId', 'in_progress', 'queued', new.value -> 'attributes',
               new.value -> 'chunking', new.value ->> 'ocr', new.value ->> 'createdAt', (new.value ->> 'createdAt') + ?
             FROM json_each(?) AS new
             JOIN files ON files.id = new.value ->> 'fileId'
               AND files.tenant_id = ? AND files.hidden_at IS NULL
             JOIN vector_stores ON vector_stores.id = new.value ->> 'vectorStoreId'
               AND vector_stores.tenant_id = files.tenant_id AND vector_stores.removed_at IS NULL
               AND vector_stores.expired_at IS NULL
             WHERE true
             ON CONFLICT DO NOTHING`,
          )
          .bind(GRACE_MS, rows, tenantId),
      ];
      await database.batch(inParts(added).flatMap(attachment));
    },
    async find(tenantId, vectorStoreId, fileIds) {
      const rows = await select(db).where(
        and(
          present(tenantId),
          eq(documents.vectorStoreId, vectorStoreId),
          isOneOf(documents.fileId, fileIds),
        ),
      );
      return rows.map(toDocument);
    },
    async list(tenantId, { vectorStoreId, batchId, status }, range) {
      const wanted = and(
        present(tenantId),
        eq(documents.vectorStoreId, vectorStoreId),
        batchId === null ? undefined : eq(documents.batchId, batchId),
        status === null ? undefined : eq(documents.status, status),
      );
      return readOrderedPage({ createdAt: documents.createdAt, id: documents.fileId }, range, {
        timeOf: async (id) => {
          const [row] = await db
            .select({ at: documents.createdAt })
            .from(documents)
            .where(isDocument(tenantId, { vectorStoreId, fileId: asId(id) }))
            .orderBy(sql`${documents.removedAt} IS NOT NULL`, desc(documents.createdAt))
            .limit(1);
          return row?.at;
        },
        items: async (where, order, limit) => {
          const rows = await select(db)
            .where(and(wanted, where))
            .orderBy(...order)
            .limit(limit);
          return rows.map(toDocument);
        },
        idOf: (item) => item.fileId,
      });
    },
    async describe(tenantId, place, attributes) {
      const described = await db
        .update(documents)
        .set({ attributes })
        .where(and(isDocument(tenantId, place), isNull(documents.removedAt)))
        .returning({ id: documents.id });
      return described.length > 0;
    },
    async remove(tenantId, place, at) {
      return (await removeDocuments(db, at, isDocument(tenantId, place))).length > 0;
    },
    async claim(tenantId, place, lease, now) {
      const claimed = await db
        .update(documents)
        .set({
          lease: lease.token,
          leaseUntil: lease.until,
          dueAt: lease.until + 1,
          attempts: sql`${documents.attempts} + 1`,
        })
        .where(
          and(
            isDocument(tenantId, place),
            sql`${documents.leaseUntil} <= ${now}`,
            sql`${documents.dueAt} IS NOT NULL`,
          ),
        )
        .returning({ id: documents.id });
      if (claimed.length === 0) return [];
      const rows = await select(db).where(and(isDocument(tenantId, place), eq(documents.lease, lease.token)));
      return rows.map(toDocument);
    },
    async update(tenantId, document, lease, changes, dueAt) {
      const written = await db
        .update(documents)
        .set({ ...columnsOf(changes), leaseUntil: lease.until, dueAt })
        .where(
          and(
            held(tenantId, document.id, lease.token),
            sql`(${documents.removedAt} IS NOT NULL) = ${document.removed ? 1 : 0}`,
            sql`(${documents.status} = 'cancelled') = ${document.status === 'cancelled' ? 1 : 0}`,
          ),
        )
        .returning({ id: documents.id });
      return written.length > 0;
    },
    async release(tenantId, id, { token }) {
      await db
        .update(documents)
        .set({ leaseUntil: 0 })
        .where(held(tenantId, id, token));
    },
    async forget(tenantId, id) {
      await db
        .delete(documents)
        .where(
          and(
            eq(documents.tenantId, tenantId),
            eq(documents.id, id),
            sql`${documents.removedAt} IS NOT NULL`,
          ),
        );
    },
  };
}

/** One bound value may have 2 MB of UTF-8, of which a unit of JSON takes at most 3 bytes. */
const MAX_UNITS_A_STATEMENT = 600_000;

/** Documents as JSON arrays that can each be bound; two thousand with all the attributes they may have are 20 MB. */
function inParts(added: readonly NewDocument[]): readonly string[] {
  const parts: string[][] = [];
  let units = Number.POSITIVE_INFINITY;
  for (const row of added.map((document) => JSON.stringify(document))) {
    units += row.length;
    if (units > MAX_UNITS_A_STATEMENT) {
      parts.push([]);
      units = row.length;
    }
    parts.at(-1)?.push(row);
  }
  return parts.map((rows) => `[${rows.join(',')}]`);
}

function columnsOf({ error, ...changes }: DocumentChanges) {
  if (error === undefined) return changes;
  return {
    ...changes,
    errorCode: error?.code ?? null,
    errorReason: error?.reason ?? null,
    errorMessage: error?.message ?? null,
  };
}

function toDocument(row: {
  document: typeof documents.$inferSelect;
  file: typeof files.$inferSelect;
}): StoredDocument {
  const {
    errorCode,
    errorReason,
    errorMessage,
    removedAt,
    lease: _l,
    leaseUntil: _u,
    dueAt: _d,
    ...document
  } = row.document;
  return {
    ...document,
    filename: row.file.filename,
    contentType: row.file.contentType,
    sourceBytes: row.file.bytes,
    sha256: row.file.sha256,
    error:
      errorCode === null
        ? null
        : { code: errorCode, reason: errorReason, message: errorMessage ?? 'Unknown.' },
    removed: removedAt !== null,
  };
}
