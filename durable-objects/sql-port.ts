import type { SqlPort } from '../adapters/sqlite-journal.ts';

/** A Durable Object's storage and alarm, as the adapters over SQLite see them. */
export const sqlPort = (storage: DurableObjectStorage): SqlPort => ({
  // Read at once: a cursor whose rows wait to be read keeps the transaction from being committed.
  exec: (query, ...bindings) => storage.sql.exec(query, ...bindings).toArray(),
  transaction: (work) => storage.transactionSync(work),
  // Not awaited: the write joins the open transaction, and the output gate waits for both.
  wake: (at) => void (at === null ? storage.deleteAlarm() : storage.setAlarm(at)),
});
