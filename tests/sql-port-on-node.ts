import type { DatabaseSync } from 'node:sqlite';
import type { SqlPort } from '../adapters/sqlite-journal.ts';

/** A Durable Object's storage over `node:sqlite`, without its alarm. `watch` sees each statement before it runs. */
export const sqlPortOnNode = (
  database: DatabaseSync,
  watch: (query: string) => void = () => undefined,
): SqlPort => ({
  exec(query, ...bindings) {
    watch(query);
    return database.prepare(query).all(...bindings);
  },
  transaction(work) {
    database.exec('BEGIN');
    try {
      const result = work();
      database.exec('COMMIT');
      return result;
    } catch (error) {
      database.exec('ROLLBACK');
      throw error;
    }
  },
  wake: () => undefined,
});
