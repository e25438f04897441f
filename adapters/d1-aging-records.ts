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

const OLD_REQUESTS = `DELETE FROM requests WHERE trace_id IN (SELECT old.trace_id FROM tenants
  CROSS JOIN requests AS old ON old.tenant_id = tenants.id AND old.started_at < ?1 LIMIT ?2)`;

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

  return {
    remove(kind, before, limit) {
      switch (kind) {
        case 'spans':
          return removed(before, limit, OLD_SPANS);
        case 'requests':
          return removed(before, limit, OLD_REQUESTS);
        case 'evaluations':
          return removed(before, limit, OLD_RESULTS, OLD_RUNS);
        case 'responses':
        case 'feedback':
          return removed(before, limit, oldOf(kind));
      }
    },
  };
}
