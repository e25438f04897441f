import type { AgingRepository } from '../core/retention.ts';

/**
 * Rows beyond their time, of all tenants. The tenants are walked one by one, so that each list's own index
 * (tenant, time) finds them, and no row pays for an index by time alone. CROSS JOIN is SQLite's way to say that the
 * tenants come first: the planner would rather read every row.
 */
const old = (table: string) =>
  `FROM tenants CROSS JOIN ${table} AS old ON old.tenant_id = tenants.id AND old.created_at < ?1`;

const OLD_SPANS = `DELETE FROM spans WHERE trace_id IN (
  SELECT trace_id FROM spans WHERE parent_id IS NULL AND started_at < ?1 ORDER BY started_at LIMIT ?2)`;

const OLD_REQUESTS = `SELECT old.trace_id AS id FROM tenants
  CROSS JOIN requests AS old ON old.tenant_id = tenants.id AND old.started_at < ?1 LIMIT ?2`;

const OLD_RESULTS = `DELETE FROM evaluation_results WHERE (run_id, case_id) IN (
  SELECT r.run_id, r.case_id ${old('evaluation_runs')} JOIN evaluation_results AS r ON r.run_id = old.id LIMIT ?2)`;

const OLD_RUNS = `DELETE FROM evaluation_runs WHERE id IN (SELECT old.id ${old('evaluation_runs')}
  WHERE NOT EXISTS (SELECT 1 FROM evaluation_results AS r WHERE r.run_id = old.id) LIMIT ?2)`;

const oldOf = (table: 'responses' | 'feedback') =>
  `DELETE FROM ${table} WHERE id IN (SELECT old.id ${old(table)} LIMIT ?2)`;

export function d1AgingRecords(database: D1Database): AgingRepository {
  const removed = async (before: number, limit: number, ...statements: readonly string[]) => {
    const results = await database.batch(statements.map((sql) => database.prepare(sql).bind(before, limit)));
    return Math.max(...results.map(({ meta }) => meta.changes));
  };

  /** What they have cost stays with their keys, in the same transaction. */
  async function removeRequests(before: number, limit: number): Promise<number> {
    const { results } = await database.prepare(OLD_REQUESTS).bind(before, limit).all<{ id: string }>();
    if (results.length === 0) return 0;
    const ids = JSON.stringify(results.map(({ id }) => id));
    const chosen = 'trace_id IN (SELECT value FROM json_each(?1))';
    await database.batch([
      database
        .prepare(
          `INSERT INTO spent_before (key_id, tenant_id, cost)
           SELECT key_id, tenant_id, sum(cost) FROM requests WHERE ${chosen} GROUP BY key_id, tenant_id
           ON CONFLICT (key_id) DO UPDATE SET cost = cost + excluded.cost`,
        )
        .bind(ids),
      database.prepare(`DELETE FROM requests WHERE ${chosen}`).bind(ids),
    ]);
    return results.length;
  }

  return {
    remove(kind, before, limit) {
      switch (kind) {
        case 'spans':
          return removed(before, limit, OLD_SPANS);
        case 'requests':
          return removeRequests(before, limit);
        case 'evaluations':
          return removed(before, limit, OLD_RESULTS, OLD_RUNS);
        case 'responses':
        case 'feedback':
          return removed(before, limit, oldOf(kind));
      }
    },
  };
}
