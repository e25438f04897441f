import { DAY } from '../core/clock.ts';
import type { FileId, TenantId, VectorStoreId } from '../core/identifier.ts';
import type { DocumentIds } from '../core/ingest/document.ts';
import type { BacklogRepository } from '../core/ingest/sweep.ts';

/** Milliseconds until something put on the queue is due again, doubled with every attempt that led nowhere. */
const AGAIN_MS = 30_000;
const MOST_DOUBLINGS = 6;
/** When a store expires, as the index has it (`migrations/main/0009_expiring_stores.sql`). */
const EXPIRY = `last_active_at + expires_after_days * ${DAY}`;
/** An upload is given an hour (`core/ingest/sweep.ts`), a deletion only the moment that its documents need. */
const UPLOAD_MS = 60 * 60_000;
const DELETION_MS = 2_000;

export function d1Backlog(database: D1Database): BacklogRepository {
  return {
    async takeDue(now, limit) {
      const { results } = await database
        .prepare(
          `UPDATE documents SET due_at = ?1 + ${AGAIN_MS} * (1 << min(attempts, ${MOST_DOUBLINGS}))
           WHERE id IN (SELECT id FROM documents WHERE due_at <= ?1 AND lease_until <= ?1 ORDER BY due_at LIMIT ?2)
           RETURNING tenant_id AS tenantId, vector_store_id AS vectorStoreId, file_id AS fileId`,
        )
        .bind(now, limit)
        .all<DocumentIds>();
      return results;
    },
    async files(now, abandoned, limit) {
      const { results } = await database
        .prepare(
          `SELECT id, tenant_id AS tenantId, hidden_at IS NOT NULL AS hidden FROM files
           WHERE (hidden_at <= CASE sha256 WHEN '' THEN ?2 ELSE ?1 END
               AND NOT EXISTS (SELECT 1 FROM documents WHERE documents.file_id = files.id))
             OR (hidden_at IS NULL AND expires_at <= ?1)
           LIMIT ?3`,
        )
        .bind(now, abandoned, limit)
        .all<{ id: FileId; tenantId: TenantId; hidden: number }>();
      return results.map((row) => ({ ...row, hidden: row.hidden === 1 }));
    },
    async expireStores(now, limit) {
      const over = `SELECT id FROM vector_stores
        WHERE expires_after_days IS NOT NULL AND expired_at IS NULL AND removed_at IS NULL AND ${EXPIRY} <= ?1
        ORDER BY ${EXPIRY} LIMIT ?2`;
      const statements = [
        `UPDATE documents SET removed_at = ?1, due_at = ?1 WHERE removed_at IS NULL AND vector_store_id IN (${over})`,
        `UPDATE vector_stores SET expired_at = ?1 WHERE id IN (${over}) RETURNING id, tenant_id AS tenantId`,
      ];
      const [, expired] = await database.batch<{ id: VectorStoreId; tenantId: TenantId }>(
        statements.map((sql) => database.prepare(sql).bind(now, limit)),
      );
      return expired?.results ?? [];
    },
    async stores(limit) {
      const { results } = await database
        .prepare(
          `SELECT id, tenant_id AS tenantId FROM vector_stores
           WHERE removed_at IS NOT NULL
             AND NOT EXISTS (SELECT 1 FROM documents WHERE documents.vector_store_id = vector_stores.id)
           LIMIT ?`,
        )
        .bind(limit)
        .all<{ id: VectorStoreId; tenantId: TenantId }>();
      return results;
    },
    async forget(noun, id) {
      const statements =
        noun === 'file'
          ? ['DELETE FROM files WHERE id = ? AND hidden_at IS NOT NULL']
          : [
              'DELETE FROM file_batches WHERE vector_store_id = ?',
              'DELETE FROM vector_stores WHERE id = ? AND removed_at IS NOT NULL',
            ];
      await database.batch(statements.map((sql) => database.prepare(sql).bind(id)));
    },
    async nextAt() {
      const row = await database
        .prepare(
          `SELECT min(at) AS at FROM (
             SELECT min(due_at) AS at FROM documents WHERE due_at IS NOT NULL
             UNION ALL SELECT min(hidden_at + CASE sha256 WHEN '' THEN ${UPLOAD_MS} ELSE ${DELETION_MS} END)
               FROM files WHERE hidden_at IS NOT NULL
             UNION ALL SELECT min(expires_at) FROM files WHERE expires_at IS NOT NULL AND hidden_at IS NULL
             UNION ALL SELECT min(${EXPIRY}) FROM vector_stores
               WHERE expires_after_days IS NOT NULL AND expired_at IS NULL AND removed_at IS NULL
             UNION ALL SELECT min(removed_at + ${DELETION_MS}) FROM vector_stores WHERE removed_at IS NOT NULL)`,
        )
        .first<{ at: number | null }>();
      return row?.at ?? null;
    },
  };
}
